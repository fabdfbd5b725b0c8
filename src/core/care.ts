// What happens to an alert that nobody takes care of: reminders, an acknowledgement that runs out, the next to be told.
import { z } from 'zod';
import type { Alert } from './alert.ts';
import { durationSchema } from './rule.ts';

/** How an owner wants unattended alerts to be followed up. Absent parts: not at all. */
export interface Care {
  /** While nobody has acknowledged it. */
  remind?: Reminders;
  /** An acknowledgement holds so long, then the alert is nobody's again. */
  ackExpiresMs?: number;
  /** Who is told, too, when nobody has acknowledged it after so long; soonest first. `to`: people or receivers. */
  escalate?: { afterMs: number; to: string[] }[];
}

/** Counted from when the first person heard. */
interface Reminders {
  everyMs: number;
  most: number;
}

/** What was done for one alert since it became unattended. */
export interface Cared {
  /** When it last became unattended (or was acknowledged). */
  since: number;
  /** When the first person heard of it; undefined: nobody has. */
  heard: number | undefined;
  reminded: number;
  escalated: number;
}

/** A receiver that has heard of an alert. */
export interface Hearer {
  receiverId: string;
  isMachine: boolean;
  /** When it first heard. */
  heardAt: number;
  /** When it was last told as the next; null: never. */
  nextAt: number | null;
}

export type Deed = { is: 'remind' } | { is: 'expire' } | { is: 'escalate'; level: number };

/** What is to be done, and when. */
interface Next {
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
  cared: Cared,
  now: number,
): Next | undefined {
  if (alert.status === 'acknowledged')
    return care.ackExpiresMs === undefined || alert.acknowledgedAt === null
      ? undefined
      : { at: alert.acknowledgedAt + care.ackExpiresMs, deed: { is: 'expire' } };
  // Snoozed: when it wakes, it begins anew.
  if (alert.status !== 'firing' || alert.snoozedUntil !== null) return undefined;
  const { since, reminded, escalated } = cared;
  const found: Next[] = [];
  const level = care.escalate?.[escalated];
  if (level) found.push({ at: since + level.afterMs, deed: { is: 'escalate', level: escalated } });
  if (care.remind && reminded < care.remind.most)
    found.push({ at: reminderAt(care.remind, cared, now), deed: { is: 'remind' } });
  return found.sort((a, b) => a.at - b.at)[0];
}

/** While nobody has heard it is looked at once an interval: whoever hears then is reminded in time. */
function reminderAt({ everyMs }: Reminders, cared: Cared, now: number): number {
  const from = remindedFrom(cared);
  return from === undefined ? now + everyMs : from + everyMs * (cared.reminded + 1);
}

/** What reminders are counted from; undefined: nobody has heard. */
function remindedFrom({ since, heard }: Cared): number | undefined {
  return heard === undefined ? undefined : Math.max(since, heard);
}

/** The same with this done. */
export function afterDeed(deed: Deed, { remind }: Care, cared: Cared, now: number): Cared {
  if (deed.is === 'escalate') return { ...cared, escalated: deed.level + 1 };
  if (deed.is !== 'remind' || !remind) return cared;
  // One reminder stands for those whose time passed while nobody could remind.
  const passed = Math.floor((now - (remindedFrom(cared) ?? now)) / remind.everyMs);
  return { ...cared, reminded: Math.max(cared.reminded + 1, passed) };
}

/** When the first person heard: machines take care of nothing. */
export function firstHeard(hearers: Hearer[]): number | undefined {
  const people = hearers.filter(({ isMachine }) => !isMachine).map(({ heardAt }) => heardAt);
  return people.length > 0 ? Math.min(...people) : undefined;
}

/** Who is reminded. Who has just heard of it as the next is not, with the others: an interval later, for the first time. */
export function toRemind(hearers: Hearer[], { everyMs }: Reminders, now: number): string[] {
  // Those who were told when the last reminder was due are reminded with this one, and neither was on the dot.
  const lately = now - everyMs + everyMs / 10;
  return hearers
    .filter(({ heardAt, nextAt }) => heardAt <= lately || nextAt === null || nextAt <= lately)
    .map(({ receiverId }) => receiverId);
}
