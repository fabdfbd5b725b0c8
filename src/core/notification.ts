// What we mean to tell one receiver about, and what became of it.
import type { Severity } from './severity.ts';

/**
 * firing, worse, over, reminder, notice (a moment): about one alert; changed: any other change, for machines. summary:
 * what was held and is told in one. note: a sentence of ours. board: one message for a storm. digest: what happened in a time. broadcast: a
 * notice from somebody here. code, test: about the receiver itself, whatever the gates say.
 */
export type NotificationKind =
  | 'firing'
  | 'worse'
  | 'over'
  | 'reminder'
  | 'notice'
  | 'changed'
  | 'summary'
  | 'note'
  | 'code'
  | 'test'
  | 'board'
  | 'digest'
  | 'broadcast';

/** pending → (gates) → held | suppressed | ready → sending → sent | retry | unknown → sending …; dead when it cannot be. */
export type NotificationStatus =
  | 'pending'
  | 'held'
  | 'ready'
  | 'sending'
  | 'retry'
  | 'unknown'
  | 'sent'
  | 'suppressed'
  | 'dead';

export const finalStatuses = ['sent', 'suppressed', 'dead'] as const;

/** Why a gate held or dropped it; the same words in metrics, `/held` and `/why`. */
export type Reason =
  | 'silenced'
  | 'snoozed'
  | 'quiet-hours'
  | 'repeat'
  | 'not-at-home'
  | 'never-told'
  | 'superseded'
  | 'in-summary'
  | 'refused'
  | 'grouped'
  | 'cap'
  | 'inhibited'
  | 'shadow'
  | 'opted-out'
  | 'off-hours'
  | 'too-mild'
  | 'away'
  | 'storm'
  | 'digest'
  | 'stopped';

/** Held for one of these, several are told in one message when their time comes. */
export const gathering = [
  'away',
  'quiet-hours',
  'off-hours',
  'silenced',
  'grouped',
  'digest',
  'cap',
] as const satisfies Reason[];

/** How long something is held whose end nobody knows: it is looked at again then, and when its ground is gone. */
export const recheckMs = 60_000;

export interface Notification {
  /** Grows in commit order; a receiver's notifications are told in this order. */
  id: number;
  kind: NotificationKind;
  receiverId: string;
  alertId: string | null;
  alertRev: number | null;
  severity: Severity;
  status: NotificationStatus;
  reason: Reason | null;
  /** A sentence for a person: why it was held, dropped or failed. */
  detail: string | null;
  notBefore: number | null;
  /** What it says beside an alert, as its kind writes it. */
  body: string | null;
  /** For `in-summary`: the notification that told it. */
  viaId: number | null;
  attempts: number;
  /** When somebody last asked for it to be tried again. */
  askedAt: number | null;
  createdAt: number;
}

/** A gate's decision about telling, never about the alert. */
export type Verdict =
  | { is: 'send' }
  | { is: 'hold'; until: number; reason: Reason; text: string }
  | { is: 'drop'; reason: Reason; text: string };

/** What went out and what came back, as far as it may be shown: no address, no secret, at most 1 KB of the answer. */
export interface Exchange {
  request: { method: string; headers: Record<string, string>; body: string };
  response: { status: number; body: string; ms: number } | null;
}

/** What one attempt on a channel came to. `retry`: surely not received; it may pause the address, the channel because it does
 * not work, or everybody there because all together were too fast. `unknown`: it may have been. */
export type DeliveryOutcome =
  | { is: 'sent'; messageId: string | null }
  | { is: 'retry'; afterMs: number; why: string; pauses?: 'address' | 'channel' | 'everybody' }
  | { is: 'unknown'; why: string }
  | { is: 'refused'; why: string; disables: boolean }
  | { is: 'moved'; address: string }
  | { is: 'gone'; why: string }
  /** The place inside the address does not take it: closed, or not there any more. The address itself may. */
  | { is: 'misplaced'; why: string; closed: boolean };

/** Lower goes first when an address may take one thing now. */
export const priority = { critical: 0, over: 1, acknowledged: 2, normal: 3, note: 4, cosmetic: 5 } as const;
