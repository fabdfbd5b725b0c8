// The work of this room: decide what is told, and tell it.
import type { Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { endUnfinishedAt } from '#store/deliveries.ts';
import { othersAlive, signOfLife } from '#store/leases.ts';
import { leaseMs, openAsks } from './asks.ts';
import { type Kept, type Moment, openAtOnce } from './at-once.ts';
import { numberOf } from './backoff.ts';
import type { Channel } from './channel.ts';
import { openDeciding } from './decide.ts';
import { type Bell, serve } from './deliver.ts';

/** A newer version beside us may know a channel that we do not: it gets so long to tell what is its. */
const strangerMs = 3_600_000;
/** One attempt takes at most this long. */
const attemptMs = 11_000;
/** Beyond so many addresses that are served here, what is decided waits for its turn (`queue/jobs.ts`). */
const mostAtOnce = 8;

export interface NotifyOptions {
  /** Epoch milliseconds at this moment; without it, the job's own time and what passed since. */
  clock?: () => number;
  /** Milliseconds on a clock that only goes forward: a process that was stopped must not send late. */
  elapsed?: () => number;
  /** Whether what may begin with its decision does so. */
  atOnce?: boolean;
}

export interface NotifyWork extends Pick<Work, 'notify' | 'deliver'> {
  /** Makes this process known to the others before it serves its first address. */
  warm(): Promise<void>;
  /** Whether other processes do this work, too. */
  others(): Promise<boolean>;
  close(): Promise<void>;
}

/** The jobs `notify` and `deliver`. `close` gives up the sign of life by which other processes know us. */
export function notifyWork(world: World, channels: Channel[], options: NotifyOptions = {}): NotifyWork {
  const { db } = world.database;
  const elapsed = options.elapsed ?? (() => performance.now());
  const alive = signOfLife(world.database, numberOf(world.token()));
  const asks = openAsks(world, alive.number);
  const served = new Map<string, Bell>();
  const canEdit = (name: string) => channels.some((one) => one.name === name && one.edits);
  /** Decisions, and what began with them: our sign of life outlasts both. */
  const under = new Set<Promise<void>>();
  const counted = (work: Promise<void>) => {
    const done = work.finally(() => under.delete(done));
    under.add(done);
    // Whoever asked for it hears of it.
    done.catch(() => {});
    return done;
  };

  /** Serves an address that is ours in the ledger, and gives it back. */
  const attend = async (
    channel: Channel,
    address: string,
    first: Parameters<typeof serve>[4],
    bell: Bell,
    { now, from }: Moment,
  ) => {
    let left = false;
    try {
      const inTime = () => elapsed() - from < leaseMs - attemptMs;
      const clock = options.clock ?? (() => now + Math.floor(elapsed() - from));
      left = await serve(world, asks, channel, address, first, bell, inTime, clock);
    } finally {
      if (!left) {
        failpoint('deliver.before_return');
        await asks.giveBack({ channel: channel.name, address });
      }
    }
  };
  /** Nobody serves it any more. */
  const end = (id: string, bell: Bell) => {
    served.delete(id);
    // Its message may have come after the last look.
    if (bell.rang) world.ring([{ job: 'deliver', id }]);
  };
  const keep = (channel: Channel, address: string, moment: Moment): Kept | undefined => {
    const id = `${channel.name}|${address}`;
    if (served.has(id) || served.size >= mostAtOnce) return undefined;
    const bell: Bell = { rang: false };
    served.set(id, bell);
    const run = (work: Promise<void>) => counted(work.finally(() => end(id, bell)));
    return {
      serve: (first) => run(attend(channel, address, first, bell, moment)),
      drop(claimed) {
        if (claimed) void run(asks.giveBack({ channel: channel.name, address }));
        else end(id, bell);
      },
    };
  };
  const atOnce = openAtOnce({
    world,
    channels,
    owner: alive.number,
    leaseMs,
    open: () => alive.confirmed() && served.size < mostAtOnce && !world.ending?.aborted,
    keep,
  });
  const decide = openDeciding(world, canEdit, options.atOnce === false ? undefined : atOnce);
  return {
    notify: (receiverId, now) => counted(decide({ receiverId, now, from: elapsed() })),
    async deliver(id, now) {
      const [name = '', ...rest] = id.split('|');
      const address = rest.join('|');
      const channel = channels.find((one) => one.name === name);
      if (!channel) {
        const why = `There is no channel “${name}” here.`;
        await endUnfinishedAt(db, name, address, why, now - strangerMs, now);
        return;
      }
      const before = served.get(id);
      if (before) {
        before.rang = true;
        return;
      }
      const bell: Bell = { rang: false };
      served.set(id, bell);
      try {
        await alive.confirm();
        const from = elapsed();
        const waiting = await asks.open({ channel: name, address, now });
        if (!waiting) return;
        failpoint('deliver.leased');
        await attend(channel, address, waiting, bell, { now, from });
      } finally {
        end(id, bell);
      }
    },
    warm: () => alive.confirm(),
    others: () => othersAlive(db, alive.number),
    async close() {
      while (under.size > 0) await Promise.allSettled(under);
      await alive.close();
    },
  };
}
