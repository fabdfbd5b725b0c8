// A counter grows by so much within a sliding window; a drop is a restart from 0.
import { z } from 'zod';
import { sayDuration } from '#core/duration.ts';
import { readNumber, sayNumber } from '#core/field.ts';
import { defineKind } from '../kind.ts';
import { fieldName, msOf, numeric, span } from '../params.ts';

/** More samples than this in one window are thinned to one for each `1 / grain` of it. */
const mostSamples = 120;
const grain = 60;

const params = z.strictObject({
  field: fieldName.meta({ label: 'Field', hint: 'Which counter to look at', input: 'field' }),
  by: numeric
    .refine((value) => value > 0, { message: 'by how much? a number over 0' })
    .meta({
      label: 'Grows by',
      hint: 'Tell me when it grew by this much',
      input: 'number',
    }),
  within: span('1s').meta({ label: 'Within', hint: 'The time in which it grew', input: 'duration' }),
});

/** The counter's last value, what it had reached before its restarts, and samples of the sum, oldest first. */
type Grown = { last: number; before: number; seen: [number, number][] } | null;

/**
 * The growth is that from the oldest to the newest sample in the window, each at its own time; it is exact up to 120
 * samples in a window, and then told too small by at most what came within a sixtieth of it. A late sample cannot be
 * told from a restart and is left out.
 */
export const increase = defineKind<z.output<typeof params>, Grown>({
  name: 'increase',
  title: 'A counter grows fast',
  params,
  example: {
    params: { field: 'errors', by: 10, within: '10m' },
    events: [
      { at: 0, data: { errors: 100 } },
      { at: 60, data: { errors: 104 } },
      { at: 120, data: { errors: 3 } },
      { at: 180, data: { errors: 6 } },
      { at: 660, data: { errors: 6 } },
    ],
    met: [3],
  },
  describe: ({ field, by, within }) =>
    `${field} grows by ${sayNumber(by)} or more in ${sayDuration(msOf(within))}`,
  initial: () => null,
  step({ field, by, within }, state, event, now) {
    const width = msOf(within);
    const value = event ? readNumber(event, field) : undefined;
    const grown =
      value === undefined ? state : counted(state, Math.min(event!.time ?? now, now), value, width);
    const inside = (grown?.seen ?? []).filter(([at]) => at > now - width);
    const newest = inside.at(-1);
    const blind = event !== null && value === undefined;
    if (!grown || !newest) {
      const text = blind ? `no number in “${field}”` : 'no growth';
      return { state: null, reading: { is: blind ? 'unknown' : 'unmet', text } };
    }
    const [since, from] = inside[0]!;
    const growth = newest[1] - from;
    const met = growth >= by;
    // It is over when the newest sample that is so much lower leaves, and forgotten with the last.
    const leaves = met ? inside.findLast(([, sum]) => newest[1] - sum >= by)! : newest;
    return {
      state: { ...grown, seen: inside },
      reading: {
        is: met ? 'met' : blind ? 'unknown' : 'unmet',
        field,
        value: growth,
        limit: by,
        text: `grew by ${sayNumber(growth)} in ${sayDuration(newest[0] - since)}, limit ${sayNumber(by)} in ${sayDuration(width)}`,
      },
      dueAt: leaves[0] + width,
    };
  },
});

function counted(state: Grown, at: number, value: number, width: number): Grown {
  if (!state) return { last: value, before: 0, seen: [[at, value]] };
  const newest = state.seen.at(-1);
  if (newest && at < newest[0]) return state;
  const before = value < state.last ? state.before + state.last : state.before;
  const sum = before + value;
  // Where it stands still, its newest time says all.
  const others = newest?.[1] === sum ? state.seen.slice(0, -1) : state.seen;
  const seen: [number, number][] = [...others, [at, sum]];
  return { last: value, before, seen: seen.length > mostSamples ? thinned(seen, width / grain) : seen };
}

/** Of each part of the window the newest sample. */
function thinned(seen: [number, number][], part: number): [number, number][] {
  return seen.filter(
    ([at], i) => Math.floor(at / part) !== Math.floor((seen[i + 1]?.[0] ?? Number.POSITIVE_INFINITY) / part),
  );
}
