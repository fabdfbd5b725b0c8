// The relay that correctness rests on: derives waiting work from the ledger, rings for it, works itself when nobody hears.
import type { Doorbell, JobName, Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Log, Meter } from '#core/log.ts';
import { enough } from './jobs.ts';
import type { Queue } from './queue.ts';
import { within } from './within.ts';

export interface SweeperDeps {
  /** Whether this process is the one that sweeps; asked before every round. */
  lead(): Promise<boolean>;
  /** Everything that waits at this instant. */
  pending(now: number): Promise<Doorbell[]>;
  work: Work;
  queue: Pick<Queue, 'ring' | 'up' | 'waiting'>;
  now: () => number;
  log: Log;
  meter: Meter;
  everyMs?: number;
  /** The queue has been away this long: work directly. */
  downAfterMs?: number;
  /** A bell that still waits after this long is worked on directly although the queue seems well. */
  overdueMs?: number;
  /** A round that takes longer is given up. */
  roundMs?: number;
}

export interface Sweeper {
  /** When a round last ended well, by the clock given; undefined before the first. */
  lastRound(): number | undefined;
  /** True while this process does the workers' work because the queue is away. */
  degraded(): boolean;
  stop(): Promise<void>;
}

/** Starts the rounds. A round that fails (the database is away) is told once and tried again; it never throws. */
export function startSweeper(deps: SweeperDeps): Sweeper {
  const {
    queue,
    now,
    log,
    meter,
    everyMs = 1_000,
    downAfterMs = 3_000,
    overdueMs = 10_000,
    roundMs = 15_000,
  } = deps;
  const firstSeen = new Map<string, number>();
  let downSince: number | undefined;
  let lastRound: number | undefined;
  let direct = false;
  let failing = false;
  let stopped = false;
  const hands = new Map<JobName, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> = Promise.resolve();

  // One pair of hands for each job: a message that hangs must not hold up an evaluation.
  const workDirectly = (bells: Doorbell[]) => {
    for (const [job, own] of byJob(bells)) {
      if (hands.has(job)) continue;
      const busy = workOn(own).finally(() => hands.delete(job));
      hands.set(job, busy);
    }
  };
  const workOn = async (bells: Doorbell[]) => {
    for (const { job, id } of bells) {
      if (stopped) break;
      try {
        await deps.work[job](id, now());
        meter.count('tocsin_bells_direct_total', { job });
      } catch (error) {
        log.warn({ err: error, job, id }, 'the sweeper could not do this work; it will be tried again');
      }
    }
  };

  const ringFor = async (bells: Doorbell[]) => {
    const jobs = [...byJob(bells)];
    const waiting = await Promise.all(jobs.map(([job]) => queue.waiting(job)));
    for (const [index, [job, own]] of jobs.entries()) {
      meter.count('tocsin_bells_swept_total', { job }, own.length);
      if (waiting[index]! < enough) queue.ring(own);
    }
  };

  const sweep = async (): Promise<number> => {
    if (!(await deps.lead())) return everyMs;
    const at = now();
    const bells = await deps.pending(at);
    if (bells.length > 0) failpoint('sweep.before_ring');
    await ringFor(bells);
    downSince = queue.up() ? undefined : (downSince ?? at);
    const isAway = downSince !== undefined && at - downSince >= downAfterMs;
    if (isAway !== direct)
      log.warn({}, isAway ? 'the queue is away: working directly' : 'the queue is back: working through it');
    direct = isAway;
    const overdue = remember(firstSeen, bells, at).filter(({ since }) => at - since >= overdueMs);
    if (direct) workDirectly(bells);
    else if (overdue.length > 0) workDirectly(overdue.map(({ bell }) => bell));
    lastRound = at;
    if (failing) log.info({}, 'the sweeper is back at work');
    failing = false;
    // While things wait (a paced chat, a retry), looking more often keeps them punctual.
    // But looking takes a fifth of the time at most.
    return bells.length > 0 ? Math.min(everyMs, Math.max(everyMs / 4, 4 * (now() - at))) : everyMs;
  };

  const turn = async () => {
    let next = everyMs;
    try {
      // A query on a connection that broke at the wrong moment may never answer.
      next = await within(roundMs, sweep());
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'the sweeper cannot read the ledger; it keeps trying');
      failing = true;
    }
    schedule(next);
  };
  const schedule = (ms: number) => {
    if (stopped) return;
    timer = setTimeout(() => {
      round = turn();
    }, ms);
  };
  schedule(0);

  return {
    lastRound: () => lastRound,
    degraded: () => direct,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
      await Promise.all(hands.values());
    },
  };
}

function byJob(bells: Doorbell[]): Map<JobName, Doorbell[]> {
  const groups = new Map<JobName, Doorbell[]>();
  for (const bell of bells) {
    const own = groups.get(bell.job);
    if (own) own.push(bell);
    else groups.set(bell.job, [bell]);
  }
  return groups;
}

// Since when each bell has been waiting without a break.
function remember(firstSeen: Map<string, number>, bells: Doorbell[], at: number) {
  const seen = bells.map((bell) => {
    const name = `${bell.job} ${bell.id}`;
    return { name, bell, since: firstSeen.get(name) ?? at };
  });
  firstSeen.clear();
  for (const { name, since } of seen) firstSeen.set(name, since);
  return seen;
}
