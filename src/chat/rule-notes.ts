// What stands below a rule: why it may never tell anything, and what it would have told while on trial.
import type { Rule } from '#core/rule.ts';
import { ruleHints } from '#operations/rule-hints.ts';
import { trialOf } from '#store/trials.ts';
import type { ChatContext } from './context.ts';
import type { Html } from './html.ts';
import * as say from './locales/topics.ts';

const mostHints = 3;

/** Fields that no event ever had, with the nearest that one does. */
export async function hintLines(ctx: ChatContext, rule: Rule): Promise<Html[]> {
  const hints = await ruleHints(ctx.deps.world.database.db, ctx.deps.book, rule);
  return hints.slice(0, mostHints).map((hint) => say.ruleHint(rule.topic, hint));
}

/** Of these, only the lists that its owner does not keep: for who has heard the rest in other words. */
export async function listLines(ctx: ChatContext, rule: Rule): Promise<Html[]> {
  const hints = await ruleHints(ctx.deps.world.database.db, ctx.deps.book, rule);
  return hints.filter(({ is }) => is === 'no-list').map((hint) => say.ruleHint(rule.topic, hint));
}

/** Those, and the report of a trial. */
export async function ruleNotes(ctx: ChatContext, rule: Rule): Promise<Html[]> {
  const hints = await hintLines(ctx, rule);
  if (!rule.shadow) return hints;
  return [...hints, say.trial(await trialOf(ctx.deps.world.database.db, rule.id), ctx.zone, ctx.now)];
}
