// What a process has for admitting events, and what comes of one POST: rows for the ledger, or a refusal.
import type { World } from '#operations/world.ts';
import type { EventRow } from '#store/events.ts';
import type { KeyBook } from './key-book.ts';
import type { Rate } from './rate.ts';
import type { StrictBook } from './strict-book.ts';

export interface Admitting {
  world: World;
  now: () => number;
  keys: KeyBook;
  strict: StrictBook;
  rate: Rate;
  /** When the owners last heard that a source is not understood. */
  told: Rate;
  /** Tells every owner a sentence of ours. Not waited for; its failure is only noted. */
  tellOwners?: (text: string, now: number) => Promise<void>;
}

/** What may go into the ledger. */
export interface Admitted {
  rows: EventRow[];
  /** Where in the body each of them was found. */
  at: string[];
}
