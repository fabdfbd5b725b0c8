// What an alert becomes by what is read of it, and by time.
import { type Alert, isAsking, type Observation, type Step } from './alert.ts';
import { compareSeverity } from './severity.ts';
import { untilItChanges } from './snooze-end.ts';
import { over, step } from './transition.ts';
import { targetToAsk } from './verify.ts';

/** Its condition is met once more: it is worse, or only read anew; when it fires is for `due` to say. */
export function met(alert: Alert, seen: Observation, now: number): Step {
  const worse = compareSeverity(seen.severity, alert.severity) > 0;
  const told = {
    reading: seen.reading,
    title: seen.title,
    fields: seen.fields,
    count: alert.count + 1,
    hops: seen.hops ?? alert.hops ?? 0,
  };
  const severity = worse ? seen.severity : alert.severity;
  // Met again while a clear was waiting to hold: the clear is forgotten.
  const dueAt = alert.status === 'pending' ? alert.dueAt : null;
  const changes = { ...told, severity, dueAt, ...(worse ? askedAgain(alert) : {}) };
  return step(alert, changes, worse && alert.status !== 'pending' ? 'worse' : 'updated', now, {
    seq: seen.seq,
  });
}

// Known to somebody as less than it is now, or put off until it changes: they are asked again.
function askedAgain(alert: Alert): Partial<Alert> {
  return {
    ...(alert.status === 'acknowledged'
      ? { status: 'firing', acknowledgedAt: null, acknowledgedBy: null }
      : {}),
    ...(alert.snoozedUntil === untilItChanges ? { snoozedUntil: null } : {}),
  };
}

/** Time alone brought it before another limit: worse, to be told (`tells`), or nothing new. */
export function reached(alert: Alert, seen: Observation, tells: boolean, now: number): Step | undefined {
  if (alert.status === 'pending') return undefined;
  const { reading, severity } = seen;
  if (compareSeverity(severity, alert.severity) > 0) {
    const changes = { reading, severity, dueAt: null, ...askedAgain(alert) };
    return step(alert, changes, 'worse', now, { seq: seen.seq });
  }
  if (tells) return step(alert, { reading, dueAt: null }, 'reached', now, { seq: seen.seq });
  // A clear that waited to hold is forgotten.
  return alert.dueAt === null
    ? undefined
    : step(alert, { reading, dueAt: null }, 'updated', now, { seq: seen.seq });
}

/** Its condition is not met: it is over now, or after `keepFiringForMs`. */
export function unmet(alert: Alert, seen: Observation, now: number): Step | undefined {
  const last = { reading: seen.reading, fields: seen.fields };
  if (alert.status === 'pending')
    return step(alert, { ...last, ...over(now) }, 'cancelled', now, { seq: seen.seq });
  if (seen.keepFiringForMs === 0)
    return step(alert, { ...last, ...over(now) }, 'resolved', now, { seq: seen.seq });
  if (alert.dueAt !== null) return undefined;
  return step(alert, { ...last, dueAt: now + seen.keepFiringForMs }, 'updated', now, { seq: seen.seq });
}

/** Its instant has come: what was pending fires or asks its target, what waited to be over is. */
export function due(alert: Alert, verify: string | undefined, now: number): Step | undefined {
  if (alert.dueAt === null || alert.dueAt > now) return undefined;
  if (alert.status !== 'pending') return step(alert, over(now), 'resolved', now, {});
  if (verify !== undefined)
    return step(alert, { dueAt: null }, 'asked', now, { note: targetToAsk(verify, alert) });
  return step(alert, { status: 'firing', firedAt: now, dueAt: null }, 'fired', now, {});
}

/** The target that was asked answers, so nothing is wrong; or it does not, and the alert fires. */
export function verdict(alert: Alert, answers: boolean, text: string, now: number): Step | undefined {
  if (!isAsking(alert)) return undefined;
  if (answers) return step(alert, {}, 'answered', now, { note: text });
  const reading = { ...alert.reading, text: `${alert.reading.text.replace(/\.$/, '')}; ${text}` };
  return step(alert, { status: 'firing', firedAt: now, reading }, 'fired', now, { note: text });
}
