// The dialogues, how they are kept, and the number that says which form they have.
import type { ConversationData, ConversationStorage, VersionedState } from '@grammyjs/conversations';
import type { Json } from '#core/json.ts';
import { deleteConversation, readConversation, writeConversation } from '#store/conversations.ts';
import type { ChatContext } from '../context.ts';
import { type AnswerSeed, answer } from './answer.ts';
import { type BroadcastSeed, broadcast } from './broadcast.ts';
import { type ChannelSeed, channel } from './channel.ts';
import { conversationOf, type Dialogue } from './dialogue.ts';
import type { Seed } from './draft.ts';
import { type HeartbeatSeed, heartbeat } from './heartbeat.ts';
import { type MappingSeed, mapping } from './mapping.ts';
import { type PackSeed, pack } from './pack.ts';
import { type PlaceSeed, place } from './place.ts';
import { type EditSeed, edit, subscribe } from './subscribe.ts';
import { type TargetSeed, target } from './target.ts';
import { type WordsSeed, words } from './words.ts';

/** Raise it whenever a dialogue's body or what it remembers changes: older ones are then closed, and people are told. */
export const conversationVersion = 3;

/** What to open, in which message; null: a new one. */
export type Opening = { messageId?: number } & (
  | { dialogue: 'subscribe'; seed: Seed }
  | { dialogue: 'place'; seed: PlaceSeed }
  | { dialogue: 'pack'; seed: PackSeed }
  | { dialogue: 'channel'; seed: ChannelSeed }
  | { dialogue: 'target'; seed: TargetSeed }
  | { dialogue: 'mapping'; seed: MappingSeed }
  | { dialogue: 'heartbeat'; seed: HeartbeatSeed }
  | { dialogue: 'answer'; seed: AnswerSeed }
  | { dialogue: 'edit'; seed: EditSeed }
  | { dialogue: 'words'; seed: WordsSeed }
  | { dialogue: 'broadcast'; seed: BroadcastSeed }
);

export const dialogueName = 'dialogue';
export const runDialogue = conversationOf({
  subscribe,
  place,
  edit,
  pack,
  channel,
  answer,
  target,
  heartbeat,
  mapping,
  words,
  broadcast,
} as unknown as Record<string, Dialogue<never, unknown>>);

/** One dialogue per person and chat, kept in the ledger. An older version is deleted and marked on the context. */
export const conversationStorage: ConversationStorage<ChatContext, ConversationData> = {
  type: 'context',
  version: conversationVersion,
  adapter: {
    async read(ctx) {
      const { database, keyring } = ctx.deps.world;
      const key = keyOf(ctx);
      const value = (await readConversation(database.db, key)) as unknown as Kept | undefined;
      if (value === undefined) return undefined;
      const opened = keyring.open(value.sealed ?? '', placeOf(key));
      if (opened.ok && Array.isArray(value.version) && value.version[1] === conversationVersion)
        return JSON.parse(opened.plain) as VersionedState<ConversationData>;
      await deleteConversation(database.db, key);
      ctx.closed = true;
      return undefined;
    },
    async write(ctx, state) {
      const { database, keyring, chance } = ctx.deps.world;
      const key = keyOf(ctx);
      const sealed = keyring.seal(JSON.stringify(state), placeOf(key), chance(12));
      await writeConversation(database.db, key, { version: state.version as Json, sealed }, ctx.now);
    },
    delete: (ctx) => deleteConversation(ctx.deps.world.database.db, keyOf(ctx)),
  },
};

/** People type passwords into dialogues, and what was typed is replayed: it is kept sealed, all but its version. */
interface Kept {
  version: unknown;
  sealed?: string;
}
const placeOf = (row: string) => ({ table: 'conversations', column: 'value', row });

function keyOf(ctx: ChatContext): string {
  return `${ctx.chatId ?? 0}:${ctx.from?.id ?? 0}`;
}

// Beside the question, so that it goes where that goes.
const reminderOf = (ctx: ChatContext) => `${keyOf(ctx)}:reminded`;

/** Whether somebody is to hear that their question is still open: once for each, not after every command. */
export async function remindOnce(ctx: ChatContext): Promise<boolean> {
  const { db } = ctx.deps.world.database;
  if ((await readConversation(db, reminderOf(ctx))) !== undefined) return false;
  await writeConversation(db, reminderOf(ctx), {}, ctx.now);
  return true;
}

/** Another question begins. */
export function forgetReminder(ctx: ChatContext): Promise<void> {
  return deleteConversation(ctx.deps.world.database.db, reminderOf(ctx));
}
