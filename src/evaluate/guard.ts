// Finding the event that takes the process with it: a mark before the batch, which only a batch that ended removes.
import type { Event } from '#core/event.ts';
import type { Db, Tx } from '#store/connection.ts';
import { forgetTrouble, noteTrouble, troubleOf } from '#store/lanes.ts';

/** So many batches with the same first event that never ended: the next ones hold a single event. */
const singlesAfter = 3;
/** So many tries of a single event that never ended: it is put aside. */
const mostTries = 3;
/** So many single events without trouble: full batches again. */
const calmAfter = 500;

export interface Guard {
  /** Whether a batch of ours on this lane has ended well. */
  readonly trusted: boolean;
  /** Whether the next batch must leave a mark: our first on this lane, or somebody's did not end. */
  needed(): Promise<boolean>;
  /** Leaves the mark and says how many of these to try; 0: the first one is to be put aside. Hold the lane meanwhile. */
  allow(waiting: Event[]): Promise<number>;
  /** The batch is about to end well, in this transaction. */
  passed(tx: Tx, tried: number, waiting: number): Promise<void>;
  /** The batch failed, but this process lives: its mark must not count. */
  failed(): void;
}

/** The guard of one lane in this process. Marks go through `db`, beside the transaction that holds the lane. */
export function makeGuard(db: Db, lane: number): Guard {
  let trusted = false;
  let lives = false;
  let singles = 0;
  return {
    get trusted() {
      return trusted;
    },
    async needed() {
      return !trusted || (await troubleOf(db, lane)) !== undefined;
    },
    async allow(waiting) {
      const first = waiting[0];
      if (!first) return 0;
      const trouble = await troubleOf(db, lane);
      const attempts =
        trouble?.seq === first.seq ? trouble.attempts : Math.min(trouble?.attempts ?? 0, singlesAfter);
      const single = attempts >= singlesAfter;
      // Without singles, another first event means that the earlier trouble is over.
      const before = single || trouble?.seq === first.seq ? attempts : 0;
      if (before >= singlesAfter + mostTries) return 0;
      await noteTrouble(db, lane, first.seq, before + (lives && trouble?.seq === first.seq ? 0 : 1), null);
      lives = false;
      return single ? 1 : waiting.length;
    },
    async passed(tx, tried, waiting) {
      trusted = true;
      singles = tried < waiting ? singles + 1 : 0;
      if (singles > 0 && singles < calmAfter) return;
      singles = 0;
      await forgetTrouble(tx, lane);
    },
    failed() {
      lives = true;
    },
  };
}
