// Muting that begins later or comes every week: what was typed, or pressed, becomes the times of a silence.
import { readComingHours } from '#core/coming-hours.ts';
import { readComingSpan } from '#core/coming-span.ts';
import { nextAt } from '#core/hours.ts';
import type { SilenceInput } from '#operations/silence-alerts.ts';
import { type ChatContext, whoOf } from './context.ts';

export type Times = Pick<SilenceInput, 'for' | 'startsAt' | 'weekly'>;

const hour = 3_600_000;

/** `2h from 22:00`, `tomorrow 10-12`, `until monday 8`, `monday-friday 9-17`; undefined for anything else. */
export function readLater(text: string, ctx: ChatContext): Times | 'which-year' | undefined {
  const span = readComingSpan(text, { zone: ctx.zone, morning: whoOf(ctx).person.morning }, ctx.now);
  if (span !== undefined) return span;
  const hours = readComingHours(text, ctx.zone, ctx.now);
  if (!hours) return undefined;
  const { when, ...times } = hours;
  return { ...times, weekly: { when, zone: ctx.zone } };
}

/** `Sat 2-4`, `every Sat 2-4`; whether they are hours is for the operation to say. */
export function readWeekly(text: string, zone: string): Times {
  return { weekly: { when: text.trim().replace(/^(every\s+)?(week\s+)?/i, ''), zone } };
}

/** What can be pressed: the label, and the times. */
export const later: [label: string, times: (zone: string, now: number) => Times][] = [
  ['Tonight 22–7', (zone, now) => ({ startsAt: nextAt(22 * 60, zone, now), for: 9 * hour })],
  ['All of tomorrow', (zone, now) => ({ startsAt: nextAt(0, zone, now), for: 24 * hour })],
];
export const weekly: [label: string, when: string][] = [
  ['Every night 22–7', '22:00-07:00'],
  ['Weekends', 'Sat-Sun'],
  ['Evenings and weekends', '18:00-09:00; Sat-Sun'],
];
