// What a person can do: write, press buttons, share a place, block the bot.
import type { InlineKeyboardButton, Message } from '@grammyjs/types';
import { documentOf, keepFile } from './methods/files.ts';
import { changeBot, type Posted, post, requireChat, requireUser } from './posting.ts';
import { findButton, type Pressed, type PressOptions, type PressResult, sendPress } from './pressing.ts';
import type { Person, SandboxMessage } from './shapes.ts';
import type { World } from './world.ts';

export interface SayOptions {
  /** The chat to write into; the person's private chat with the bot when not given. */
  chat?: number;
  replyTo?: number;
  threadId?: number;
}

export interface SandboxPerson {
  readonly id: number;
  /** Writes a message; refused while the bot is blocked. */
  say(text: string, options?: SayOptions): Message;
  /** Presses a button by label (exact before partial) or with forged data; resolves with the bot's answer. */
  press(button: string | { data: string }, options?: PressOptions): Promise<PressResult>;
  /** Sends the last press again as a client does after a lost connection: new update id, new query id. */
  resendPress(options?: { timeout?: number }): Promise<PressResult>;
  /** Opens the bot and presses Start, with the payload of a deep link; unblocks the bot first. */
  start(payload?: string): Message;
  shareLocation(latitude: number, longitude: number, options?: SayOptions): Message;
  /** Sends a file, with a caption or without. */
  sendFile(name: string, content: string, options?: SayOptions & { caption?: string }): Message;
  block(): void;
  /** A topic of the private chat goes, with all that was said in it. */
  deleteTopic(thread: number): void;
  unblock(): void;
  /** Deletes the person's Telegram account. */
  deactivate(): void;
  /** The bot's last standing message in the private chat, or in another chat. */
  last(chat?: number): SandboxMessage | undefined;
  /** The bot's standing messages in the private chat, or in another chat, oldest first. */
  seen(chat?: number): SandboxMessage[];
}

const pressTimeout = 10_000;

/** A copy of a message that later edits do not change. */
export const snapshot = (message: SandboxMessage): SandboxMessage => ({
  ...message,
  history: [...message.history],
});

/** Creates a person, or changes the profile of a known one; the private chat has the person's id. */
export function ensurePerson(
  world: World,
  id: number,
  profile: { first_name?: string; username?: string; language_code?: string } = {},
): void {
  const known = world.state.people.get(id);
  const person: Person = {
    started: false,
    blocked: false,
    deactivated: false,
    ...(known ?? { id, first_name: `Person ${id}` }),
    ...profile,
  };
  if (known && Object.keys(profile).length === 0) return;
  world.commit({ do: 'person', person });
  const forum = world.me.has_topics_enabled;
  if (!known) world.commit({ do: 'chat', id, type: 'private', title: person.first_name, forum });
}

/** The hands of one person; remembers their last press for resendPress. */
export function personHands(world: World, id: number): SandboxPerson {
  let lastPress: Pressed | undefined;
  const me = () => {
    const person = world.state.people.get(id);
    if (!person) throw new Error(`the sandbox has no person ${id}`);
    return person;
  };
  const flag = (change: Partial<Person>) => world.commit({ do: 'person', person: { ...me(), ...change } });
  const write = (chatId: number, posted: Posted) => {
    const person = me();
    if (person.deactivated) throw new Error(`${person.first_name}'s account is deleted`);
    if (chatId === id && person.blocked)
      throw new Error(`${person.first_name} has blocked the bot; unblock it first`);
    requireMembership(chatId);
    if (chatId === id && !person.started) flag({ started: true });
    return post(world, requireUser(world, id), requireChat(world, chatId), posted);
  };
  const requireMembership = (chatId: number) => {
    const chat = requireChat(world, chatId);
    if (chat.migratedTo !== undefined)
      throw new Error(`chat ${chatId} is now the supergroup ${chat.migratedTo}`);
    const status = chat.members.get(id) ?? 'left';
    if (chat.type === 'private' ? chatId !== id : status === 'left' || status === 'kicked') {
      throw new Error(`${me().first_name} is not in chat ${chatId}`);
    }
  };
  const block = (to: boolean) => {
    if (me().blocked === to) return;
    flag({ blocked: to });
    const chat = requireChat(world, id);
    changeBot(world, requireUser(world, id), chat, to ? 'kicked' : 'member', to ? 'member' : 'kicked');
  };
  const seen = (chat = id) =>
    [...requireChat(world, chat).messages.values()].filter((m) => m.fromBot && !m.deleted).map(snapshot);
  const send = (pressed: Pressed, timeout: number) => {
    lastPress = pressed;
    return sendPress(world, id, pressed, timeout);
  };
  return {
    id,
    say: (text, { chat = id, replyTo, threadId } = {}) => write(chat, { text, replyTo, threadId }),
    async press(button, { chat = id, messageId, timeout = pressTimeout } = {}) {
      if (typeof button !== 'string') {
        const target = messageId ?? seen(chat).at(-1)?.message_id;
        if (target === undefined) throw new Error(`no message of the bot in chat ${chat}`);
        return send({ chat, messageId: target, data: button.data }, timeout);
      }
      requireMembership(chat);
      const found = findButton(requireChat(world, chat), button, messageId);
      if ('callback_data' in found.button) {
        const data = found.button.callback_data;
        return send({ chat, messageId: found.message.message_id, data }, timeout);
      }
      return openedBy(found.button);
    },
    async resendPress({ timeout = pressTimeout } = {}) {
      if (!lastPress) throw new Error(`person ${id} has not pressed anything yet`);
      return send(lastPress, timeout);
    },
    start(payload) {
      block(false);
      return write(id, { text: payload ? `/start ${payload}` : '/start' });
    },
    shareLocation: (latitude, longitude, { chat = id, replyTo, threadId } = {}) =>
      write(chat, { location: { latitude, longitude }, replyTo, threadId }),
    sendFile(name, content, { chat = id, replyTo, threadId, caption = '' } = {}) {
      const document = documentOf(keepFile(world, { name, mime: 'text/plain', bytes: Buffer.from(content) }));
      return write(chat, { text: caption, document, replyTo, threadId });
    },
    block: () => block(true),
    deleteTopic(thread) {
      const topic = requireChat(world, id).topics.get(thread);
      if (!topic) throw new Error(`no topic ${thread} in the private chat of ${me().first_name}`);
      world.commit({ do: 'topic', chat: id, thread, ...topic, deleted: true });
    },
    unblock: () => block(false),
    deactivate: () => flag({ deactivated: true }),
    last: (chat) => seen(chat).at(-1),
    seen,
  };
}

function openedBy(button: InlineKeyboardButton): PressResult {
  if ('url' in button) return { show_alert: false, url: button.url };
  if ('web_app' in button) return { show_alert: false, web_app: button.web_app.url };
  if ('copy_text' in button) return { show_alert: false, copied: button.copy_text.text };
  return { show_alert: false };
}
