// The queue of doorbells: rings without waiting, wakes workers, knows whether it is alive. Never the truth.
import { type JobName, jobNames, type Ring, type Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Log, Meter } from '#core/log.ts';
import { type Backend, type BellQueue, type BellWorker, QueueRefused, type Timing } from './backend.ts';
import { gatherer } from './gather.ts';
import { patience } from './jobs.ts';
import { type PostgresAddress, postgresBackend } from './postgres.ts';
import { redisBackend } from './redis.ts';
import { roomForBells } from './room.ts';
import { oneAtATime } from './solo.ts';
import { within } from './within.ts';

export interface Queue {
  backend: Backend['name'];
  ring: Ring;
  /** Starts workers for the jobs given, now or as soon as the server can be reached. */
  consume(work: Partial<Work>, now: () => number): Promise<void>;
  /** Whether bells can be written and, where this process consumes, are being taken. */
  up(): boolean;
  /** How many bells of a job nobody has taken yet; 0 when that cannot be known now. */
  waiting(job: JobName): Promise<number>;
  /** Stops taking bells, waits at most `graceMs` for the work under way, closes the connections. */
  close(graceMs?: number): Promise<void>;
}

export interface QueueDeps {
  log: Log;
  meter: Meter;
  /** Milliseconds between signs of life; tests use less. */
  pulse?: number;
  timing?: Partial<Timing>;
}

/**
 * Opens the queue on Redis or on PostgreSQL. A server that is away is no error: bells are dropped until it is back,
 * `up()` says so, and the sweeper does the work. Throws `QueueRefused` when the server's settings would lose bells.
 */
export async function openQueue(
  place: { redisUrl: string } | { postgres: PostgresAddress },
  { log, meter, pulse = 1_000, timing }: QueueDeps,
): Promise<Queue> {
  let complained = false;
  const report = (error: Error) => {
    if (complained || closing) return;
    complained = true;
    log.warn({ err: error, backend: backend.name }, 'the queue cannot be reached; the sweeper does its work');
  };
  const backend =
    'redisUrl' in place ? redisBackend(place.redisUrl, report) : postgresBackend(place.postgres, report);
  const queues = new Map<JobName, BellQueue>();
  const workers: BellWorker[] = [];
  let wanted: { jobs: JobName[]; run: Work } | undefined;
  let alive = false;
  let prepared = false;
  let closing = false;

  const hasRoom = roomForBells((job) => within(1_000, queues.get(job)!.getWaitingCount()));
  const bells = gatherer(
    async (job, ids) => {
      const queue = queues.get(job);
      if (!alive || !queue) throw new Error('the queue is away');
      if (!(await hasRoom(job, ids.length)))
        return void meter.count('tocsin_bells_lost_total', { job }, ids.length);
      failpoint('bells.before_write');
      const writing = queue.addBulk(ids.map((id) => ({ name: 'ring', data: { id } })));
      await within(3_000, writing);
      failpoint('bells.after_write');
      meter.count('tocsin_bells_rung_total', { job }, ids.length);
    },
    (job, count, error) => {
      meter.count('tocsin_bells_lost_total', { job }, count);
      if (error && alive && !closing) log.debug({ err: error, job, count }, 'bells were not written');
    },
  );

  const underWay = new Set<Promise<void>>();
  const run = (job: JobName, work: Work, now: () => number) => (id: string) => {
    const done = runOne(job, id, work, now).finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  };
  const runOne = async (job: JobName, id: string, work: Work, now: () => number) => {
    const began = performance.now();
    try {
      await work[job](id, now());
    } catch (error) {
      // Not thrown on: its text would be kept in the queue, and the sweeper rings again anyway.
      meter.count('tocsin_work_failed_total', { job });
      log.error({ err: error, job, id }, 'work failed; it will be tried again');
    } finally {
      meter.observe('tocsin_work_seconds', (performance.now() - began) / 1_000, { job });
    }
  };
  let clock: () => number = () => 0;
  const startWorkers = () => {
    if (!wanted || closing || workers.length > 0) return;
    for (const job of wanted.jobs) {
      const worker = backend.worker(job, run(job, wanted.run, clock), { ...patience, ...timing });
      worker.on('error', report);
      workers.push(worker);
    }
  };

  const live = async () => {
    if (!prepared) {
      await backend.prepare();
      if (closing) return;
      prepared = true;
      for (const job of jobNames) {
        const queue = backend.queue(job);
        queue.on('error', report);
        queues.set(job, queue);
      }
      startWorkers();
    }
    await within(2_500, backend.ping());
    if (!alive && complained) log.info({ backend: backend.name }, 'the queue is back');
    alive = true;
    complained = false;
  };
  const beat = async () => {
    try {
      await live();
    } catch (error) {
      if (error instanceof QueueRefused && !alive && !started) throw error;
      alive = false;
      report(error as Error);
    }
  };
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  const schedule = () => {
    if (closing) return;
    timer = setTimeout(() => {
      beating = beat().finally(schedule);
    }, pulse);
  };
  try {
    await beat();
  } catch (error) {
    await backend.close();
    throw error;
  }
  started = true;
  schedule();

  return {
    backend: backend.name,
    ring: bells.ring,
    up: () => alive,
    async waiting(job) {
      const queue = queues.get(job);
      return alive && queue ? within(1_000, queue.getWaitingCount()).catch(() => 0) : 0;
    },
    async consume(work, now) {
      const missing = async () => {};
      const all = Object.fromEntries(jobNames.map((job) => [job, work[job] ?? missing])) as Work;
      clock = now;
      wanted = { jobs: jobNames.filter((job) => work[job]), run: oneAtATime(all, now) };
      if (!prepared) return;
      startWorkers();
      await within(5_000, Promise.all(workers.map((worker) => worker.waitUntilReady()))).catch(report);
    },
    async close(graceMs = 8_000) {
      if (closing) return;
      closing = true;
      clearTimeout(timer);
      const shortMs = Math.min(700, graceMs / 8);
      const shortly = (things: Promise<unknown>[]) =>
        Promise.allSettled(things.map((one) => within(shortMs, one)));
      const gently = Promise.all(workers.map((worker) => worker.close()));
      gently.catch(() => {});
      const done = Promise.all([...underWay]).then(() => within(shortMs, gently));
      // Work that runs gets its time; a server that does not answer gets none.
      await Promise.all([
        within(graceMs - 4 * shortMs, done).catch(() => shortly(workers.map((worker) => worker.close(true)))),
        shortly([beating, bells.idle()]),
      ]);
      await shortly([...queues.values()].map((queue) => queue.close()));
      await shortly([backend.close()]);
    },
  };
}
