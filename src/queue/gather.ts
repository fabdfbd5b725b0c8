// Gathers doorbells while a write is under way and for a moment after it, so that any number of rings costs at most one job
// per bell and write, and the writes leave room for everything else.
import { setTimeout as pause } from 'node:timers/promises';
import { type Doorbell, type JobName, jobNames, type Ring } from '#core/doorbell.ts';

export interface Gatherer {
  ring: Ring;
  /** Resolves when nothing is being written and nothing waits. */
  idle(): Promise<void>;
}

/**
 * `write` puts one job per id into the queue; when it fails, `lost` hears how many bells went unwritten and nobody
 * else does. At most `cap` bells of one job wait; what is over is lost too (the sweeper finds it). The first bell is written at
 * once; after a write nothing is written for `restMs`, or for twenty times as long as it took, but no longer than `mostMs`:
 * bells are given a twentieth of the time, whatever a busy database makes of them.
 */
export function gatherer(
  write: (job: JobName, ids: string[]) => Promise<void>,
  lost: (job: JobName, count: number, error?: unknown) => void,
  { cap = 10_000, restMs = 20, mostMs = 200, rest = pause as (ms: number) => Promise<unknown> } = {},
): Gatherer {
  const waiting = new Map<JobName, Set<string>>(jobNames.map((job) => [job, new Set()]));
  const writing = new Map<JobName, Promise<void>>();

  const flush = async (job: JobName) => {
    const bells = waiting.get(job)!;
    // A turn of the loop lets one request's many rings share a write.
    await Promise.resolve();
    while (bells.size > 0) {
      const ids = [...bells];
      bells.clear();
      const began = performance.now();
      try {
        await write(job, ids);
      } catch (error) {
        lost(job, ids.length, error);
      }
      const took = performance.now() - began;
      await rest(Math.max(restMs, Math.min(20 * took, mostMs)));
    }
    writing.delete(job);
  };

  const ringOne = ({ job, id }: Doorbell) => {
    const bells = waiting.get(job);
    if (!bells) return;
    if (bells.size >= cap && !bells.has(id)) return lost(job, 1);
    bells.add(id);
    if (!writing.has(job)) writing.set(job, flush(job));
  };

  return {
    ring: (doorbells) => {
      for (const doorbell of doorbells) ringOne(doorbell);
    },
    idle: async () => {
      while (writing.size > 0) await Promise.all(writing.values());
    },
  };
}
