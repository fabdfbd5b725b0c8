// The life of an alert: pending → firing → acknowledged → resolved. The only place that makes transitions.
import { actorName } from './actor.ts';
import type { Alert, Birth, Change, Observation, Signal, Status, Step } from './alert.ts';
import { due, met, reached, unmet, verdict } from './alert-readings.ts';
import { over, record, step } from './transition.ts';
import { targetToAsk } from './verify.ts';

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
      return step(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'resolved', now, {});
    case 'acknowledge':
      if (alert.status !== 'firing') return undefined;
      return step(
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
      return step(alert, { status: 'firing', acknowledgedAt: null, acknowledgedBy: null }, 'released', now, {
        by: signal.by,
      });
    case 'resolve':
      return step(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'resolved', now, {
        by: signal.by,
      });
    case 'snooze':
      if (alert.status === 'pending' || signal.until <= now || signal.until === alert.snoozedUntil)
        return undefined;
      return step(alert, { snoozedUntil: signal.until }, 'snoozed', now, { by: signal.by });
    case 'wake':
      if (alert.snoozedUntil === null || (alert.snoozedUntil > now && !signal.by)) return undefined;
      return step(alert, { snoozedUntil: null }, 'woke', now, signal.by ? { by: signal.by } : {});
    case 'remind':
      return alert.status === 'firing' ? step(alert, {}, 'reminded', now, {}) : undefined;
    case 'expire':
      if (alert.status !== 'acknowledged') return undefined;
      return step(alert, { status: 'firing', acknowledgedAt: null, acknowledgedBy: null }, 'expired', now, {
        note: `nobody ended it since ${alert.acknowledgedBy ?? 'somebody'} acknowledged it`,
      });
    case 'escalate':
      return alert.status === 'firing' ? step(alert, {}, 'escalated', now, { note: signal.to }) : undefined;
    case 'act':
      return step(alert, {}, 'acted', now, { by: signal.by, note: signal.text });
    case 'note':
      return step(alert, {}, 'noted', now, { by: signal.by, note: signal.text });
    case 'withdraw':
      return step(alert, over(now), alert.status === 'pending' ? 'cancelled' : 'withdrawn', now, {
        note: signal.why,
      });
  }
}
