// What the process that leads does by itself: it sweeps, sends canaries, counts, and tells the outside that we live.
import type { Ring, Work } from '#core/doorbell.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { Queue } from '#queue/queue.ts';
import { type Sweeper, startSweeper } from '#queue/sweeper.ts';
import type { Database } from '#store/connection.ts';
import type { Locks } from '#store/locks.ts';
import { watchingForGaps } from './away-time.ts';
import { startCanary } from './canary.ts';
import type { ClockWatch } from './clock-jumps.ts';
import { startCounting } from './counting.ts';
import { startHousekeeping } from './housekeeping.ts';
import { startOutsideHeartbeat } from './outside-heartbeat.ts';
import type { Rooms } from './rooms.ts';
import type { Starting } from './starting.ts';
import { openThaw } from './thaw.ts';

export interface LeadingDeps {
  database: Database;
  rooms: Rooms;
  work: Work;
  clock: ClockWatch;
  locks: Locks;
  queue: Queue;
  ring: Ring;
  outbound: Outbound;
}

/** Starts it where this process may lead; which one does is decided by the lock `sweeper`. */
export async function startLeading(deps: LeadingDeps, starting: Starting): Promise<Sweeper> {
  const { database, rooms, work, clock, locks, queue, ring, outbound } = deps;
  const { config, now, elapsed, log, metrics, closing } = starting;
  const pending = watchingForGaps(database, log, config.defaultZone, rooms.pending, elapsed);
  // Also where another one leads: it may be the frozen one.
  const thaw = openThaw(database, log, elapsed);
  const sweeper = startSweeper({
    lead: async () => {
      await thaw();
      return locks.holds('sweeper') || (await locks.take('sweeper'));
    },
    pending: async (at) => {
      await clock.look(at);
      return pending(at);
    },
    work,
    queue: { ...queue, ring },
    now,
    log,
    meter: metrics,
  });
  const leads = () => locks.holds('sweeper');
  const canary = await startCanary(rooms.world, leads, now, log);
  const housekeeping = startHousekeeping(rooms.world, leads, now, log, config.dataDir);
  const counting = startCounting(database.db, leads, log, now);
  const { tellOwners } = rooms;
  const outside = config.heartbeatUrl
    ? startOutsideHeartbeat({
        database,
        url: config.heartbeatUrl,
        ask: outbound,
        leads,
        tellOwners,
        log,
        now,
      })
    : undefined;
  closing.work('the sweeper', async () => {
    outside?.stop();
    canary.stop();
    housekeeping.stop();
    counting.stop();
    await sweeper.stop();
    await locks.release('sweeper');
  });
  return sweeper;
}
