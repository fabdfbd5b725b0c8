// The durable inbox: updates are kept by their number before anything else, then handled in order per chat.

import type { Update } from '@grammyjs/types';
import { cleanJson, cleanText } from '#core/clean.ts';
import type { Work } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Json } from '#core/json.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import { openLocks } from '#store/locks.ts';
import {
  finishUpdate,
  holdBehind,
  type KeptUpdate,
  keepUpdates,
  nextUpdate,
  postponeUpdate,
  startUpdate,
} from '#store/updates.ts';

/** What we ask Telegram for. */
export const wantedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

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
 * Commits updates as they came and rings for their chats; those known already change nothing. When it returns, Telegram
 * may forget them. What is no update at all is left out.
 */
export async function keep(world: World, received: unknown[], now: number): Promise<void> {
  const rows = received.filter(isUpdate).map((update) => ({
    updateId: update.update_id,
    chatKey: chatKeyOf(update),
    payload: cleanJson(update as unknown as Json) as Record<string, unknown>,
  }));
  const chats = await keepUpdates(world.database.db, rows, now);
  if (chats.length > 0) world.ring(chats.map((id) => ({ job: 'updates', id })));
}

function isUpdate(thing: unknown): thing is Update {
  return (
    typeof thing === 'object' && thing !== null && Number.isSafeInteger((thing as Partial<Update>).update_id)
  );
}

/**
 * Handles a chat's waiting updates, in order, one process at a time. An update that throws holds its chat and is tried
 * again, three times in all; then it is put aside with its error and the chat goes on.
 */
export function updatesWork(
  world: World,
  handle: (update: Update, now: number) => Promise<void>,
): Pick<Work, 'updates'> {
  const { db } = world.database;
  const locks = openLocks(world.database);
  const busy = new Map<string, { rungAgain: boolean }>();

  async function drain(chatKey: string, now: number): Promise<void> {
    const name = `updates:${chatKey}`;
    if (!(await locks.take(name))) return;
    try {
      while (locks.holds(name) && !world.ending?.aborted) {
        const next = await nextUpdate(db, chatKey, now);
        if (!next) return;
        if ('heldUntil' in next) return await holdBehind(db, chatKey, next.heldUntil);
        await handleOne(next.update, now);
      }
    } finally {
      await locks.release(name);
    }
  }

  async function handleOne({ updateId, chatKey, payload }: KeptUpdate, now: number): Promise<void> {
    const attempt = await startUpdate(db, updateId);
    // It was begun three times and never ended: it takes the process with it.
    if (attempt > attempts) return finishUpdate(db, updateId, 'it ended the process that handled it', now);
    failpoint('update.begun');
    try {
      await handle(payload as unknown as Update, now);
    } catch (error) {
      const text = cleanText(sayError(error)).slice(0, 500);
      const wait = waits[attempt - 1];
      world.meter.count('tocsin_updates_failed_total');
      world.log[wait === undefined ? 'error' : 'warn'](
        { err: error, updateId, chatKey, attempt },
        wait === undefined ? 'an update is given up' : 'an update failed and is tried again',
      );
      if (wait === undefined) return finishUpdate(db, updateId, text, now);
      return postponeUpdate(db, updateId, text, now + wait);
    }
    failpoint('update.after_handling');
    await finishUpdate(db, updateId, null, now);
    failpoint('update.after_finish');
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
