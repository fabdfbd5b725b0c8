// A step of an alert: its next form, and the record of how it came to it.
import { type Actor, actorName, deedRef } from './actor.ts';
import type { Alert, Change, Status, Step, Transition } from './alert.ts';

/** It ends. */
export function over(now: number): Partial<Alert> {
  return { status: 'resolved', resolvedAt: now, dueAt: null, snoozedUntil: null };
}

/** Its next form; `what` is the change that people are told, `cause` who or what made it. */
export function step(before: Alert, changes: Partial<Alert>, what: Change, now: number, cause: Cause): Step {
  const alert = { ...before, ...changes, rev: before.rev + 1 };
  return { alert, transition: record(before.status, alert, what, now, cause) };
}

interface Cause {
  by?: Actor;
  seq?: number | null;
  note?: string;
}

/** The record alone: of a birth, or a step. */
export function record(
  from: Status | null,
  alert: Alert,
  what: Change,
  at: number,
  cause: Cause,
): Transition {
  return {
    alertId: alert.id,
    rev: alert.rev,
    from,
    to: alert.status,
    change: what,
    at,
    reading: alert.reading,
    by: cause.by ? actorName(cause.by) : null,
    byRef: cause.by ? deedRef(cause.by) : null,
    seq: cause.seq ?? null,
    note: cause.note ?? null,
  };
}
