// The durable inbox: updates are kept by their number before anything else, then handled in order per chat.

import type { Update } from '@grammyjs/types';
import { cleanJson } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Json } from '#core/json.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import { gathered } from '#store/gathered.ts';
import { type Locks, openLocks } from '#store/locks.ts';
import {
  beginUpdates,
  endUpdate,
  holdBehind,
  type KeptUpdate,
  keepUpdates,
  postponeUpdate,
  reachDisk,
  type Turn,
} from '#store/updates.ts';

/** What we ask Telegram for. */
export const wantedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

type Asked = Turn & { now: number };
type Begun = Pick<KeptUpdate, 'updateId' | 'chatKey' | 'payload' | 'attempts'>;

/** How often an update is tried, and how long its chat waits after each failure. */
const attempts = 3;
const waits = [2_000, 20_000];

/** Updates that share this key are handled one after the other: those of a chat, or of a person without one. */
export function chatKeyOf(update: Update): string {
  const chat =
    update.message?.chat ??
    update.edited_message?.chat ??
    update.callback_query?.message?.chat ??
    update.my_chat_member?.chat ??
    update.chat_member?.chat;
  if (chat) return `chat:${chat.id}`;
  const user = update.callback_query?.from ?? update.inline_query?.from;
  return `user:${user?.id ?? 0}`;
}

/**
 * Commits updates as they came and rings for their chats; those known already change nothing. When it returns they are on
 * disk, and Telegram may forget them; they are handled meanwhile, and whatever that does for good waits for the disk itself.
 * What is no update at all is left out.
 */
export async function keep(world: World, received: unknown[], now: number): Promise<void> {
  const rows = received.filter(isUpdate).map((update) => ({
    updateId: update.update_id,
    chatKey: chatKeyOf(update),
    payload: cleanJson(update as unknown as Json) as Record<string, unknown>,
  }));
  const { db, soft } = world.database;
  const chats = await keepUpdates(soft, rows, now);
  if (chats.length > 0) world.ring(chats.map((id) => ({ job: 'updates', id })));
  // Those known already may have been kept softly a moment ago.
  if (rows.length > 0) await reachDisk(db);
}

function isUpdate(thing: unknown): thing is Update {
  return (
    typeof thing === 'object' && thing !== null && Number.isSafeInteger((thing as Partial<Update>).update_id)
  );
}

/**
 * Handles a chat's waiting updates, in order, one process at a time. An update that throws holds its chat and is tried
 * again, three times in all; then it is put aside with its error and the chat goes on. `locks`: those of the poller, whose
 * connection is open anyway.
 */
export function updatesWork(
  world: World,
  handle: (update: Update, now: number) => Promise<void>,
  locks: Locks = openLocks(world.database),
): Pick<Work, 'updates'> {
  const { db, soft } = world.database;
  const busy = new Map<string, { rungAgain: boolean }>();
  // Undone by a crash of the database, a begin is only made again; what was handled must stay so.
  const begin = gathered((chats: Asked[]) => beginUpdates(soft, chats, latest(chats)));
  const goOn = gathered((chats: Asked[]) => beginUpdates(db, chats, latest(chats)));

  async function drain(chatKey: string, now: number): Promise<void> {
    const name = `updates:${chatKey}`;
    const goesOn = () => locks.holds(name) && !world.ending?.aborted;
    if (!(await locks.take(name))) return;
    try {
      let next = goesOn() ? await begin({ chatKey, now }) : undefined;
      while (next && locks.holds(name)) {
        if ('heldUntil' in next) return await holdBehind(db, chatKey, next.heldUntil);
        const { updateId } = next.begun;
        const isDone = await handleOne({ ...next.begun, chatKey }, now);
        if (!goesOn()) return isDone ? await endUpdate(db, updateId, null, now) : undefined;
        next = isDone ? await goOn({ chatKey, done: updateId, now }) : await begin({ chatKey, now });
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

  return {
    async updates(chatKey, now) {
      const running = busy.get(chatKey);
      if (running) {
        running.rungAgain = true;
        return;
      }
      const mine = { rungAgain: false };
      busy.set(chatKey, mine);
      try {
        do {
          mine.rungAgain = false;
          await drain(chatKey, now);
        } while (mine.rungAgain && !world.ending?.aborted);
      } finally {
        busy.delete(chatKey);
      }
    },
  };
}

// They were asked within a moment of each other.
function latest(asked: Asked[]): number {
  return Math.max(...asked.map(({ now }) => now));
}
