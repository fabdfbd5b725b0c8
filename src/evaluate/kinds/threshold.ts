// A number passes a limit: met while it is beyond, over when it is back behind the clear limit.
import { z } from 'zod';
import { readNumber, sayNumber } from '#core/field.ts';
import { defineKind } from '../kind.ts';
import { fieldName, numeric } from '../params.ts';

const operators = ['>', '>=', '<', '<='] as const;
type Operator = (typeof operators)[number];

const params = z
  .strictObject({
    field: fieldName.meta({ label: 'Field', hint: 'Which number to look at', input: 'field' }),
    op: z.enum(operators).meta({ label: 'Compared', hint: 'Above or below the limit', input: 'operator' }),
    limit: numeric.meta({ label: 'Limit', hint: 'Tell me when the number passes this', input: 'number' }),
    clear: numeric
      .optional()
      .meta({ label: 'Over at', hint: 'It is over when the number is back at this', input: 'number' }),
  })
  .superRefine(({ op, limit, clear }, context) => {
    if (clear === undefined) return;
    const above = op === '>' || op === '>=';
    if (above ? clear <= limit : clear >= limit) return;
    context.addIssue({
      code: 'custom',
      path: ['clear'],
      message: `with ${op} ${sayNumber(limit)}, it can only be over at ${sayNumber(limit)} or ${above ? 'less' : 'more'}`,
    });
  });

const words: Record<Operator, string> = { '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' };

/** Remembers only that the number is beyond; a number that never was leaves no trace. */
type Beyond = { beyond: true } | null;

export const threshold = defineKind<z.output<typeof params>, Beyond>({
  name: 'threshold',
  title: 'A number passes a limit',
  params,
  example: {
    params: { field: 'usage', op: '>', limit: 90, clear: 85 },
    events: [
      { at: 0, data: { usage: 89.9 } },
      { at: 60, data: { usage: 93.5 } },
      { at: 120, data: { usage: 87 } },
      { at: 180, data: { usage: 84 } },
    ],
    met: [1, 2],
  },
  describe({ field, op, limit, clear }) {
    const until = clear === undefined || clear === limit ? '' : ` (until ${sayNumber(clear)})`;
    return `${field} ${words[op]} ${sayNumber(limit)}${until}`;
  },
  wakes: ({ field, op, limit }) => ({ field, op, limit }),
  initial: () => null,
  step({ field, op, limit, clear }, state, event) {
    if (event === null) return { state, reading: { is: 'unknown', text: 'no new value' } };
    const value = readNumber(event, field);
    if (value === undefined) return { state, reading: { is: 'unknown', text: `no number in “${field}”` } };
    const met = beyond(op, value, state === null ? limit : (clear ?? limit));
    const text = `${sayNumber(value)}, limit ${sayNumber(limit)}`;
    return {
      state: met ? { beyond: true } : null,
      reading: { is: met ? 'met' : 'unmet', value, limit, text },
    };
  },
});

function beyond(op: Operator, value: number, bar: number): boolean {
  switch (op) {
    case '>':
      return value > bar;
    case '>=':
      return value >= bar;
    case '<':
      return value < bar;
    case '<=':
      return value <= bar;
  }
}
