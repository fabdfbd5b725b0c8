// What an alert is, what may be seen of it or done to it, and the record of each change. How it lives: alert-life.ts.
import type { Actor } from './actor.ts';
import type { Reading } from './reading.ts';
import type { Severity } from './severity.ts';

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

/** Whether it waits for the answer of a target. */
export function isAsking({ status, dueAt }: Pick<Alert, 'status' | 'dueAt'>): boolean {
  return status === 'pending' && dueAt === null;
}
