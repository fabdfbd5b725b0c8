// A press on an inline button: the callback query, and waiting for the bot's answer to it.
import type { InlineKeyboardButton } from '@grammyjs/types';
import { requireChat, requireUser } from './posting.ts';
import type { CallbackAnswer, Chat, SandboxMessage } from './shapes.ts';
import { messageView } from './views.ts';
import { queueUpdate, type World } from './world.ts';

export interface PressOptions {
  chat?: number;
  messageId?: number;
  /** How long to wait for the bot's answer, in milliseconds; 10 seconds when not given. */
  timeout?: number;
}

/** What came of a press: the bot's answer, or what a button without a callback opens or copies. */
export interface PressResult extends CallbackAnswer {
  copied?: string;
  web_app?: string;
}

export interface Pressed {
  chat: number;
  messageId: number;
  data: string;
}

/** The labels of a message's inline buttons, row by row. */
export function labels(message: SandboxMessage): string[][] {
  return buttonsOf(message).map((row) => row.map((button) => button.text));
}

function buttonsOf(message: SandboxMessage): InlineKeyboardButton[][] {
  const markup = message.reply_markup;
  return markup && 'inline_keyboard' in markup ? markup.inline_keyboard : [];
}

/** Finds a button by its label, exact before partial, on the given message or the newest that has one. */
export function findButton(
  chat: Chat,
  label: string,
  messageId: number | undefined,
): { message: SandboxMessage; button: InlineKeyboardButton } {
  const candidates = [...chat.messages.values()]
    .filter((m) => m.fromBot && !m.deleted && (messageId === undefined || m.message_id === messageId))
    .reverse();
  for (const message of candidates) {
    const all = buttonsOf(message).flat();
    const button = all.find((b) => b.text === label) ?? all.find((b) => b.text.includes(label));
    if (button) return { message, button };
  }
  const seen = candidates.slice(0, 3).map((m) => `#${m.message_id} ${JSON.stringify(labels(m))}`);
  throw new Error(`no button “${label}” in chat ${chat.id}; newest messages: ${seen.join(' · ') || 'none'}`);
}

/** Sends a callback query with this data and resolves with the bot's answer; rejects when none comes in time. */
export function sendPress(
  world: World,
  personId: number,
  pressed: Pressed,
  timeout: number,
): Promise<PressResult> {
  const { state } = world;
  const chat = requireChat(world, pressed.chat);
  const message = chat.messages.get(pressed.messageId);
  const id = `${4_000_000_000_000 + state.lastQuery + 1}`;
  const answered = waitForAnswer(world, id, pressed.data, timeout);
  world.commit({
    do: 'query',
    query: {
      id,
      person: personId,
      chat: chat.id,
      message_id: pressed.messageId,
      data: pressed.data,
      at: world.now(),
    },
  });
  const inaccessible = { chat: { id: chat.id, type: chat.type }, message_id: pressed.messageId, date: 0 };
  queueUpdate(world, {
    callback_query: {
      id,
      from: requireUser(world, personId),
      message: (message && !message.deleted ? messageView(state, message) : inaccessible) as never,
      chat_instance: String(7_000_000_000 + Math.abs(chat.id)),
      data: pressed.data,
    },
  });
  return answered;
}

function waitForAnswer(world: World, id: string, data: string, timeout: number): Promise<PressResult> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`the bot did not answer the press of “${data}” within ${timeout} ms`));
    }, timeout);
    const stop = world.onChange((change) => {
      if (change.do !== 'answer' || change.id !== id) return;
      clearTimeout(timer);
      stop();
      resolve(change.answer);
    });
  });
}
