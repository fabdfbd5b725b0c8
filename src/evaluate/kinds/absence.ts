// Nothing came: no event for a time, or none by the end of the grace after a scheduled instant.
import { z } from 'zod';
import { cronFault, nextCron } from '#core/cron.ts';
import { sayDuration } from '#core/duration.ts';
import { usualGrace } from '#core/heartbeat.ts';
import { isZone, sayInstant } from '#core/hours.ts';
import { defineKind } from '../kind.ts';
import { msOf, span } from '../params.ts';

/** Clocks differ: what comes so shortly before a scheduled instant is meant for it. */
const early = 10_000;

const params = z
  .strictObject({
    every: span('10s')
      .optional()
      .meta({ label: 'At least every', hint: 'Tell me when nothing came for this long', input: 'duration' }),
    cron: z
      .string()
      .trim()
      .superRefine((line, context) => {
        const message = cronFault(line);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .meta({
        label: 'Schedule',
        hint: 'When it should come: 0 3 * * * is every day at 3:00',
        input: 'cron',
      }),
    zone: z
      .string()
      .refine(isZone, { message: 'this is no time zone; try Europe/Berlin' })
      .optional()
      .meta({ label: 'Time zone of the schedule', hint: 'Empty: your own', input: 'zone' }),
    grace: span('0s')
      .optional()
      .meta({
        label: 'Grace',
        hint: `How late it may be; empty: not at all, and ${usualGrace} with a schedule`,
        input: 'duration',
      }),
  })
  .superRefine(({ every, cron, zone }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (every === undefined && cron === undefined)
      refuse('every', 'say how often it should come (10m), or give a schedule in cron (0 3 * * *)');
    if (every !== undefined && cron !== undefined) refuse('cron', 'either every or cron, not both');
    if (cron === undefined && zone !== undefined) refuse('zone', 'a zone belongs to a schedule in cron');
  });

/** When it came last, or, before it ever came, when the rule began to wait. */
type Heard = { last: number; never?: true } | null;

/**
 * An event counts when it arrives, whatever time it bears, so that a wrong clock is not taken for silence; late
 * ones too. Whoever has never come is missed only when the rule names them (`begins`). A tick without a memory is
 * such a beginning, or follows an edit of the rule: the waiting starts anew.
 */
export const absence = defineKind<z.output<typeof params>, Heard>({
  name: 'absence',
  title: 'Nothing comes any more',
  params,
  takesLate: true,
  begins: true,
  ground: (given, zone) => (given.cron === undefined ? given : { zone, ...given }),
  example: {
    params: { every: '10m', grace: '1m' },
    events: [
      { at: 0, data: { up: true } },
      { at: 600, data: { up: true } },
      { at: 1261, tick: true },
      { at: 1300, data: { up: true } },
    ],
    met: [2],
  },
  describe({ every, cron, zone, grace }) {
    if (every !== undefined) {
      const late = grace === undefined || msOf(grace) === 0 ? '' : ` and ${sayDuration(msOf(grace))}`;
      return `nothing for ${sayDuration(msOf(every))}${late}`;
    }
    const where = zone === undefined ? '' : ` (${zone})`;
    return `nothing within ${sayDuration(msOf(grace ?? usualGrace))} after ${cron}${where}`;
  },
  initial: () => null,
  step(given, state, event, now) {
    if (event !== null) {
      const last = Math.max(now, state?.last ?? now);
      const text = state ? cameWords(given, state, last) : 'it came';
      return { state: { last }, reading: { is: 'unmet', text }, ...due(given, last) };
    }
    if (state === null)
      return {
        state: { last: now, never: true },
        reading: { is: 'unknown', text: 'waiting for the first' },
        ...due(given, now),
      };
    const { dueAt } = due(given, state.last);
    if (dueAt === undefined || now < dueAt)
      return { state, reading: { is: 'unknown', text: 'not late yet' }, ...due(given, state.last) };
    return { state, reading: { is: 'met', ...said(given, state, now) } };
  },
});

function cameWords(given: z.output<typeof params>, state: NonNullable<Heard>, last: number): string {
  const missed = (due(given, state.last).dueAt ?? Number.POSITIVE_INFINITY) <= last;
  if (missed) return state.never ? 'it came for the first time' : 'it came again';
  return `it came, ${sayDuration(last - state.last)} after the last`;
}

/** The instant at which it is missed. */
function due(given: z.output<typeof params>, last: number): { dueAt?: number } {
  const { every, cron, zone = 'UTC', grace } = given;
  if (every !== undefined) return { dueAt: last + msOf(every) + msOf(grace ?? '0s') };
  const lateness = msOf(grace ?? usualGrace);
  const expected = cron === undefined ? undefined : nextCron(cron, zone, last + Math.min(early, lateness));
  return expected === undefined ? {} : { dueAt: expected + lateness };
}

function said(given: z.output<typeof params>, { last, never }: NonNullable<Heard>, now: number) {
  const { every, zone = 'UTC', grace } = given;
  const value = sayDuration(now - last);
  const since = never ? 'it never came yet' : `the last came ${value} ago`;
  if (every !== undefined)
    return {
      value,
      limit: sayDuration(msOf(every)),
      text: `nothing for ${value}${never ? ', it never came yet' : ''}`,
    };
  const missed = due(given, last).dueAt ?? now;
  const expected = sayInstant(missed - msOf(grace ?? usualGrace), zone, now);
  return { value, limit: expected, text: `expected at ${expected}, nothing came; ${since}` };
}
