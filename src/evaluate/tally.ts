// What the steps of a replay come to: how often it would have been told, when, and the first and last of them.
import type { Step } from '#core/alert.ts';
import { nextAt } from '#core/hours.ts';
import type { Quiet } from '#core/quiet.ts';
import { compareSeverity } from '#core/severity.ts';
import { inSpans, windowSpans } from '#core/spans.ts';
import type { BackTest, WouldBe } from '#operations/back-test-book.ts';

/** By whose clock, and over which time. */
export interface TallyGround {
  zone: string;
  quiet: Quiet | null;
  from: number;
  to: number;
}

export type TallySums = Pick<
  BackTest,
  'told' | 'atNight' | 'heldByQuiet' | 'burning' | 'first' | 'leftOut' | 'last' | 'perDay'
>;

export interface Tally {
  take(step: Step): void;
  sums(): TallySums;
}

const [mostFirst, mostLast] = [20, 30];
const usualNight = { from: 21 * 60, to: 7 * 60 };

/** Counts alerts that fire within the time; what fired before counts only as burning. */
export function makeTally({ zone, quiet, from, to }: TallyGround): Tally {
  const nights = windowSpans(quiet?.window ?? usualNight, zone, from, to + 1);
  const days = dayStarts(zone, from, to);
  const counts = days.map(() => 0);
  const burning = new Map<string, WouldBe>();
  const first: WouldBe[] = [];
  const last: WouldBe[] = [];
  let [told, atNight, heldByQuiet] = [0, 0, 0];

  return {
    take({ alert, transition: { at, change } }) {
      if (change === 'fired' || change === 'told') {
        const one = wouldBe(alert, at, change === 'told');
        if (one.overAt === null) burning.set(alert.id, one);
        if (at < from || at > to) return;
        told++;
        counts[dayOf(days, at)]!++;
        if (inSpans(nights, at)) {
          atNight++;
          const breaks = quiet?.breakthrough && compareSeverity(alert.severity, quiet.breakthrough) >= 0;
          if (quiet && !breaks) heldByQuiet++;
        }
        insert(first, one, mostFirst, 1);
        insert(last, one, mostLast, -1);
      } else if (alert.status === 'resolved') {
        const one = burning.get(alert.id);
        if (!one) return;
        one.overAt = at;
        burning.delete(alert.id);
      }
    },
    sums() {
      const rest = last.filter((one) => !first.includes(one)).reverse();
      return {
        told,
        atNight,
        heldByQuiet,
        burning: burning.size,
        first: [...first],
        leftOut: told - first.length - rest.length,
        last: rest,
        perDay: days.map((at, i) => ({ at, told: counts[i]! })),
      };
    },
  };
}

function wouldBe(alert: Step['alert'], at: number, moment: boolean): WouldBe {
  const { since, severity, subject, topic, title, reading } = alert;
  return { at, since, overAt: moment ? at : null, severity, subject, topic, title, text: reading.text };
}

// Kept in order although keys do not come in order: the least (sign 1) or the greatest (sign -1) stay.
function insert(list: WouldBe[], one: WouldBe, most: number, sign: 1 | -1): void {
  const comesBefore = (other: WouldBe) => (sign === 1 ? one.at < other.at : one.at >= other.at);
  if (list.length >= most && !comesBefore(list.at(-1)!)) return;
  let place = list.length;
  while (place > 0 && comesBefore(list[place - 1]!)) place--;
  list.splice(place, 0, one);
  if (list.length > most) list.pop();
}

function dayStarts(zone: string, from: number, to: number): number[] {
  const starts = [from];
  for (let at = nextAt(0, zone, from); at <= to; at = nextAt(0, zone, at)) starts.push(at);
  return starts;
}

function dayOf(starts: number[], at: number): number {
  let day = starts.length - 1;
  while (day > 0 && starts[day]! > at) day--;
  return day;
}
