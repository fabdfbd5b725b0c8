// One bell at a time in this process: a second ring of what is being worked on only makes it be looked at again.
import { type JobName, jobNames, type Work } from '#core/doorbell.ts';

/**
 * Wraps the work so that the same bell never runs twice at once here (it would only wait for the ledger's lock and
 * take a place from others). The second call returns at once; the first one runs again, at the clock's new time.
 */
export function oneAtATime(work: Work, clock: () => number): Work {
  const again = new Map<string, boolean>();
  const wrap = (job: JobName) => async (id: string, now: number) => {
    const bell = `${job} ${id}`;
    if (again.has(bell)) {
      again.set(bell, true);
      return;
    }
    try {
      let at = now;
      do {
        again.set(bell, false);
        await work[job](id, at);
        at = clock();
      } while (again.get(bell));
    } finally {
      again.delete(bell);
    }
  };
  return Object.fromEntries(jobNames.map((job) => [job, wrap(job)])) as Work;
}
