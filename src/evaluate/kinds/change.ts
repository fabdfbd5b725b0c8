// A value changes: from something to something (lasts until it leaves), or at all (a moment).
import { z } from 'zod';
import { comparedLength, cut } from '#core/cut.ts';
import { asText, readField } from '#core/field.ts';
import { defineKind } from '../kind.ts';
import { fieldName, valueList } from '../params.ts';

const params = z.strictObject({
  field: fieldName.meta({ label: 'Field', hint: 'Which value to follow', input: 'field' }),
  from: valueList
    .optional()
    .meta({ label: 'From', hint: 'Only when it was this before; empty: whatever it was', input: 'list' }),
  to: valueList
    .optional()
    .meta({ label: 'To', hint: 'Only when it becomes this; empty: any change', input: 'list' }),
});

/** The last value seen, and whether the rule's own change brought it there. */
type Seen = { last: string; arrived: boolean } | null;

export const change = defineKind<z.output<typeof params>, Seen>({
  name: 'change',
  title: 'A value changes',
  primes: true,
  params,
  example: {
    params: { field: 'state', from: 'Cluster Ready', to: 'Not Block Reward Ready' },
    events: [
      { at: 0, data: { state: 'Not Block Reward Ready' } },
      { at: 60, data: { state: 'Cluster Ready' } },
      { at: 120, data: { state: 'Not Block Reward Ready' } },
      { at: 180, data: { state: 'Not Block Reward Ready' } },
      { at: 240, data: { state: 'Hired' } },
    ],
    met: [2, 3],
  },
  describe({ field, from, to }) {
    if (from && to) return `${field} from ${list(from)} to ${list(to)}`;
    if (to) return `${field} becomes ${list(to)}`;
    if (from) return `${field} leaves ${list(from)}`;
    return `any change of ${field}`;
  },
  initial: () => null,
  step({ field, from, to }, state, event) {
    const raw = event === null ? undefined : asText(readField(event, field));
    if (raw === undefined) return { state, reading: { is: 'unknown', text: `no “${field}”` } };
    const value = cut(raw, comparedLength);
    // At first sight nobody knows what it was before: it is remembered, and nothing is told.
    if (state === null)
      return {
        state: { last: value, arrived: false },
        reading: { is: 'unknown', value, text: `${value}, seen for the first time` },
      };
    const moved = value !== state.last;
    const text = moved ? `${state.last} → ${value}` : value;
    const wanted = moved && (from === undefined || from.includes(state.last));
    if (to === undefined) {
      const reading = wanted
        ? { is: 'met' as const, momentary: true, value, text }
        : { is: 'unmet' as const, value, text };
      return { state: { last: value, arrived: false }, reading };
    }
    const there = to.includes(value);
    const arrived = there && (state.arrived || wanted);
    // There, but not by the change that was asked for: neither begun nor over.
    const is = arrived ? 'met' : there ? 'unknown' : 'unmet';
    return { state: { last: value, arrived }, reading: { is, value, text } };
  },
});

function list(values: string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
