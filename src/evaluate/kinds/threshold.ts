// A number or a version passes a limit: met while it is beyond, over when it is back behind the clear limit. Late ones are history.
import { z } from 'zod';
import type { Event } from '#core/event.ts';
import { asText, readField, readNumber, sayNumber } from '#core/field.ts';
import { reaches, remember, type Sample, sayRoughly, sayTrend, trendOf } from '#core/trend.ts';
import { comparesVersions, compareVersions, isVersion, namesVersion } from '#core/version.ts';
import { defineKind } from '../kind.ts';
import { fieldName, numberOrVersion } from '../params.ts';

const operators = ['>', '>=', '<', '<='] as const;
type Operator = (typeof operators)[number];
type Bar = number | string;

const bars = ['limit', 'clear', 'critical'] as const;

const params = z
  .strictObject({
    field: fieldName.meta({ label: 'Field', hint: 'Which number to look at', input: 'field' }),
    op: z.enum(operators).meta({ label: 'Compared', hint: 'Above or below the limit', input: 'operator' }),
    limit: numberOrVersion.meta({
      label: 'Limit',
      hint: 'Tell me when the number passes this',
      input: 'number',
    }),
    clear: numberOrVersion
      .optional()
      .meta({ label: 'Over at', hint: 'It is over when the number is back at this', input: 'number' }),
    critical: numberOrVersion.optional().meta({
      label: 'Critical at',
      hint: 'Tell me again, louder, when it passes this too',
      input: 'number',
    }),
  })
  .overwrite((read) => ({ ...read, ...settled(read) }))
  .superRefine((read, context) => {
    const { field, op, limit, clear, critical } = read;
    const above = op === '>' || op === '>=';
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const isOfVersions = comparesVersions(field, String(limit));
    for (const name of bars) {
      const bar = read[name];
      if (bar === undefined || (typeof bar === 'string') === isOfVersions) continue;
      return refuse(
        name,
        isOfVersions
          ? `“${bar}” is no version; try one such as ${limit}`
          : `“${String(bar).slice(0, 40)}” is no number`,
      );
    }
    if (clear !== undefined && (above ? apart(clear, limit) > 0 : apart(clear, limit) < 0))
      refuse(
        'clear',
        `with ${op} ${sayBar(limit)}, it can only be over at ${sayBar(limit)} or ${above ? 'less' : 'more'}`,
      );
    // At the limit itself: always critical.
    if (critical !== undefined && (above ? apart(critical, limit) < 0 : apart(critical, limit) > 0))
      refuse(
        'critical',
        `with ${op} ${sayBar(limit)}, it can only be critical at ${sayBar(limit)} or ${above ? 'more' : 'less'}`,
      );
  });

// Which of both it is, the field's name or the limit says: all three are then kept as that.
function settled(read: {
  field: string;
  limit: Bar;
  clear?: Bar | undefined;
  critical?: Bar | undefined;
}): Partial<Record<(typeof bars)[number], Bar>> {
  const isOfVersions = comparesVersions(read.field, String(read.limit));
  const kept = bars.flatMap((name) => {
    const bar = read[name];
    if (bar === undefined) return [];
    if (isOfVersions) return [[name, isVersion(String(bar)) ? String(bar) : bar]];
    return [[name, Number.isFinite(Number(bar)) ? Number(bar) : bar]];
  });
  return Object.fromEntries(kept);
}

const plainField = /^\w[\w.-]{0,99}$/;

const words: Record<Operator, string> = { '>': 'over', '>=': 'at least', '<': 'under', '<=': 'at most' };

/** Remembers what the number was while it is beyond; one that never was leaves no trace. */
type Beyond = { seen?: Sample[] } | null;

export const threshold = defineKind<z.output<typeof params>, Beyond>({
  name: 'threshold',
  title: 'A number passes a limit',
  params,
  plain(given) {
    const { field, op, limit } = given;
    return (
      Object.keys(given).length === 3 &&
      Number.isFinite(limit) &&
      operators.includes(op as Operator) &&
      typeof field === 'string' &&
      plainField.test(field) &&
      !namesVersion(field)
    );
  },
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
    const until = clear === undefined || clear === limit ? '' : ` (until ${sayBar(clear)})`;
    const worse = critical === undefined ? '' : `, critical ${words[op]} ${sayBar(critical)}`;
    return `${field} ${words[op]} ${sayBar(limit)}${until}${worse}`;
  },
  wakes: ({ field, op, limit }) => (typeof limit === 'number' ? { field, op, limit } : undefined),
  initial: () => null,
  step({ field, op, limit, clear, critical }, state, event, now) {
    if (event === null) return { state, reading: { is: 'unknown', text: 'no new value' } };
    const ofVersions = typeof limit === 'string';
    const value = ofVersions ? readVersion(event, field) : readNumber(event, field);
    if (value === undefined) {
      const text = `no ${ofVersions ? 'version' : 'number'} in “${field}”`;
      return { state, reading: { is: 'unknown', text } };
    }
    const met = beyond(op, value, state === null ? limit : (clear ?? limit));
    // The alert remembers how bad it was: back between the limits, it is no less.
    const worse = critical !== undefined && beyond(op, value, critical);
    const bar = worse ? critical : limit;
    const text = `${sayBar(value)}, ${worse ? 'critical limit' : 'limit'} ${sayBar(bar)}`;
    if (!met) return { state: null, reading: { is: 'unmet', field, value, limit, text } };
    const at = Math.min(event.time ?? now, now);
    const seen = typeof value === 'number' ? remember(state?.seen ?? [], at, value) : undefined;
    const trend = seen && heading(seen, op, worse ? undefined : critical, clear ?? limit);
    return {
      state: seen ? { seen } : {},
      ...(worse ? { raise: 'critical' } : {}),
      reading: { is: 'met', field, value, limit: bar, text, ...(trend === undefined ? {} : { trend }) },
    };
  },
});

/** Where it goes from here, when that is clear: to what is critical, or back. */
function heading(seen: Sample[], op: Operator, critical: Bar | undefined, over: Bar): string | undefined {
  const trend = trendOf(seen);
  if (!trend) return undefined;
  const said = sayTrend(trend, sayNumber);
  const worsens = trend.perMs > 0 === op.startsWith('>');
  const goal = worsens ? critical : over;
  const ms = typeof goal === 'number' ? reaches(trend, goal) : undefined;
  if (typeof goal !== 'number' || !ms) return said;
  return `${said}, ${worsens ? 'reaches' : 'back at'} ${sayNumber(goal)} in about ${sayRoughly(ms)}`;
}

function readVersion(event: Event, field: string): string | undefined {
  const text = asText(readField(event, field))?.trim();
  return text !== undefined && isVersion(text) ? text : undefined;
}

/** Below 0 when `a` comes before `b`. */
function apart(a: Bar, b: Bar): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareVersions(String(a), String(b)) ?? Number.NaN;
}

function sayBar(bar: Bar): string {
  return typeof bar === 'number' ? sayNumber(bar) : bar;
}

function beyond(op: Operator, value: Bar, bar: Bar): boolean {
  const difference = apart(value, bar);
  switch (op) {
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
  }
}
