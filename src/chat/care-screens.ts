// Screens about being away and about following alerts up.
import { nextAt } from '#core/hours.ts';
import { type Person, peopleHere, settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { calledApart } from './called.ts';
import { type ChatContext, whoOf } from './context.ts';
import * as say from './locales/care.ts';
import { catchUp } from './locales/catch-up.ts';
import * as labels from './locales/labels.ts';
import type { Choice, Screen } from './screen.ts';

const day = 86_400_000;

/** Whether somebody is away, and the usual spans as buttons; `since`: they are back from that, and may catch up. */
export async function awayScreen(ctx: ChatContext, since?: number): Promise<Screen> {
  const { person } = whoOf(ctx);
  const { world } = ctx.deps;
  const { away, zone, morning } = await settingsOf(world.database.db, person.id, world.defaultZone);
  const others = await colleagues(ctx);
  const delegate = calledApart(others).get(away?.delegate ?? '');
  const tomorrow = nextAt(morning, zone, ctx.now + 3_600_000);
  const choice = (label: string, until: number): Choice => ({ label, action: 'away', payload: `${until}` });
  const rows: Choice[][] = [
    [choice(say.tomorrow, tomorrow), choice(say.someDays(3), tomorrow + 2 * day)],
    [choice(say.aWeek, tomorrow + 6 * day), choice(say.someDays(14), tomorrow + 13 * day)],
  ];
  if (away && away.until > ctx.now) rows.unshift([{ label: say.back, action: 'away', payload: 'back' }]);
  // Until a moment ago they were away.
  if (since !== undefined) rows.unshift([{ label: catchUp, action: 'catchup', payload: `${since} 0 0` }]);
  return { text: say.awayAsk(say.awayLine(away, delegate, zone, ctx.now)), rows };
}

/** Since when they have been away, when they are. */
export function awaySince({ away }: Person, now: number): number | undefined {
  return away && away.since <= now ? away.since : undefined;
}

/** Who is told instead, until then; `from`: beginning later than now; `among`: one of these. */
export async function delegateScreen(
  ctx: ChatContext,
  until: number,
  from?: number,
  among?: readonly Person[],
): Promise<Screen> {
  const others = await colleagues(ctx);
  const called = calledApart(others);
  const begins = from === undefined ? '' : ` ${from}`;
  const choice = (label: string, id: string): Choice[] => [
    { label, action: 'away', payload: `${until} ${id}${begins}` },
  ];
  return {
    text: say.whoInstead(say.awayWhen(from ?? ctx.now, until, ctx.settings.zone, ctx.now)),
    rows: [
      ...(among ?? others).slice(0, 8).map(({ id }) => choice(called.get(id)!, id)),
      choice(say.nobody, 'nobody'),
    ],
  };
}

/** The others who may be told in somebody's place. */
export async function colleagues(ctx: ChatContext) {
  const here = await peopleHere(ctx.deps.world.database.db);
  return here.filter(({ id }) => id !== whoOf(ctx).person.id);
}

/** What happens to alerts that nobody takes care of, with the usual answers as buttons. */
export async function careScreen(ctx: ChatContext): Promise<Screen> {
  const { world } = ctx.deps;
  const { db } = world.database;
  const { care } = await settingsOf(db, ctx.ownerId, world.defaultZone);
  const people = await peopleHere(db);
  const own = await receiversOf(db, [ctx.ownerId]);
  const called = calledApart(people);
  const nameOf = (id: string) => called.get(id) ?? own.find((one) => one.id === id)?.label ?? 'somebody gone';
  const press = (label: string, payload: string): Choice => ({ label, action: 'care', payload });
  const minute = 60_000;
  const reminders = [15 * minute, 60 * minute, 0].filter((ms) => ms !== (care?.remind?.everyMs ?? 0));
  const holds = [60 * minute, 240 * minute, 0].filter((ms) => ms !== (care?.ackExpiresMs ?? 0));
  return {
    text: say.careScreen(care, nameOf),
    rows: [
      reminders.map((ms) => press(say.remindLabel(ms), `remind ${ms}`)),
      holds.map((ms) => press(say.ackLabel(ms), `ack ${ms}`)),
      [press(say.nextLabel, 'next'), ...(care?.escalate ? [press(say.nextNobody, 'next nobody')] : [])],
      [{ label: labels.back, action: 'settings' }],
    ],
  };
}
