// The list of all hand-overs as BullMQ knows them: one queue per job, so that a slow one never starves another.
import type { JobName } from '#core/doorbell.ts';
import { lanes } from '#core/event.ts';

/**
 * How many of a job one process works on at once. Lanes that have work at the same moment are evaluated together. What is
 * decided and sent at the same moment asks the ledger together; as many sends as are on their way at a kill may come twice,
 * so there are no more of them than that needs.
 */
export const concurrency: Record<JobName, number> = {
  evaluate: lanes,
  due: 1,
  notify: 100,
  deliver: 32,
  updates: 50,
  scrape: 1,
  remap: 1,
  timetable: 1,
  act: 4,
};

/** The queue's name in Redis or PostgreSQL; it may hold no colon. */
export function queueName(job: JobName): string {
  return `tocsin-${job}`;
}

/** A job's whole content: ids only, because what is in the queue is readable by whoever can read the queue. */
export interface Bell {
  id: string;
}

/** Times (ms) that decide how soon a killed worker's job is taken up by another; the sweeper does not wait for it. */
export const patience = { lockDuration: 15_000, stalledInterval: 5_000, runRetryDelay: 1_000 } as const;

/** What is kept of finished jobs: nothing of the good ones, a little of the others, for whoever looks into the queue. */
export const kept = { removeOnComplete: true, removeOnFail: { age: 3_600, count: 100 } } as const;

/** With so many bells of a job untaken, more would only fill the queue: whoever takes those finds the same work. */
export const enough = 1_000;
