// Draining one lane: batch after batch; a batch that fails or takes too long is halved, until an event at fault stands alone.
import type { Event } from '#core/event.ts';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import { beginEvaluation, firstWaiting, quarantine } from '#store/lanes.ts';
import { type Batch, evaluateBatch } from './batch.ts';
import { type Evaluation, isEventsFault, tookTooLong, transact } from './evaluation.ts';
import { makeGuard } from './guard.ts';

/** So many that a commit costs each little, so few that nobody waits long for a turn. */
const fullBatch = 200;
const mostFailures = 3;

export interface Lane {
  /** Whether a batch of ours on it has ended well: it may go together with others. */
  readonly trusted: boolean;
  /**
   * Processes one batch of what waits, or as many as it takes to find an event at fault, telling each after its commit: then
   * the lane goes together with others again. Whether something may be left. Rejects when the ledger is away.
   */
  drain(onBatch: (batch: Batch) => void, now: number): Promise<boolean>;
}

/** Runs one thing at a time: a guarded batch needs a second connection, and the pool must not run dry of them. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

/** One lane as this process knows it. */
export function makeLane(evaluation: Evaluation, lane: number, turnstile: Turnstile): Lane {
  const { world } = evaluation;
  const guard = makeGuard(world.database.db, lane);

  async function attempt(limit: number, now: number, tried: { events: Event[] }): Promise<Batch> {
    const guarded = await guard.needed();
    let tries = 0;
    const run = () =>
      transact(evaluation, async (tx) => {
        // A collision ended the try before, and not the process.
        if (tries++ > 0) guard.failed();
        let waitingCount = 0;
        const batch = await evaluateBatch(
          tx,
          evaluation,
          lane,
          limit,
          async (waiting) => {
            waitingCount = waiting.length;
            const count = guarded ? await guard.allow(waiting) : waiting.length;
            tried.events = waiting.slice(0, Math.max(count, 1));
            return count;
          },
          now,
        );
        if (guarded && batch.events.length > 0) await guard.passed(tx, batch.events.length, waitingCount);
        return batch;
      });
    return guarded ? turnstile(run) : run();
  }

  async function putAside(seq: number, why: string, now: number): Promise<void> {
    const aside = await transact(evaluation, async (tx) => {
      await beginEvaluation(tx, lane);
      return quarantine(tx, lane, seq, why, now);
    });
    if (!aside) return;
    world.meter.count('tocsin_events_quarantined_total');
    world.log.error({ seq, why }, 'an event was put aside');
    await evaluation.tellOwners(
      `Event ${seq} could not be processed and was put aside: ${why.slice(0, 200)}`,
      now,
    );
  }

  return {
    get trusted() {
      return guard.trusted;
    },
    async drain(onBatch, now) {
      let limit = fullBatch;
      let suspects = 0;
      let failures = 0;
      for (;;) {
        const tried: { events: Event[] } = { events: [] };
        try {
          const batch = await attempt(limit, now, tried);
          failures = 0;
          if (batch.events.length === 0) {
            if (!tried.events[0]) return false;
            await putAside(tried.events[0].seq, 'Every try to process it ended the whole process.', now);
            continue;
          }
          failpoint('drain.after_commit');
          onBatch(batch);
          failpoint('drain.after_ring');
          if (!batch.more || world.ending?.aborted) return false;
          suspects -= batch.events.length;
          if (suspects <= 0) return true;
        } catch (error) {
          guard.failed();
          const isFault = isEventsFault(error);
          if (!isFault && !tookTooLong(error)) throw error;
          world.log.warn({ lane, limit, error: sayError(error) }, 'a batch of events failed');
          const size = tried.events.length || limit;
          if (size > 1) {
            suspects = Math.max(suspects, size);
            limit = Math.floor(size / 2);
          } else if (!isFault) {
            throw error;
          } else if (++failures >= mostFailures) {
            const seq = tried.events[0]?.seq ?? (await firstWaiting(world.database.db, lane));
            if (seq === undefined) return false;
            await putAside(seq, sayError(error), now);
            failures = 0;
            suspects--;
          }
        }
      }
    },
  };
}
