// Bells that are answered where they ring: a process that does the work itself needs no way through the queue for it.
import type { Doorbell, JobName, Ring, Work } from '#core/doorbell.ts';
import type { Log, Meter } from '#core/log.ts';
import { concurrency } from './jobs.ts';

export interface Nearby {
  ring: Ring;
  /** How many bells of this job wait here. */
  waiting(job: JobName): number;
  /** Takes no more bells; resolves when what runs has ended. */
  close(): Promise<void>;
}

export interface NearbyDeps {
  /** What this process does. */
  work: Partial<Work>;
  /** Where other bells go. */
  elsewhere: Ring;
  /** Whether somebody else could take work that has to wait here; asked at most once a second. */
  others(): Promise<boolean>;
  now: () => number;
  log: Log;
  meter: Meter;
}

interface Line {
  waiting: Set<string>;
  running: number;
}

/** At most so many bells of one job wait; what is over is lost, and the sweeper finds it. */
const most = 10_000;
const askEveryMs = 1_000;

/** Answers bells of its own work at once, as many of a job at a time as of the queue's; others go to the queue. */
export function answerNearby({ work, elsewhere, others, now, log, meter }: NearbyDeps): Nearby {
  const lines = new Map<JobName, Line>();
  const under = new Set<Promise<void>>();
  let closed = false;
  let shared = false;
  let asked = Number.NEGATIVE_INFINITY;

  const run = async (job: JobName, id: string) => {
    const began = performance.now();
    try {
      await work[job]!(id, now());
    } catch (error) {
      meter.count('tocsin_work_failed_total', { job });
      log.error({ err: error, job, id }, 'work failed; it will be tried again');
    } finally {
      meter.observe('tocsin_work_seconds', (performance.now() - began) / 1_000, { job });
    }
  };

  const pump = (job: JobName, line: Line) => {
    while (!closed && line.running < concurrency[job]) {
      const [id] = line.waiting;
      if (id === undefined) return;
      line.waiting.delete(id);
      line.running++;
      const done = run(job, id).then(() => {
        line.running--;
        under.delete(done);
        pump(job, line);
      });
      under.add(done);
    }
  };

  const look = () => {
    const at = performance.now();
    if (at - asked < askEveryMs) return;
    asked = at;
    others().then(
      (there) => {
        shared = there;
      },
      () => {},
    );
  };

  return {
    ring(bells) {
      const far: Doorbell[] = [];
      for (const bell of bells) {
        const { job, id } = bell;
        if (!work[job] || closed) {
          far.push(bell);
          continue;
        }
        const line = lines.get(job) ?? { waiting: new Set(), running: 0 };
        lines.set(job, line);
        const isFull = line.waiting.size >= concurrency[job] && !line.waiting.has(id);
        if (isFull) look();
        if (isFull && shared) far.push(bell);
        else if (line.waiting.size < most) line.waiting.add(id);
        else meter.count('tocsin_bells_lost_total', { job });
        meter.count('tocsin_bells_nearby_total', { job });
        queueMicrotask(() => pump(job, line));
      }
      if (far.length > 0) elsewhere(far);
    },
    waiting: (job) => lines.get(job)?.waiting.size ?? 0,
    async close() {
      closed = true;
      await Promise.all(under);
    },
  };
}
