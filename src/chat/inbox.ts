// The durable inbox: updates that are kept are handled in order per chat.
import type { Update } from '@grammyjs/types';
import { cut } from '#core/cut.ts';
import type { Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import { gathered, latest } from '#store/gathered.ts';
import { type Locks, openLocks } from '#store/locks.ts';
import {
  beginUpdates,
  endUpdate,
  holdBehind,
  type Kept,
  type KeptUpdate,
  keepUpdates,
  type NewUpdate,
  postponeUpdate,
  reachDisk,
  type Turn,
  unbegin,
} from '#store/updates.ts';
import { type Keep, ringFor, rowsOf } from './incoming.ts';

type Asked = Turn & { now: number };
type Begun = Pick<KeptUpdate, 'updateId' | 'chatKey' | 'payload' | 'attempts'>;

/** How often an update is tried, and how long its chat waits after each failure. */
const attempts = 3;
const waits = [2_000, 20_000];

/** The work, and the way in for whoever does it: what comes through `keep` is gone on with at once, without a bell. */
export interface Inbox extends Pick<Work, 'updates'> {
  keep: Keep;
  /** Resolves when nothing is gone on with that came without a bell. */
  idle(): Promise<void>;
}

/** So many chats are gone on with at once; those of others wait for their bell. */
const mostAtOnce = 50;

/** Two waits for the disk at the same moment make each longer: so long one of what is handled may stand for all, milliseconds. */
const diskMs = 10;

/**
 * Handles a chat's waiting updates, in order, one process at a time. An update that throws holds its chat and is tried
 * again, three times in all; then it is put aside with its error and the chat goes on. `locks`: those of the poller, whose
 * connection is open anyway. `foresee` hears of an update before it is kept, when it may be handled at once.
 */
export function updatesWork(
  world: World,
  handle: (update: Update, now: number) => Promise<void>,
  locks: Locks = openLocks(world.database),
  foresee: (update: Update) => void = () => {},
): Inbox {
  const { db, soft } = world.database;
  const busy = new Map<string, Running>();
  const underWay = new Set<Promise<void>>();
  // Undone by a crash of the database, a begin is only made again; what was handled must stay so.
  const begin = gathered((chats: Asked[]) => beginUpdates(soft, chats, latest(chats)));
  const goOn = gathered((chats: Asked[]) => beginUpdates(db, chats, latest(chats)));

  async function drain(chatKey: string, now: number): Promise<void> {
    if (await locks.take(lockOf(chatKey))) await drainHeld(chatKey, now);
  }

  /**
   * Gives the chat's lock back at the end. `first`: what is begun there already; `counted`: what may be; `onDisk` is called
   * once a commit has waited for the disk.
   */
  async function drainHeld(
    chatKey: string,
    now: number,
    { first, counted, onDisk = () => {} }: Held = {},
  ): Promise<void> {
    const name = lockOf(chatKey);
    const goesOn = () => locks.holds(name) && !world.ending?.aborted;
    try {
      let next = first ? { begun: first } : goesOn() ? await begin({ chatKey, counted, now }) : undefined;
      while (next && locks.holds(name)) {
        if ('heldUntil' in next) return await holdBehind(db, chatKey, next.heldUntil);
        const { updateId } = next.begun;
        const isDone = await handleOne({ ...next.begun, chatKey }, now);
        if (!goesOn()) return isDone ? await endUpdate(db, updateId, null, now) : undefined;
        next = isDone ? await goOn({ chatKey, done: updateId, now }) : await begin({ chatKey, now });
        onDisk();
        if (isDone) failpoint('update.after_finish');
      }
    } finally {
      await locks.release(name);
    }
  }

  /** False when it was put off or given up, which is written then. */
  async function handleOne(
    { updateId, chatKey, payload, attempts: attempt }: Begun,
    now: number,
  ): Promise<boolean> {
    if (attempt > attempts) {
      // It was begun three times and never ended: it takes the process with it.
      await endUpdate(db, updateId, 'it ended the process that handled it', now);
      return false;
    }
    failpoint('update.begun');
    try {
      await handle(payload as unknown as Update, now);
    } catch (error) {
      const text = cut(sayError(error), 500);
      const wait = waits[attempt - 1];
      world.meter.count('tocsin_updates_failed_total');
      world.log[wait === undefined ? 'error' : 'warn'](
        { err: error, updateId, chatKey, attempt },
        wait === undefined ? 'an update is given up' : 'an update failed and is tried again',
      );
      if (wait === undefined) await endUpdate(db, updateId, text, now);
      else await postponeUpdate(db, updateId, text, now + wait);
      return false;
    }
    failpoint('update.after_handling');
    return true;
  }

  async function again(chatKey: string, mine: Running, now: number): Promise<void> {
    while (mine.rungAgain && !world.ending?.aborted) {
      mine.rungAgain = false;
      await drain(chatKey, now);
    }
  }

  async function keepHere(received: unknown[], now: number): Promise<void> {
    const rows = rowsOf(received).sort((one, other) => one.updateId - other.updateId);
    const firsts = new Map<string, NewUpdate>();
    for (const row of rows)
      if (!busy.has(row.chatKey) && !firsts.has(row.chatKey) && firsts.size + busy.size < mostAtOnce)
        firsts.set(row.chatKey, row);
    if (world.ending?.aborted) firsts.clear();
    const claimed = [...firsts.values()].map((row) => {
      const mine = { rungAgain: false };
      busy.set(row.chatKey, mine);
      foresee(row.payload as unknown as Update);
      return { row, mine, lock: locks.take(lockOf(row.chatKey)).catch(() => false) };
    });
    const keeping = keepUpdates(soft, rows, now, new Set([...firsts.values()].map((row) => row.updateId)));
    const reaching = claimed.map(
      (one) =>
        new Promise<void>((onDisk) => {
          const done = goOnWith(one, keeping, now, onDisk).finally(() => underWay.delete(done));
          underWay.add(done);
        }),
    );
    ringFor(
      world,
      (await keeping).filter(({ chatKey }) => !firsts.has(chatKey)),
    );
    // Whatever commits after it takes it along. Those known already may have been kept softly a moment ago.
    if (rows.length > 0 && !(await anyWithin(reaching, diskMs))) await reachDisk(db);
  }

  /** With what has just been kept of a chat, when its lock is ours. */
  async function goOnWith(
    { row, mine, lock }: Claimed,
    keeping: Promise<Kept[]>,
    now: number,
    onDisk: () => void,
  ): Promise<void> {
    const { updateId, chatKey, payload } = row;
    try {
      const [isOurs, kept] = await Promise.all([lock, keeping.catch(() => [])]);
      const isNew = kept.some((one) => one.chatKey === chatKey);
      const begun = kept.find((one) => one.updateId === updateId)?.begun;
      const since = locks.since(lockOf(chatKey));
      // Whoever had the chat between the keeping and our lock may have handled it.
      const isSurely = begun !== undefined && since !== undefined && since <= begun;
      const first = isSurely ? { updateId, chatKey, payload, attempts: 1 } : undefined;
      if (isOurs && isNew) await drainHeld(chatKey, now, { first, counted: begun && updateId, onDisk });
      else if (isOurs) await locks.release(lockOf(chatKey));
      else if (begun !== undefined) await unbegin(soft, [updateId]);
      await again(chatKey, mine, now);
      // Somebody else had the chat, and may have gone before this came.
      if (!isOurs && isNew) queueMicrotask(() => ringFor(world, [row]));
    } catch (error) {
      world.meter.count('tocsin_work_failed_total', { job: 'updates' });
      world.log.error({ err: error, job: 'updates', id: chatKey }, 'work failed; it will be tried again');
    } finally {
      busy.delete(chatKey);
    }
  }

  return {
    keep: keepHere,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async updates(chatKey, now) {
      const running = busy.get(chatKey);
      if (running) {
        running.rungAgain = true;
        return;
      }
      const mine = { rungAgain: true };
      busy.set(chatKey, mine);
      try {
        await again(chatKey, mine, now);
      } finally {
        busy.delete(chatKey);
      }
    },
  };
}

interface Running {
  rungAgain: boolean;
}

interface Held {
  first?: Begun | undefined;
  counted?: number | undefined;
  onDisk?: () => void;
}

interface Claimed {
  row: NewUpdate;
  mine: Running;
  lock: Promise<boolean>;
}

const lockOf = (chatKey: string) => `updates:${chatKey}`;

/** Whether one of them resolves so soon. */
async function anyWithin(promises: Promise<void>[], ms: number): Promise<boolean> {
  if (promises.length === 0) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const any = await Promise.race([...promises.map((one) => one.then(() => true)), late]);
  clearTimeout(timer);
  return any;
}
