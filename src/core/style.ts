// How one receiver wants to be told: at which hours, from which severity, gathered, and how much at most.
import { z } from 'zod';
import { parseWhen, type When } from './bands.ts';
import { sayDuration } from './duration.ts';
import { type Division, divisions } from './forum.ts';
import { type Window, windowEdges, windowEnd } from './hours.ts';
import { durationSchema } from './rule.ts';
import { compareSeverity, type Severity, severitySchema } from './severity.ts';

/** Gathering while `when` holds: what comes is told together, after `waitMs` or at the end of these hours. */
export interface Gathering {
  when: When;
  waitMs: number | 'end';
}

/** At most so many messages an hour and a day, and so long between two. */
export interface Caps {
  hour?: number;
  day?: number;
  delayMs?: number;
}

/** Absent parts: no limit. */
export interface Style {
  /** Nothing begins to be told outside these hours of the owner's week. */
  hours?: Window[];
  /** What is milder is not told here. */
  least?: Severity;
  /** The first whose hours hold. */
  gather?: Gathering[];
  caps?: Caps;
  /** What is not urgent waits for the owner's digest. */
  digest?: true;
  /** From this severity on nothing is gathered or capped; absent: critical; null: everything is. */
  urgent?: Severity | null;
  /** More than so many in a minute stand on one board; absent: 10; 0: never. */
  storm?: number;
  /** In a chat with forum topics each topic of events, or each source, has one of its own. */
  topics?: Division;
}

const windows = z.string().transform((text, context): Window[] => {
  const read = parseWhen(text);
  if (read.ok && read.when !== 'otherwise') return read.when;
  context.addIssue({ code: 'custom', message: read.ok ? '“otherwise” is no hours' : read.fault });
  return z.NEVER;
});
const when = z.string().transform((text, context): When => {
  const read = parseWhen(text);
  if (read.ok) return read.when;
  context.addIssue({ code: 'custom', message: read.fault });
  return z.NEVER;
});
const count = z.number().int().min(1).max(10_000);

/** A style as people write it: `{hours: "Mon-Fri 9-18", gather: [{when: "19-6", wait: "end"}], caps: {hour: 20}}`. */
export const styleDocument = z
  .strictObject({
    hours: windows.optional(),
    least: severitySchema.optional(),
    gather: z
      .array(
        z.strictObject({
          when: when.default('otherwise'),
          wait: z.union([z.literal('end'), durationSchema]),
        }),
      )
      .max(10)
      .optional(),
    caps: z
      .strictObject({ hour: count.optional(), day: count.optional(), delay: durationSchema.optional() })
      .optional(),
    digest: z.boolean().optional(),
    urgent: severitySchema.nullable().optional(),
    storm: z.number().int().min(0).max(10_000).optional(),
    topics: z.enum(divisions).optional(),
  })
  .transform(({ hours, least, gather, caps, digest, urgent, storm, topics }): Style => {
    const limits: Caps = {
      ...(caps?.hour === undefined ? {} : { hour: caps.hour }),
      ...(caps?.day === undefined ? {} : { day: caps.day }),
      ...(caps?.delay ? { delayMs: caps.delay } : {}),
    };
    return {
      ...(hours ? { hours } : {}),
      ...(least && least !== 'info' ? { least } : {}),
      ...(gather?.length ? { gather: gather.map(({ when, wait }) => ({ when, waitMs: wait })) } : {}),
      ...(Object.keys(limits).length > 0 ? { caps: limits } : {}),
      ...(digest ? { digest } : {}),
      ...(urgent === undefined ? {} : { urgent }),
      ...(storm === undefined ? {} : { storm }),
      ...(topics ? { topics } : {}),
    };
  });

/** Whether this severity is told at once, whatever is gathered or capped. */
export function isUrgent({ urgent = 'critical' }: Style, severity: Severity): boolean {
  return urgent !== null && compareSeverity(severity, urgent) >= 0;
}

/** When the hours of the style hold again; undefined: they hold now, or there are none. */
export function closedUntil({ hours }: Style, zone: string, now: number): number | undefined {
  if (!hours || within(hours, zone, now)) return undefined;
  return nextOpening(hours, zone, now);
}

/** Until when what comes now is gathered, when the gathering began at `since`; undefined: not at all. */
export function gatheredUntil(
  { gather }: Style,
  zone: string,
  since: number,
  now: number,
): number | undefined {
  const row = gather?.find(({ when }) => when === 'otherwise' || within(when, zone, now));
  if (!row) return undefined;
  if (row.waitMs !== 'end') return row.waitMs === 0 ? undefined : since + row.waitMs;
  if (row.when === 'otherwise') return undefined;
  const ends = row.when.map((window) => windowEnd(window, zone, now)).filter((end) => end !== undefined);
  return Math.max(...ends);
}

/** The instant at which one more message is allowed, given when the last ones were sent (oldest first). */
export function cappedUntil({ caps }: Style, sent: readonly number[], now: number): number | undefined {
  if (!caps) return undefined;
  const until = [
    caps.delayMs !== undefined && sent.length > 0 ? sent.at(-1)! + caps.delayMs : 0,
    windowFree(sent, caps.hour, 3_600_000, now),
    windowFree(sent, caps.day, 86_400_000, now),
  ];
  const latest = Math.max(...until);
  return latest > now ? latest : undefined;
}

function windowFree(sent: readonly number[], most: number | undefined, span: number, now: number): number {
  if (most === undefined) return 0;
  const recent = sent.filter((at) => at > now - span);
  return recent.length < most ? 0 : recent[recent.length - most]! + span;
}

function within(hours: Window[], zone: string, now: number): boolean {
  return hours.some((window) => windowEnd(window, zone, now) !== undefined);
}

// In steps of the edges themselves: the first edge at which some window holds.
function nextOpening(hours: Window[], zone: string, now: number): number {
  return windowEdges(hours, zone, now).find((edge) => within(hours, zone, edge)) ?? now + 86_400_000;
}

/** `at most 20 an hour, one every 5 min`; the empty text for no caps. */
export function sayCaps({ hour, day, delayMs }: Caps): string {
  return [
    hour === undefined ? '' : `${hour} an hour`,
    day === undefined ? '' : `${day} a day`,
    delayMs === undefined ? '' : `one every ${sayDuration(delayMs)}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
