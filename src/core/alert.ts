// The life of an alert: pending → firing → acknowledged → resolved. The only place that makes transitions.
import { type Actor, actorName, deedRef } from './actor.ts';
import type { Reading } from './reading.ts';
import { compareSeverity, type Severity } from './severity.ts';
import { targetToAsk } from './verify.ts';

export type Status = 'pending' | 'firing' | 'acknowledged' | 'resolved';

/** One ongoing situation of one rule and one key. Instants are epoch milliseconds. */
export interface Alert {
  id: string;
  ruleId: string;
  ownerId: string;
  key: string;
  labels: Record<string, string>;
  topic: string;
  subject: string;
  /** The rule's name, or what the event called itself. */
  title: string;
  /** Facts worth showing: the event's fields at the last reading, as text. */
  fields: Record<string, string>;
  status: Status;
  severity: Severity;
  reading: Reading;
  since: number;
  firedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  resolvedAt: number | null;
  snoozedUntil: number | null;
  /** Pending: when it fires; null: while a target is asked. Firing: when a clear that holds becomes the end. */
  dueAt: number | null;
  /** Readings that met the condition so far. */
  count: number;
  /** How many emitted events stand between a sender's and the one that it was last seen in; absent: none. */
  hops?: number;
  /** Grows with every change anybody can see. */
  rev: number;
}

export type Change =
  | 'began'
  | 'asked'
  | 'answered'
  | 'fired'
  | 'told'
  | 'worse'
  | 'reached'
  | 'acknowledged'
  | 'released'
  | 'snoozed'
  | 'woke'
  | 'resolved'
  | 'cancelled'
  | 'withdrawn'
  | 'reminded'
  | 'expired'
  | 'escalated'
  | 'acted'
  | 'noted'
  | 'updated';

/** The recorded change: written with the alert, in the same commit. */
export interface Transition {
  alertId: string;
  rev: number;
  from: Status | null;
  to: Status;
  change: Change;
  at: number;
  /** Who (`actorName`) and the stable reference; null for the rule itself. */
  by: string | null;
  byRef: string | null;
  reading: Reading;
  /** The event that caused it. */
  seq: number | null;
  note: string | null;
}

/** What an event said about it. */
export interface Observation {
  reading: Reading;
  severity: Severity;
  title: string;
  fields: Record<string, string>;
  forMs: number;
  keepFiringForMs: number;
  /** The rule's own: a target is asked before it fires. */
  verify?: string | undefined;
  seq: number | null;
  /** Of the event; absent: none. */
  hops?: number;
}

/** Who the alert is when it is born. */
export type Birth = Pick<Alert, 'id' | 'ruleId' | 'ownerId' | 'key' | 'labels' | 'topic' | 'subject'>;

export type Signal =
  | { is: 'met'; seen: Observation }
  | { is: 'unmet'; seen: Observation }
  /** Time alone brought it before other people's limit; `tells`: they have not been told. */
  | { is: 'reached'; seen: Observation; tells: boolean }
  /** `verify`: the rule's own, so that a target is asked before it fires. */
  | { is: 'due'; verify?: string | undefined }
  /** What came of asking: the target answers, so nothing is told yet, or it does not. */
  | { is: 'verdict'; answers: boolean; text: string }
  /** Nobody waits for it any more. */
  | { is: 'lapse' }
  | { is: 'acknowledge'; by: Actor }
  | { is: 'release'; by: Actor }
  | { is: 'resolve'; by: Actor }
  | { is: 'snooze'; by: Actor; until: number }
  /** `by`: somebody ends the snooze before its time. */
  | { is: 'wake'; by?: Actor }
  | { is: 'remind' }
  | { is: 'expire' }
  | { is: 'escalate'; to: string }
  /** Something was done outside because of it; `text`: what, and what came of it. */
  | { is: 'act'; by: Actor; text: string }
  /** Words that somebody leaves; also when it is over. */
  | { is: 'note'; by: Actor; text: string }
  | { is: 'withdraw'; why: string };

export interface Step {
  alert: Alert;
  transition: Transition;
}

/** A new alert from its first met reading: pending when the rule waits, otherwise firing; a moment is over at once. */
export function openAlert(birth: Birth, seen: Observation, now: number): Step {
  const { reading, severity, title, fields, forMs, seq } = seen;
  const moment = reading.momentary === true;
  const asks = seen.verify !== undefined && !moment;
  const waits = forMs > 0 && !moment;
  const status: Status = moment ? 'resolved' : waits || asks ? 'pending' : 'firing';
  const { id, ruleId, ownerId, key, labels, topic, subject } = birth;
  // Named one by one: a spread before so many names makes an object that is slow to make and to read.
  const alert: Alert = {
    id,
    ruleId,
    ownerId,
    key,
    labels,
    topic,
    subject,
    title,
    fields,
    severity,
    reading,
    status,
    since: now,
    count: 1,
    hops: seen.hops ?? 0,
    rev: 1,
    firedAt: waits || asks ? null : now,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: moment ? now : null,
    snoozedUntil: null,
    dueAt: waits ? now + forMs : null,
  };
  const change: Change = moment ? 'told' : waits ? 'began' : asks ? 'asked' : 'fired';
  const note = change === 'asked' ? targetToAsk(seen.verify!, birth) : undefined;
  return {
    alert,
    transition: record(null, alert, change, now, { seq, ...(note === undefined ? {} : { note }) }),
  };
}

/** The next state of an alert, of an open one but for notes, or undefined when the signal changes nothing that anybody could see. */
export function stepAlert(alert: Alert, signal: Signal, now: number): Step | undefined {
  if (alert.status === 'resolved' && signal.is !== 'note') return undefined;
  switch (signal.is) {
    case 'met':
      return met(alert, signal.seen, now);
    case 'unmet':
      return unmet(alert, signal.seen, now);
    case 'reached':
      return reached(alert, signal.seen, signal.tells, now);
    case 'due':
      return due(alert, signal.verify, now);
    case 'verdict':
      return verdict(alert, signal.answers, signal.text, now);
    case 'lapse':
      return change(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'resolved', now, {});
    case 'acknowledge':
      if (alert.status !== 'firing') return undefined;
      return change(
        alert,
        {
          status: 'acknowledged',
          acknowledgedAt: now,
          acknowledgedBy: actorName(signal.by),
          snoozedUntil: null,
        },
        'acknowledged',
        now,
        { by: signal.by },
      );
    case 'release':
      if (alert.status !== 'acknowledged') return undefined;
      return change(
        alert,
        { status: 'firing', acknowledgedAt: null, acknowledgedBy: null },
        'released',
        now,
        { by: signal.by },
      );
    case 'resolve':
      return change(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'resolved', now, {
        by: signal.by,
      });
    case 'snooze':
      if (alert.status === 'pending' || signal.until <= now || signal.until === alert.snoozedUntil)
        return undefined;
      return change(alert, { snoozedUntil: signal.until }, 'snoozed', now, { by: signal.by });
    case 'wake':
      if (alert.snoozedUntil === null || (alert.snoozedUntil > now && !signal.by)) return undefined;
      return change(alert, { snoozedUntil: null }, 'woke', now, signal.by ? { by: signal.by } : {});
    case 'remind':
      return alert.status === 'firing' ? change(alert, {}, 'reminded', now, {}) : undefined;
    case 'expire':
      if (alert.status !== 'acknowledged') return undefined;
      return change(alert, { status: 'firing', acknowledgedAt: null, acknowledgedBy: null }, 'expired', now, {
        note: `nobody ended it since ${alert.acknowledgedBy ?? 'somebody'} acknowledged it`,
      });
    case 'escalate':
      return alert.status === 'firing' ? change(alert, {}, 'escalated', now, { note: signal.to }) : undefined;
    case 'act':
      return change(alert, {}, 'acted', now, { by: signal.by, note: signal.text });
    case 'note':
      return change(alert, {}, 'noted', now, { by: signal.by, note: signal.text });
    case 'withdraw':
      return change(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'withdrawn', now, {
        note: signal.why,
      });
  }
}

function met(alert: Alert, seen: Observation, now: number): Step {
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
  const changes = { ...told, severity, dueAt, ...(worse ? unacknowledged(alert) : {}) };
  return change(alert, changes, worse && alert.status !== 'pending' ? 'worse' : 'updated', now, {
    seq: seen.seq,
  });
}

// Known to somebody as less than it is now: they are asked again.
function unacknowledged(alert: Alert): Partial<Alert> {
  return alert.status === 'acknowledged'
    ? { status: 'firing', acknowledgedAt: null, acknowledgedBy: null }
    : {};
}

function reached(alert: Alert, seen: Observation, tells: boolean, now: number): Step | undefined {
  if (alert.status === 'pending') return undefined;
  const { reading, severity } = seen;
  if (compareSeverity(severity, alert.severity) > 0) {
    const changes = { reading, severity, dueAt: null, ...unacknowledged(alert) };
    return change(alert, changes, 'worse', now, { seq: seen.seq });
  }
  if (tells) return change(alert, { reading, dueAt: null }, 'reached', now, { seq: seen.seq });
  // A clear that waited to hold is forgotten.
  return alert.dueAt === null
    ? undefined
    : change(alert, { reading, dueAt: null }, 'updated', now, { seq: seen.seq });
}

function unmet(alert: Alert, seen: Observation, now: number): Step | undefined {
  const last = { reading: seen.reading, fields: seen.fields };
  if (alert.status === 'pending')
    return change(alert, { ...last, ...over(now) }, 'cancelled', now, { seq: seen.seq });
  if (seen.keepFiringForMs === 0)
    return change(alert, { ...last, ...over(now) }, 'resolved', now, { seq: seen.seq });
  if (alert.dueAt !== null) return undefined;
  return change(alert, { ...last, dueAt: now + seen.keepFiringForMs }, 'updated', now, { seq: seen.seq });
}

function due(alert: Alert, verify: string | undefined, now: number): Step | undefined {
  if (alert.dueAt === null || alert.dueAt > now) return undefined;
  if (alert.status !== 'pending') return change(alert, over(now), 'resolved', now, {});
  if (verify !== undefined)
    return change(alert, { dueAt: null }, 'asked', now, { note: targetToAsk(verify, alert) });
  return change(alert, { status: 'firing', firedAt: now, dueAt: null }, 'fired', now, {});
}

function verdict(alert: Alert, answers: boolean, text: string, now: number): Step | undefined {
  if (!isAsking(alert)) return undefined;
  if (answers) return change(alert, {}, 'answered', now, { note: text });
  const reading = { ...alert.reading, text: `${alert.reading.text.replace(/\.$/, '')}; ${text}` };
  return change(alert, { status: 'firing', firedAt: now, reading }, 'fired', now, { note: text });
}

/** Whether it waits for the answer of a target. */
export function isAsking({ status, dueAt }: Pick<Alert, 'status' | 'dueAt'>): boolean {
  return status === 'pending' && dueAt === null;
}

function over(now: number): Partial<Alert> {
  return { status: 'resolved', resolvedAt: now, dueAt: null, snoozedUntil: null };
}

function change(before: Alert, changes: Partial<Alert>, what: Change, now: number, cause: Cause): Step {
  const alert = { ...before, ...changes, rev: before.rev + 1 };
  return { alert, transition: record(before.status, alert, what, now, cause) };
}

interface Cause {
  by?: Actor;
  seq?: number | null;
  note?: string;
}

function record(from: Status | null, alert: Alert, what: Change, at: number, cause: Cause): Transition {
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
