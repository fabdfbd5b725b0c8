// A number and a bar that it must not cross: how far away it is, and when it would get there.
import { z } from 'zod';
import { readNumber, sayNumber } from '#core/field.ts';
import { reaches, remember, type Sample, sayRoughly, trendOf } from '#core/trend.ts';
import { defineKind } from '../kind.ts';
import { fieldName, msOf, numeric, span } from '../params.ts';

const sides = ['below', 'above'] as const;

const params = z.strictObject({
  field: fieldName.meta({ label: 'Field', hint: 'Which number to look at', input: 'field' }),
  bar: numeric.meta({ label: 'Bar', hint: 'The value that it must not pass', input: 'number' }),
  side: z
    .enum(sides)
    .meta({ label: 'Bad side', hint: 'Where it is bad: below the bar, or above', input: 'choice' }),
  margin: numeric
    .refine((value) => value >= 0, { message: 'a margin is not less than 0' })
    .optional()
    .meta({ label: 'Margin', hint: 'Tell me already when it is this close to the bar', input: 'number' }),
  ahead: span('1m').optional().meta({
    label: 'Ahead',
    hint: 'Tell me already when it would reach the bar within this time',
    input: 'duration',
  }),
});

/** What was remembered of it, and whether it was told of because of where it is heading. */
type Watched = { seen: Sample[]; heading?: true } | null;

/**
 * Met on the bad side of the bar, and already before it where a margin or a time ahead is given; then crossing the bar
 * is critical. The trend is a straight line through at most 48 samples of seven days; it is not said when the numbers
 * scatter (slope less than four times its uncertainty), when it moves away, or beyond ten times the time watched.
 * Late numbers are left out.
 */
export const ratio = defineKind<z.output<typeof params>, Watched>({
  name: 'ratio',
  title: 'A number nears a bar',
  params,
  example: {
    params: { field: 'score', bar: 0.6, side: 'below', margin: 0.05 },
    events: [
      { at: 0, data: { score: 0.9 } },
      { at: 3600, data: { score: 0.64 } },
      { at: 7200, data: { score: 0.58 } },
      { at: 10800, data: { score: 0.8 } },
    ],
    met: [1, 2],
  },
  describe({ field, bar, side, margin, ahead }) {
    const near = [
      ...(margin === undefined ? [] : [`closer than ${sayNumber(margin)} to it`]),
      ...(ahead === undefined ? [] : [`${sayRoughly(msOf(ahead))} away from it`]),
    ].join(' or ');
    return `${field} ${side} ${sayNumber(bar)}${near === '' ? '' : `, or ${near}`}`;
  },
  initial: () => null,
  step({ field, bar, side, margin, ahead }, state, event, now) {
    if (event === null) return { state, reading: { is: 'unknown', text: 'no new value' } };
    const value = readNumber(event, field);
    if (value === undefined) return { state, reading: { is: 'unknown', text: `no number in “${field}”` } };
    const at = Math.min(event.time ?? now, now);
    const newest = state?.seen.at(-1);
    if (newest && at < newest[0]) return { state, reading: { is: 'unknown', text: 'a late value' } };
    const seen = remember(state?.seen ?? [], at, value);
    const left = side === 'below' ? value - bar : bar - value;
    const crossed = left < 0;
    const trend = trendOf(seen);
    const ms = trend && reaches(trend, bar);
    // A trend wavers: what was told of it stays until it is clearly away.
    const patience = ahead === undefined ? 0 : msOf(ahead) * (state?.heading ? 2 : 1);
    const heading = !crossed && ms !== undefined && ahead !== undefined && ms <= patience;
    const near = margin !== undefined && left <= margin;
    const early = margin !== undefined || ahead !== undefined;
    const where =
      left === 0 ? 'at the bar' : `${sayNumber(Math.abs(left))} ${value > bar ? 'above' : 'below'} it`;
    const trending = ms ? { trend: `${crossed ? 'back at' : 'reaches'} it in about ${sayRoughly(ms)}` } : {};
    return {
      state: { seen, ...(heading ? { heading: true } : {}) },
      ...(crossed && early ? { raise: 'critical' } : {}),
      reading: {
        is: crossed || heading || near ? 'met' : 'unmet',
        field,
        value,
        limit: bar,
        text: `${sayNumber(value)}, bar ${sayNumber(bar)}: ${where}`,
        ...trending,
      },
    };
  },
});
