// More than so many events, or different values of a field, within a sliding window.
import { z } from 'zod';
import { comparedLength, cut } from '#core/cut.ts';
import { sayDuration } from '#core/duration.ts';
import { asText, readField } from '#core/field.ts';
import { defineKind } from '../kind.ts';
import { fieldName, msOf, span, wholeNumber } from '../params.ts';

const mostValues = 200;
/** So many are remembered for the sentence, also when fewer would do for the question. */
const shown = 20;

const params = z
  .strictObject({
    moreThan: wholeNumber(0, 1000).meta({
      label: 'More than',
      hint: 'Tell me when there are more than this many',
      input: 'number',
    }),
    within: span('1s').meta({
      label: 'Within',
      hint: 'The time in which they are counted',
      input: 'duration',
    }),
    distinct: fieldName.optional().meta({
      label: 'Different values of',
      hint: 'Count different values of this field; empty: count events',
      input: 'field',
    }),
  })
  .superRefine(({ moreThan, distinct }, context) => {
    if (distinct === undefined || moreThan <= mostValues) return;
    const message = `at most ${mostValues} different values can be counted`;
    context.addIssue({ code: 'custom', path: ['moreThan'], message });
  });

/**
 * What was counted, oldest first: its time, and its value (empty for events). Of each value only the newest time, and
 * of all only the newest `moreThan + 1` (at least twenty): those are enough, since older ones leave the window first.
 */
type Counted = { seen: [number, string][] } | null;

/**
 * An event counts at its own time, also when it comes late: it is in the window or it is not. One whose time is
 * still to come counts as now. Repeated events (same source and id) never arrive here.
 */
export const count = defineKind<z.output<typeof params>, Counted>({
  name: 'count',
  title: 'Too many within a time',
  params,
  takesLate: true,
  example: {
    params: { moreThan: 2, within: '1h', distinct: 'block' },
    events: [
      { at: 0, data: { block: 'gc_a' } },
      { at: 60, data: { block: 'gc_b' } },
      { at: 120, data: { block: 'gc_b' } },
      { at: 180, data: { block: 'gc_c' } },
      { at: 3660, data: { block: 'gc_c' } },
    ],
    met: [3],
  },
  describe({ moreThan, within, distinct }) {
    const what = distinct === undefined ? (moreThan === 1 ? 'event' : 'events') : `different ${distinct}`;
    return `more than ${moreThan} ${what} in ${sayDuration(msOf(within))}`;
  },
  initial: () => null,
  step({ moreThan, within, distinct }, state, event, now) {
    const width = msOf(within);
    let seen = (state?.seen ?? []).filter(([at]) => at > now - width);
    if (event) {
      const value =
        distinct === undefined ? '' : cut(asText(readField(event, distinct)) ?? '', comparedLength);
      const at = Math.min(event.time ?? now, now);
      if (at > now - width && (distinct === undefined || value !== ''))
        seen = added(seen, at, value, distinct !== undefined).slice(-Math.max(moreThan + 1, shown));
    }
    const met = seen.length > moreThan;
    // Over, or forgotten: when the window has lost one too many, or the last one.
    const leaves = met ? seen.at(-1 - moreThan) : seen.at(-1);
    const { length } = seen;
    const many = length >= Math.max(moreThan + 1, shown) ? `${length} or more` : String(length);
    const span = sayDuration(width);
    const text =
      distinct === undefined
        ? `${many} in ${span}, limit ${moreThan}`
        : `${many} different ${distinct}${names(seen)}; limit ${moreThan} in ${span}`;
    return {
      state: length > 0 ? { seen } : null,
      reading: { is: met ? 'met' : 'unmet', value: length, limit: moreThan, text },
      ...(leaves ? { dueAt: leaves[0] + width } : {}),
    };
  },
});

function added(seen: [number, string][], at: number, value: string, once: boolean): [number, string][] {
  const before = once ? seen.find((one) => one[1] === value) : undefined;
  if (before && before[0] >= at) return seen;
  const others = before ? seen.filter((one) => one !== before) : seen;
  const place = others.findLastIndex((one) => one[0] <= at) + 1;
  return others.toSpliced(place, 0, [at, value]);
}

function names(seen: [number, string][]): string {
  if (seen.length === 0) return '';
  const some = seen.slice(-10).map(([, value]) => cut(value, 60));
  return `: ${seen.length > some.length ? '…, ' : ''}${some.sort().join(', ')}`;
}
