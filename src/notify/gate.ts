// The contract of a gate: it decides about telling, never about the alert, and always says why.
import type { Alert } from '#core/alert.ts';
import type { Notification, NotificationKind, NotificationStatus, Verdict } from '#core/notification.ts';
import type { Settings } from '#core/owner.ts';
import type { Severity } from '#core/severity.ts';
import type { Silence } from '#core/silence.ts';
import type { Style } from '#core/style.ts';

/** What a gate may know. */
export interface Facts {
  /** Why the receiver is switched off; null while it works. */
  disabled: string | null;
  /** The person left, or the bot is no longer in the group. */
  ownerLeft: boolean;
  settings: Settings;
  /** How this receiver wants to be told. */
  style: Style;
  /** When its last messages of a day were sent, oldest first; only known where they are counted. */
  sent: readonly number[];
  /** When the owner's digest comes next and came last; absent: they have none. */
  digestAt?: { next: number; last?: number };
  /** Since when it has been gathering; undefined: nothing is held for that. */
  gatheringSince: number | undefined;
  /** A machine: nothing about attention holds for it. */
  everyChange?: boolean;
  /** Topic patterns that the owner does not want to be told of here. */
  optOuts?: string[];
  /** Topic patterns of which the owner is told here with the digest. */
  digestTopics?: string[];
  /** The rule is only tried out, and not by this receiver. */
  onTrial?: boolean;
  /** The alert that burns and explains this one. */
  explainedBy?: Alert | null;
  /** The owner's silences that hold now. */
  silences: Silence[];
  /** The alert as it is now; null for notes and summaries. */
  alert: Alert | null;
  /** Whether this receiver heard of the alert: a message there, or a line in a summary. */
  heard: boolean;
  /** Whether this receiver was told that it is over. */
  toldOver: boolean;
  /** What else is sent or under way to this receiver about the alert, oldest first. */
  told: Telling[];
}

/** Something sent or under way. `severity` of a sent one is what its text said. */
export interface Telling {
  id: number;
  kind: NotificationKind;
  severity: Severity;
  status: NotificationStatus;
}

export interface Gate {
  name: string;
  /** What it does, for a person. */
  title: string;
  /** `send`: nothing against it here. Pure: the same facts give the same verdict. */
  judge(notification: Notification, facts: Facts, now: number): Verdict;
}

export const send: Verdict = { is: 'send' };

/** Under way but not yet written: it will be worded with what is true then. */
export function waitsToBeWritten(telling: Telling): boolean {
  return telling.status === 'ready' || telling.status === 'retry' || telling.status === 'unknown';
}

/** Sentences of ours and messages about many things: they take the place of others. */
export function speaksOfMany(kind: NotificationKind): boolean {
  return kind === 'note' || kind === 'summary' || kind === 'board' || kind === 'digest';
}

/** Kinds by which somebody hears that something burns. */
export function breaks(kind: NotificationKind): boolean {
  return kind === 'firing' || kind === 'worse' || kind === 'reminder';
}
