// The contract of a channel: how a neutral message reaches one address, and what became of it.
import type { z } from 'zod';
import type { Button, Message } from '#core/message.ts';
import type { DeliveryOutcome } from '#core/notification.ts';
import type { Pace } from '#core/pace.ts';

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
  /** What an address looks like, as it is stored. */
  address: z.ZodType<string>;
  example: string;
  /** How fast this address may be spoken to. */
  pace(address: string): Pace;
  /** How fast all addresses together may be; null: no such limit. */
  whole: Pace | null;
  /** Whether a message that stands can be changed; otherwise only new ones are told. */
  edits: boolean;
  /**
   * One attempt; never throws for what the other side does, never tries twice by itself (but once more as plain text).
   * With `previous` it changes the message that stands instead of sending one.
   */
  deliver(message: Told, address: string, how: Delivering): Promise<DeliveryOutcome>;
}

export interface Delivering {
  previous?: { messageId: string };
  /** The receiver's zone, for times in plain text. */
  zone: string;
  now: number;
}
