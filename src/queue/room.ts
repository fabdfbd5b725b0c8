// Room for bells: where nobody takes them, as while every evaluator is away, they must not fill the queue for ever.
import type { JobName } from '#core/doorbell.ts';
import { enough } from './jobs.ts';

/** Whether so many more bells of this job may be written now. */
export type Room = (job: JobName, count: number) => Promise<boolean>;

const askEveryMs = 1_000;

/**
 * `waiting` is asked only when so many were written since the last answer that nobody can know without asking; while the
 * answer is that there are enough, once a second. A bell that is not written is found by the sweeper.
 */
export function roomForBells(waiting: (job: JobName) => Promise<number>): Room {
  const known = new Map<JobName, { told: number; atMost: number; asked: number }>();
  return async (job, count) => {
    const now = performance.now();
    let line = known.get(job);
    if (!line || (line.atMost >= enough && (line.told < enough || now - line.asked >= askEveryMs))) {
      const told = await waiting(job);
      line = { told, atMost: told, asked: now };
      known.set(job, line);
    }
    if (line.atMost >= enough) return false;
    line.atMost += count;
    return true;
  };
}
