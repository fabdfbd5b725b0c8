// The state of the emulated Telegram and the one function that changes it.
import type { BotCommand, MenuButton, Update } from '@grammyjs/types';
import type {
  Change,
  Chat,
  Person,
  Query,
  SandboxMessage,
  StoredFile,
  UpdateKind,
  Webhook,
} from './shapes.ts';

export interface State {
  people: Map<number, Person>;
  chats: Map<number, Chat>;
  updates: { update: Update; at: number }[];
  lastUpdateId: number;
  lastMessageId: number;
  lastQuery: number;
  queries: Map<string, Query>;
  webhook: Webhook | null;
  allowed: UpdateKind[];
  commands: Map<string, BotCommand[]>;
  profile: Map<string, string>;
  menus: Map<number, MenuButton>;
  files: Map<string, StoredFile>;
}

/** A Telegram in which nobody has said anything yet. */
export function emptyState(): State {
  return {
    people: new Map(),
    chats: new Map(),
    updates: [],
    lastUpdateId: 871_000_000,
    lastMessageId: 0,
    lastQuery: 0,
    queries: new Map(),
    webhook: null,
    allowed: [],
    commands: new Map(),
    profile: new Map(),
    menus: new Map(),
    files: new Map(),
  };
}

/** The id the next message of a chat gets: supergroups count alone, private chats and groups share one row. */
export function nextMessageId(state: State, chat: Chat): number {
  return (chat.type === 'supergroup' ? chat.lastMessageId : state.lastMessageId) + 1;
}

/** Finds a message that was not deleted. */
export function liveMessage(state: State, chatId: number, messageId: number): SandboxMessage | undefined {
  const message = state.chats.get(chatId)?.messages.get(messageId);
  return message?.deleted ? undefined : message;
}

/** Applies one recorded change to the state, in place; the same changes always give the same state. */
export function apply(state: State, change: Change): void {
  switch (change.do) {
    case 'person':
      state.people.set(change.person.id, change.person);
      return;
    case 'chat':
      applyChat(state, change);
      return;
    case 'member':
      chatOf(state, change.chat).members.set(change.user, change.status);
      return;
    case 'bot':
      chatOf(state, change.chat).bot = change.status;
      chatOf(state, change.chat).topicRights = change.topicRights ?? true;
      return;
    case 'topic':
      applyTopic(chatOf(state, change.chat), change);
      return;
    case 'migrated':
      chatOf(state, change.from).migratedTo = change.to;
      return;
    case 'message':
      applyMessage(state, change.message);
      return;
    case 'edit':
      applyEdit(state, change);
      return;
    case 'delete':
      for (const id of change.message_ids) {
        const message = chatOf(state, change.chat).messages.get(id);
        if (message) message.deleted = true;
      }
      return;
    case 'pin':
      chatOf(state, change.chat).pinned = change.pinned;
      return;
    case 'react': {
      const message = chatOf(state, change.chat).messages.get(change.message_id);
      if (message) message.reaction = change.reaction;
      return;
    }
    case 'update':
      state.updates.push({ update: change.update, at: change.at });
      state.lastUpdateId = change.update.update_id;
      return;
    case 'confirm':
      state.updates = state.updates.filter((row) => row.update.update_id >= change.below);
      return;
    case 'drop-updates':
      state.updates = [];
      return;
    case 'webhook':
      state.webhook = change.webhook;
      return;
    case 'allowed':
      state.allowed = change.kinds;
      return;
    case 'query':
      state.lastQuery += 1;
      forgetOldQueries(state, change.query.at);
      state.queries.set(change.query.id, change.query);
      return;
    case 'answer': {
      const query = state.queries.get(change.id);
      if (query) query.answer = change.answer;
      return;
    }
    case 'commands':
      if (change.commands) state.commands.set(change.key, change.commands);
      else state.commands.delete(change.key);
      return;
    case 'profile':
      state.profile.set(change.key, change.text);
      return;
    case 'menu':
      state.menus.set(change.chat, change.button);
      return;
    case 'file':
      state.files.set(change.file.file_id, change.file);
      return;
  }
}

// A query that nobody answered in time can never be answered; keeping it would only grow the memory.
function forgetOldQueries(state: State, now: number): void {
  for (const [id, query] of state.queries) {
    if (query.at > now - 60_000) return;
    state.queries.delete(id);
  }
}

function chatOf(state: State, id: number): Chat {
  const chat = state.chats.get(id);
  if (!chat) throw new Error(`sandbox journal speaks of chat ${id}, which was never created`);
  return chat;
}

function applyChat(state: State, change: Extract<Change, { do: 'chat' }>): void {
  const known = state.chats.get(change.id);
  if (known) {
    known.title = change.title;
    known.forum = change.forum;
    return;
  }
  state.chats.set(change.id, {
    id: change.id,
    type: change.type,
    title: change.title,
    forum: change.forum,
    bot: change.type === 'private' ? 'member' : 'left',
    topicRights: true,
    members: new Map(),
    topics: new Map(),
    messages: new Map(),
    pinned: [],
    lastMessageId: 0,
  });
}

function applyTopic(chat: Chat, { thread, name, closed, deleted }: Extract<Change, { do: 'topic' }>): void {
  if (!deleted) {
    chat.topics.set(thread, { name, closed });
    return;
  }
  chat.topics.delete(thread);
  for (const message of chat.messages.values()) if (message.thread_id === thread) message.deleted = true;
}

function applyMessage(state: State, message: SandboxMessage): void {
  const chat = chatOf(state, message.chat_id);
  chat.messages.set(message.message_id, message);
  chat.lastMessageId = message.message_id;
  if (chat.type !== 'supergroup') state.lastMessageId = message.message_id;
}

function applyEdit(state: State, change: Extract<Change, { do: 'edit' }>): void {
  const message = chatOf(state, change.chat).messages.get(change.message_id);
  if (!message) return;
  const { text, entities, reply_markup } = message;
  message.history.push({ text, entities, ...(reply_markup ? { reply_markup } : {}), until: change.at });
  message.text = change.text;
  message.entities = change.entities;
  if (change.reply_markup) message.reply_markup = change.reply_markup;
  else delete message.reply_markup;
  if (change.textChanged) message.edit_date = Math.floor(change.at / 1000);
}
