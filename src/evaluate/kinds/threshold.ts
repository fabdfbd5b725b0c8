// A number passes a limit: met while it is beyond, over when it is back behind the clear limit. Late numbers are history.
import { z } from 'zod';
import { readNumber, sayNumber } from '#core/field.ts';
import { reaches, remember, type Sample, sayRoughly, sayTrend, trendOf } from '#core/trend.ts';
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
    critical: numeric.optional().meta({
      label: 'Critical at',
      hint: 'Tell me again, louder, when it passes this too',
      input: 'number',
    }),
  })
  .superRefine(({ op, limit, clear, critical }, context) => {
    const above = op === '>' || op === '>=';
    const refuse = (path: string, message: string) =>
      context.addIssue({
        code: 'custom',
        path: [path],
        message: `with ${op} ${sayNumber(limit)}, ${message}`,
      });
    if (clear !== undefined && (above ? clear > limit : clear < limit))
      refuse('clear', `it can only be over at ${sayNumber(limit)} or ${above ? 'less' : 'more'}`);
    // At the limit itself: always critical.
    if (critical !== undefined && (above ? critical < limit : critical > limit))
      refuse('critical', `it can only be critical at ${sayNumber(limit)} or ${above ? 'more' : 'less'}`);
  });

const words: Record<Operator, string> = { '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' };

/** Remembers what the number was while it is beyond; one that never was leaves no trace. */
type Beyond = { seen?: Sample[] } | null;

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
  describe({ field, op, limit, clear, critical }) {
    const until = clear === undefined || clear === limit ? '' : ` (until ${sayNumber(clear)})`;
    const worse = critical === undefined ? '' : `, critical ${words[op]} ${sayNumber(critical)}`;
    return `${field} ${words[op]} ${sayNumber(limit)}${until}${worse}`;
  },
  wakes: ({ field, op, limit }) => ({ field, op, limit }),
  initial: () => null,
  step({ field, op, limit, clear, critical }, state, event, now) {
    if (event === null) return { state, reading: { is: 'unknown', text: 'no new value' } };
    const value = readNumber(event, field);
    if (value === undefined) return { state, reading: { is: 'unknown', text: `no number in “${field}”` } };
    const met = beyond(op, value, state === null ? limit : (clear ?? limit));
    // The alert remembers how bad it was: back between the limits, it is no less.
    const worse = critical !== undefined && beyond(op, value, critical);
    const bar = worse ? critical : limit;
    const text = `${sayNumber(value)}, ${worse ? 'critical limit' : 'limit'} ${sayNumber(bar)}`;
    if (!met) return { state: null, reading: { is: 'unmet', field, value, limit, text } };
    const seen = remember(state?.seen ?? [], Math.min(event.time ?? now, now), value);
    const trend = heading(seen, op, worse ? undefined : critical, clear ?? limit);
    return {
      state: { seen },
      ...(worse ? { raise: 'critical' } : {}),
      reading: { is: 'met', field, value, limit: bar, text, ...(trend === undefined ? {} : { trend }) },
    };
  },
});

/** Where it goes from here, when that is clear: to what is critical, or back. */
function heading(
  seen: Sample[],
  op: Operator,
  critical: number | undefined,
  over: number,
): string | undefined {
  const trend = trendOf(seen);
  if (!trend) return undefined;
  const said = sayTrend(trend, sayNumber);
  const worsens = trend.perMs > 0 === op.startsWith('>');
  const goal = worsens ? critical : over;
  const ms = goal === undefined ? undefined : reaches(trend, goal);
  if (goal === undefined || !ms) return said;
  return `${said}, ${worsens ? 'reaches' : 'back at'} ${sayNumber(goal)} in about ${sayRoughly(ms)}`;
}

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
