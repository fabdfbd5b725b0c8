// What happens to an alert that nobody takes care of: reminders, an acknowledgement that runs out, the next to be told.
import { z } from 'zod';
import type { Alert } from './alert.ts';
import { durationSchema } from './rule.ts';

/** How an owner wants unattended alerts to be followed up. Absent parts: not at all. */
export interface Care {
  /** While nobody has acknowledged it. */
  remind?: { everyMs: number; most: number };
  /** An acknowledgement holds so long, then the alert is nobody's again. */
  ackExpiresMs?: number;
  /** Who is told, too, when nobody has acknowledged it after so long; soonest first. `to`: people or receivers. */
  escalate?: { afterMs: number; to: string[] }[];
}

/** What was done for one alert since it became unattended. */
export interface Cared {
  /** When it last became unattended (or was acknowledged). */
  since: number;
  reminded: number;
  escalated: number;
}

export type Deed = { is: 'remind' } | { is: 'expire' } | { is: 'escalate'; level: number };

/** What is to be done, and when. */
export interface Next {
  at: number;
  deed: Deed;
}

/** Care as people write it: `{remind: {every: "30m", most: 5}, ackExpires: "4h", escalate: [{after: "15m", to: [...]}]}`. */
export const careDocument = z
  .strictObject({
    remind: z
      .strictObject({
        every: atLeast(60_000, 'reminders are at least a minute apart'),
        most: z.number().int().min(1).max(50).default(5),
      })
      .optional(),
    ackExpires: atLeast(60_000, 'an acknowledgement holds at least a minute').optional(),
    escalate: z
      .array(
        z.strictObject({
          after: atLeast(60_000, 'the next are told after at least a minute'),
          to: z.array(z.string().max(100)).min(1).max(20),
        }),
      )
      .max(5)
      .optional(),
  })
  .transform(
    ({ remind, ackExpires, escalate }): Care => ({
      ...(remind ? { remind: { everyMs: remind.every, most: remind.most } } : {}),
      ...(ackExpires ? { ackExpiresMs: ackExpires } : {}),
      ...(escalate?.length
        ? {
            escalate: escalate
              .map(({ after, to }) => ({ afterMs: after, to }))
              .sort((a, b) => a.afterMs - b.afterMs),
          }
        : {}),
    }),
  );

function atLeast(ms: number, text: string) {
  return durationSchema.refine((value) => value >= ms, text);
}

/** What is next, and when; undefined: nothing, until the alert changes. */
export function nextCare(
  alert: Pick<Alert, 'status' | 'snoozedUntil' | 'acknowledgedAt'>,
  care: Care,
  { since, reminded, escalated }: Cared,
): Next | undefined {
  if (alert.status === 'acknowledged')
    return care.ackExpiresMs === undefined || alert.acknowledgedAt === null
      ? undefined
      : { at: alert.acknowledgedAt + care.ackExpiresMs, deed: { is: 'expire' } };
  // Snoozed: when it wakes, it begins anew.
  if (alert.status !== 'firing' || alert.snoozedUntil !== null) return undefined;
  const found: Next[] = [];
  const level = care.escalate?.[escalated];
  if (level) found.push({ at: since + level.afterMs, deed: { is: 'escalate', level: escalated } });
  if (care.remind && reminded < care.remind.most)
    found.push({ at: since + care.remind.everyMs * (reminded + 1), deed: { is: 'remind' } });
  return found.sort((a, b) => a.at - b.at)[0];
}

/**
 * What is next when a reminder is due and nobody has heard: it waits, alone, without being counted. It is looked at again an
 * interval later, then ever more seldom, until once an hour.
 */
export function nextWithNobody(
  alert: Parameters<typeof nextCare>[0],
  { remind, ...care }: Care,
  cared: Cared,
  now: number,
): Next {
  const again = now + Math.max(remind?.everyMs ?? 0, Math.min(now - cared.since, 3_600_000));
  const other = nextCare(alert, care, cared);
  return other && other.at < again ? other : { at: again, deed: { is: 'remind' } };
}

/** Who was told as the next after this is not reminded with the others at `now`: their first reminder is an interval later. */
export function toldNextSince({ everyMs }: NonNullable<Care['remind']>, now: number): number {
  // Those who were told when the last reminder was due are reminded with this one, and neither was on the dot.
  return now - everyMs + everyMs / 10;
}
