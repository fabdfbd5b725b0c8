// What operations and the chat may know of the channels: how a place there is asked for. The notify room fills it in.
import type { z } from 'zod';

/** What was typed to reach a place, as the ledger keeps it: sealed. */
export type Contact = Record<string, unknown>;

/** How places of a channel are added by hand. */
export interface ContactForm {
  /** Each field has a label, a hint and an input (`.meta`), for whoever asks for it. */
  params: z.ZodObject;
  example: Contact;
  /** A code is sent there first: the address is a person's, and whoever typed it may not be that person. */
  confirms: boolean;
  /** Why nothing would be sent there as things are; undefined: nothing is known against it. */
  fault?(contact: Contact): Promise<string | undefined>;
  /** What the place is called in lists when nobody named it; gives nothing away that is private. */
  label(contact: Contact): string;
  /** What the ledger keeps besides what was typed, and what is shown once to whoever added it. */
  complete?(contact: Contact, chance: (bytes: number) => Uint8Array): { contact: Contact; shown: Shown };
  /** A new secret in the place of the old one, which is good until then, too. */
  renew?(
    contact: Contact,
    until: number,
    chance: (bytes: number) => Uint8Array,
  ): { contact: Contact; shown: Shown };
}

/** Names and values to be shown once, and kept by whoever sees them. */
export type Shown = Record<string, string>;

export interface ChannelInfo {
  name: string;
  title: string;
  /** Absent: nobody types its places, they are known by themselves (a chat). */
  contact?: ContactForm;
  /** Why no place can be added here now; null: it can. */
  missing: string | null;
  /** Told every change in order. */
  everyChange: boolean;
}

/** One field of a form. */
export interface ContactField {
  name: string;
  label: string;
  hint: string;
  input: string;
  required: boolean;
}

export interface ChannelBook {
  /** Every channel, in the order in which people see them. */
  all(): ChannelInfo[];
  find(name: string): ChannelInfo | undefined;
  /** What is asked for, field by field; empty where nothing is. */
  fields(name: string): ContactField[];
  /** What was typed as the ledger keeps it, or every fault with its path. */
  check(
    name: string,
    typed: unknown,
  ): { ok: true; contact: Contact } | { ok: false; faults: { path: string; text: string }[] };
}
