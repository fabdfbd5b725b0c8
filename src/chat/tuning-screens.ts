// The screen that makes a rule quieter: each change with what it would have told beside what is told now.
import { printDuration } from '#core/duration.ts';
import type { Rule } from '#core/rule.ts';
import { bestLimit, longerWait, onlyInWorkHours, quieterLimits } from '#core/tuning.ts';
import type { BackTest } from '#operations/back-test-book.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as say from './locales/tuning.ts';
import type { Choice, Screen } from './screen.ts';

/** All the counting together takes at most so long: the talk goes on. */
const patienceMs = 4_000;

/** The name of the param that is the limit; undefined: the kind has none. */
export function limitName(ctx: ChatContext, rule: Rule): string | undefined {
  const field = ctx.deps.book.fields(rule.kind).find(({ input, required }) => input === 'number' && required);
  return field && typeof rule.params[field.name] === 'number' ? field.name : undefined;
}

/** What may be done, the numbers beside it; `dismissed`: how often it was put aside, when it is offered for that. */
export async function tuneScreen(ctx: ChatContext, rule: Rule, dismissed?: number): Promise<Screen> {
  const signal = AbortSignal.timeout(patienceMs);
  const name = limitName(ctx, rule);
  const limit = name === undefined ? undefined : Number(rule.params[name]);
  const limits = limit === undefined ? [] : quieterLimits(limit, rule.params);
  const now = await test(ctx, rule, {}, signal, limits);
  const press = (label: string, what: string): Choice => ({
    label,
    action: 'tune',
    payload: `${rule.id} ${what}`,
  });
  const rows: Choice[][] = [];
  const best = now && bestLimit(now.told, now.variants);
  if (now && best) rows.push([press(say.limitLabel(best.limit, best.told, now.told), `limit ${best.limit}`)]);
  if (!rule.bands) {
    const hours = await test(ctx, rule, { bands: onlyInWorkHours }, signal);
    rows.push([press(say.hoursLabel(hours?.told, now?.told), 'hours on')]);
  }
  const wait = longerWait(rule.forMs);
  if (wait !== undefined) {
    const longer = await test(ctx, rule, { for: printDuration(wait) }, signal);
    rows.push([press(say.forLabel(wait, longer?.told, now?.told), `for ${wait}`)]);
  }
  rows.push([press(say.gather, 'gather on')], [press(say.pause, 'pause'), press(say.leave, 'leave')]);
  const told = now && { count: now.told, days: now.days };
  return { text: say.ask(rule.name, told, dismissed), rows };
}

async function test(
  ctx: ChatContext,
  rule: Rule,
  changes: object,
  signal: AbortSignal,
  limits: number[] = [],
): Promise<BackTest | undefined> {
  const document = { ...documentOf(rule), ...changes, shadow: undefined, paused: undefined };
  const input = {
    ownerId: rule.ownerId,
    rule: { document: JSON.parse(JSON.stringify(document)) as unknown },
    ...(limits.length > 0 ? { limits } : {}),
  };
  const done = await ctx.deps.backTests.run(whoOf(ctx).actor, input, { signal }, ctx.now);
  return done.ok ? done.result : undefined;
}
