// Topics of the open chat: a row of tabs, which one is looked at, and where the next words go.
import { byId, h } from './dom.js';
import { chatOf, standing, store, tell } from './store.js';

/** chat id -> the thread that is looked at; 0: General; absent: all of them. */
const looked = new Map();
const general = 1;

/** The thread that is looked at in this chat: a number, 0 for General, undefined for everything. */
export function topicOf(chatId) {
  const chat = chatOf(chatId);
  const thread = looked.get(chatId);
  if (!chat?.forum || thread === undefined || thread === 0) return chat?.forum ? thread : undefined;
  return chat.topics.some((topic) => topic.id === thread) ? thread : undefined;
}

/** Where the next words go. */
export const threadHere = () => topicOf(store.chat) || undefined;

/** Whether a message stands in what is looked at. */
export function isShown(message) {
  const thread = topicOf(message.chat_id);
  return thread === undefined || (message.thread_id ?? 0) === thread;
}

/** The messages of a chat that are looked at. */
export const standingHere = (chatId) => standing(chatId).filter(isShown);

/** The name of a message's topic, where all are looked at together. */
export function topicTag(message) {
  if (!message.thread_id || topicOf(message.chat_id) !== undefined || message.service) return undefined;
  const topic = chatOf(message.chat_id)?.topics.find(({ id }) => id === message.thread_id);
  return (
    topic && h('button', { type: 'button', class: 'topic-tag', onclick: () => look(topic.id) }, topic.name)
  );
}

function look(thread) {
  if (thread === undefined) looked.delete(store.chat);
  else looked.set(store.chat, thread);
  tell({ kind: 'view' });
}

/** Draws the tabs of the open chat; nothing where there are no topics. */
export function drawTopics() {
  const chat = chatOf(store.chat);
  const bar = byId('topics');
  bar.hidden = !chat?.forum;
  if (bar.hidden) return bar.replaceChildren();
  const now = topicOf(chat.id);
  const count = (thread) =>
    standing(chat.id).filter((m) => (m.thread_id ?? 0) === thread && !m.service).length;
  const tab = (text, thread, closed = false) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        class: 'topic',
        'aria-selected': String(now === thread),
        'data-testid': `topic-${thread ?? 'all'}`,
        onclick: () => look(thread),
      },
      text,
      closed && h('small', {}, 'closed'),
      thread !== undefined && count(thread) > 0 && h('small', {}, String(count(thread))),
    );
  const isClosed = chat.topics.some(({ id, closed }) => id === general && closed);
  bar.replaceChildren(
    tab('All', undefined),
    tab(chat.type === 'private' ? 'No topic' : 'General', 0, isClosed),
    ...chat.topics.filter(({ id }) => id !== general).map(({ id, name, closed }) => tab(name, id, closed)),
  );
}
