// Offers to make a rule quieter, once, to whoever has just put it aside for the fifth time.
import { sayError } from '#core/say-error.ts';
import { enough, hastyMs, lookBack, pauseMs } from '#core/tuning.ts';
import { may } from '#operations/may.ts';
import type { ButtonRow } from '#store/buttons.ts';
import { gathered, latest } from '#store/gathered.ts';
import { findRule, ruleOfAlert } from '#store/rules.ts';
import { takeTurn, timesDismissed } from '#store/tunings.ts';
import { type ChatContext, type ChatDeps, whoOf } from './context.ts';
import { tuneScreen } from './tuning-screens.ts';

const dismissing = new Set([
  'snooze',
  'resolve',
  'mute',
  'acknowledge',
  'acknowledge-here',
  'acknowledge-line',
]);

type Asked = ({ ruleId: string } | { alertId: string }) & { now: number };
const lines = new WeakMap<ChatDeps, (asked: Asked) => Promise<number>>();

/** How often each was put aside: one question for all who press at the same moment. */
function counting(deps: ChatDeps): (asked: Asked) => Promise<number> {
  const count = (asked: Asked[]) => {
    const since = latest(asked) - lookBack;
    return timesDismissed(deps.world.database.db, asked, { since, hastyMs });
  };
  const line = lines.get(deps) ?? gathered(count);
  lines.set(deps, line);
  return line;
}

/** After a press: nothing unless it was one too many. A failure here must not undo what was pressed. */
export async function offerQuieter(ctx: ChatContext, row: ButtonRow): Promise<void> {
  if (!dismissing.has(row.action) || !ctx.who) return;
  const { world } = ctx.deps;
  const { db } = world.database;
  try {
    const ruleId = /^rule (\S+) \d+$/.exec(row.payload ?? '')?.[1];
    const of = row.alertId ? { alertId: row.alertId } : ruleId === undefined ? undefined : { ruleId };
    if (!of) return;
    // Asked first: it is almost always too few.
    const times = await counting(ctx.deps)({ ...of, now: ctx.now });
    if (times < enough) return;
    const rule = await ('alertId' in of ? ruleOfAlert(db, of.alertId) : findRule(db, of.ruleId));
    if (!rule || rule.paused || rule.ownerId !== ctx.ownerId) return;
    if (!may(whoOf(ctx).actor, 'rule', rule.ownerId)) return;
    if (!(await takeTurn(db, rule.id, ctx.now + pauseMs.offered, ctx.now))) return;
    await ctx.show(await tuneScreen(ctx, rule, times));
  } catch (error) {
    world.log.warn({ why: sayError(error) }, 'it could not be offered to make a rule quieter');
  }
}
