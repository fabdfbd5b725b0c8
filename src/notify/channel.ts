// The contract of a channel: how a neutral message reaches one address, and what became of it.
import { z } from 'zod';
import type { Alert, Transition } from '#core/alert.ts';
import type { Button, Message } from '#core/message.ts';
import type { DeliveryOutcome, Exchange, NotificationKind } from '#core/notification.ts';
import type { Pace } from '#core/pace.ts';
import type { Severity } from '#core/severity.ts';
import type { Contact, ContactForm } from '#operations/channel-book.ts';

/** A button that may stand for one alert, as it was when it was shown. */
export type TellingButton = Button & { alertId?: string; rev?: number };

/** A message of the notify room. */
export interface Told extends Message {
  buttons: TellingButton[][];
}

export interface Channel {
  /** The word in the ledger and in rules. */
  name: string;
  /** What people call it. */
  title: string;
  /** What an address looks like, as it is stored: `placed` where something private is typed to reach it. */
  address: z.ZodType<string>;
  example: string;
  /** How fast this address may be spoken to. */
  pace(address: string): Pace;
  /** How fast all addresses together may be; null: no such limit. */
  whole: Pace | null;
  /** Whether a message that stands can be changed; otherwise only new ones are told. */
  edits: boolean;
  /** How places are added by hand; absent where they are known by themselves. */
  contact?: ContactForm;
  /** Why nothing can be told here: something that the operator has not set up. */
  missing?: string | null;
  /** For machines: every change of an alert is told, in order, whatever the gates of attention say. */
  everyChange?: boolean;
  /** Where an address can have topics inside, such as a forum: how one is made. */
  topics?: { make(address: string, name: string): Promise<TopicMade> };
  /** How long it is tried; without it for a day. */
  patience?: Patience;
  /**
   * One attempt; never throws for what the other side does, never tries twice by itself (but once more as plain text).
   * With `previous` it changes the message that stands instead of sending one.
   */
  deliver(message: Told, address: string, how: Delivering): Promise<Delivered>;
}

/** `refused`: it surely was not made; `chatLost`: because nothing at all arrives in the chat. */
export type TopicMade =
  | { is: 'made'; thread: number }
  | { is: 'refused'; why: string; chatLost: boolean }
  | Extract<DeliveryOutcome, { is: 'retry' | 'unknown' | 'moved' }>;

/** What it came to, and for channels that show it, what went out and came back. */
export type Delivered = DeliveryOutcome & { exchange?: Exchange };

/** The address of a place whose contact is typed: the receiver's own id. */
export const placed = z.string().regex(/^v_\w{1,40}$/, 'a receiver’s id');

export interface Patience {
  /** After this long a notification is given up. */
  giveUpMs: number;
  /** After this many attempts of unknown outcome, too. */
  mostUnknown: number;
  /** Milliseconds before the attempt after this one; `chance` is 0..1. */
  wait(attempt: number, chance: number): number;
  /** After so long without one success the receiver is switched off, and meanwhile all that is for it waits together. */
  switchOffMs?: number;
}

export interface Delivering {
  previous?: { messageId: string };
  /** The topic inside the address; a message that stands keeps its own. */
  thread?: number;
  /** The receiver's zone, for times in plain text. */
  zone: string;
  now: number;
  /** What was typed to reach the place. */
  contact?: Contact;
  /** What is told; absent for edits. */
  about?: About;
  /** Whether the address is still ours; a channel that writes to the ledger first asks it right before the first byte. */
  inTime?(): boolean;
}

/** Which notification this is: the same for all attempts at it. */
export interface About {
  id: number;
  kind: NotificationKind;
  severity: Severity;
  attempt: number;
  /** When an earlier attempt of unknown outcome began: this one may be a repeat. */
  firstTry: number | null;
  createdAt: number;
  alert: Alert | null;
  /** How many of the alerts that it tells of burn and nobody has. */
  open: number;
  /** For `everyChange`: the change that is told. */
  transition: Transition | null;
}
