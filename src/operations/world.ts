// What every verb and every room is given: the ledger, the doorbells, chance, and where to report.
import type { Ring } from '#core/doorbell.ts';
import type { Log, Meter } from '#core/log.ts';
import type { Database } from '#store/connection.ts';
import type { Keyring } from '#store/keyring.ts';

export interface World {
  database: Database;
  ring: Ring;
  /** A new id with this prefix: `a` alert, `r` rule, `p` person, `g` group, `v` receiver, `s` source, `k` key, `z` silence. */
  id(prefix: string): string;
  /** 128 bits of chance as 22 letters of base64url: buttons, invitations. */
  token(): string;
  /** That many bytes of chance. */
  chance(bytes: number): Uint8Array;
  /** Seals and opens contact data and secrets. */
  keyring: Keyring;
  /** The time zone of people who have not said theirs. */
  defaultZone: string;
  log: Log;
  meter: Meter;
  /** Aborted when the program begins to end: what goes on from one thing to the next stops in between. Absent: nothing ends. */
  ending?: AbortSignal;
}
