// What comes from Telegram: kept by its number before anything else, with a bell for its chat.
import type { Update } from '@grammyjs/types';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { World } from '#operations/world.ts';
import { keepUpdates, type NewUpdate, reachDisk } from '#store/updates.ts';

/** What we ask Telegram for. */
export const wantedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

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
  const rows = rowsOf(received);
  const { db, soft } = world.database;
  ringFor(world, await keepUpdates(soft, rows, now));
  // Those known already may have been kept softly a moment ago.
  if (rows.length > 0) await reachDisk(db);
}

/** How updates are kept as they come. */
export type Keep = (received: unknown[], now: number) => Promise<void>;

/** Rings for the chats of these. */
export function ringFor(world: World, kept: { chatKey: string }[]): void {
  const chats = new Set(kept.map(({ chatKey }) => chatKey));
  if (chats.size > 0) world.ring([...chats].map((id) => ({ job: 'updates', id })));
}

/** As they are kept; what is no update is left out. */
export function rowsOf(received: unknown[]): NewUpdate[] {
  return received.filter(isUpdate).map((update) => ({
    updateId: update.update_id,
    chatKey: chatKeyOf(update),
    payload: cleanJson(update as unknown as Json) as Record<string, unknown>,
  }));
}

function isUpdate(thing: unknown): thing is Update {
  return (
    typeof thing === 'object' && thing !== null && Number.isSafeInteger((thing as Partial<Update>).update_id)
  );
}
