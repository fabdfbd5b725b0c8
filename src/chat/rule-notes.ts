// What stands below a rule: why it may never tell anything, what it would have told, and what it did on trial.
import type { Rule } from '#core/rule.ts';
import { sayError } from '#core/say-error.ts';
import { ruleHints } from '#operations/rule-hints.ts';
import { trialOf } from '#store/trials.ts';
import { type ChatContext, whoOf } from './context.ts';
import type { Html } from './html.ts';
import { backTestLine } from './locales/back-test.ts';
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

/** Usually at most so long, and of at most so many events: the answer that a rule is saved does not wait for more. */
const [patience, mostCounted] = [1000, 50_000];

/** What a rule just saved would have told, where events are kept and it is quickly counted. */
export async function wouldHaveTold(ctx: ChatContext, { id, ownerId }: Rule): Promise<Html | undefined> {
  const bounds = { signal: AbortSignal.timeout(ctx.deps.countMs ?? patience), most: mostCounted };
  const input = { ownerId, rule: { ruleId: id } };
  const done = await ctx.deps.backTests.run(whoOf(ctx).actor, input, bounds, ctx.now).catch((error) => {
    ctx.deps.world.log.warn({ why: sayError(error) }, 'what a rule would have told was not counted');
    return undefined;
  });
  return done?.ok && done.result.events > 0 ? backTestLine(done.result) : undefined;
}

/** Those, and the report of a trial. */
export async function ruleNotes(ctx: ChatContext, rule: Rule): Promise<Html[]> {
  const hints = await hintLines(ctx, rule);
  if (!rule.shadow) return hints;
  return [...hints, say.trial(await trialOf(ctx.deps.world.database.db, rule.id), ctx.zone, ctx.now)];
}
