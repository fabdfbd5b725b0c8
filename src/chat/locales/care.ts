// Texts about being away and about alerts that nobody takes care of.
import type { Away } from '#core/away.ts';
import { isAway } from '#core/away.ts';
import type { Care } from '#core/care.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const awayLabel = 'Away';
export const back = 'I am back';
export const nobody = 'Nobody';
export const tomorrow = 'Until tomorrow';
export const aWeek = 'A week';
export const someDays = (days: number) => `${days} days`;
export const followUp = 'Follow-up';

export function awayLine(
  away: Away | null | undefined,
  delegate: string | undefined,
  zone: string,
  now: number,
): Html {
  if (!away || away.until <= now) return html`You are here: everything is told to you.`;
  const when = awayWhen(away.since, away.until, zone, now);
  const are = isAway(away, now) ? 'You are away' : 'You will be away';
  return delegate === undefined
    ? html`${are} ${when}. What is critical is told all the same, the rest when you are back.`
    : html`${are} ${when}. ${short(delegate, 60)} is told instead.`;
}
/** `until Tue 9:00`, `from Tue 9:00 until Tue 17:00` */
export const awayWhen = (from: number, until: number, zone: string, now: number) =>
  `${from > now ? `from ${sayInstant(from, zone, now)} ` : ''}until ${sayInstant(until, zone, now)}`;
export const awayAsk = (line: Html) =>
  lines(
    line,
    html`For how long? Or type it, such as ${code('/away 5d')}, ${code('/away until monday')} or ${code('/away 5d Ben')}.`,
  );
export const whoInstead = (when: string) => html`Not away yet: who is told instead of you ${when}?`;
export const awayEnds = () =>
  html`Away ends in the future, and within a year, such as ${code('/away 5d')} or ${code('/away until monday')}.`;
export const awayFault = (typed: string) =>
  lines(
    html`I don’t understand “${short(typed, 60)}”.`,
    html`Examples: ${code('/away 5d Ben')}, ${code('/away until monday')}, ${code('/away tomorrow 9-17')}.`,
  );
export const severalCalled = (name: string) => html`There are several here called “${short(name, 60)}”.`;
export const unknownPerson = (name: string) => html`I know nobody here called “${short(name, 60)}”.`;

export function careScreen(care: Care | null | undefined, nameOf: (id: string) => string): Html {
  const { remind, ackExpiresMs, escalate } = care ?? {};
  return lines(
    bold('When nobody takes care of an alert'),
    html`Reminder: ${remind ? `every ${sayDuration(remind.everyMs)}, at most ${remind.most} times` : 'none'}.`,
    html`An acknowledgement holds: ${ackExpiresMs === undefined ? 'until it is over' : sayDuration(ackExpiresMs)}.`,
    ...(escalate?.length
      ? escalate.map(
          ({ afterMs, to }) =>
            html`After ${sayDuration(afterMs)}: ${short(to.map(nameOf).join(', '), 100)} too.`,
        )
      : [html`Nobody else is told.`]),
  );
}
export const remindLabel = (ms: number) => (ms === 0 ? 'No reminder' : `Remind every ${sayDuration(ms)}`);
export const ackLabel = (ms: number) => (ms === 0 ? 'Acks hold' : `Acks hold ${sayDuration(ms)}`);
export const nextLabel = 'Tell somebody else…';
export const nextNobody = 'Tell nobody else';
export const whoNext = () => html`Who is told when nobody has acknowledged after 15 minutes?`;
