// Mutes a rule or a topic at times that were pressed or typed, and says when that will be.
import { silenceAlerts } from '#operations/silence-alerts.ts';
import { findRule } from '#store/rules.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as sayMuting from './locales/muting.ts';
import * as sayRules from './locales/rules.ts';
import type { Times } from './planned-mute.ts';
import type { Screen } from './screen.ts';

/** What `rule <id>` or `topic <pattern>` is called. */
export async function mutedName(ctx: ChatContext, target: string): Promise<string> {
  const [is, what = ''] = target.split(' ');
  if (is !== 'rule') return what === '**' ? sayMuting.everything : what;
  return (await findRule(ctx.deps.world.database.db, what))?.name ?? sayRules.ruleGone();
}

/** The next screen, or why it was refused. */
export async function muteThen(ctx: ChatContext, target: string, times: Times): Promise<Screen | string> {
  const [is, what = ''] = target.split(' ');
  const whose = is === 'rule' ? { ruleId: what } : { ownerId: ctx.ownerId, topic: what };
  const done = await silenceAlerts(ctx.deps.world, whoOf(ctx).actor, { ...whose, ...times }, ctx.now);
  if (!done.ok) return done.text;
  // One without an end was not asked to last longer.
  const was = done.was === 'longer' ? 'longer' : done.was && 'so';
  return {
    text: sayMuting.willBeMuted(await mutedName(ctx, target), done.silence, was, ctx.zone, ctx.now),
    rows: [[{ label: sayMuting.lift(1), action: 'lift', payload: done.silence.id }]],
  };
}
