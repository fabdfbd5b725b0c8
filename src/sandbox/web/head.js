// The bar above the conversation: whose chat, what can be done with it, what is pinned.
import { peopleIn } from './chats.js';
import { groupDialog } from './dialogs.js';
import { avatar, byId, h, iconButton } from './dom.js';
import { act, chatOf, isIn, personOf, store, tell } from './store.js';
import { toast } from './toasts.js';

const typing = new Map();

/** The bot is busy in a chat; shown for a few seconds. */
export function showTyping(chat, action) {
  clearTimeout(typing.get(chat)?.timer);
  const timer = setTimeout(() => {
    typing.delete(chat);
    drawHead();
  }, 5000);
  typing.set(chat, { text: action === 'typing' ? 'is typing…' : 'is sending…', timer });
  drawHead();
}

export function stopTyping(chat) {
  clearTimeout(typing.get(chat)?.timer);
  if (typing.delete(chat)) drawHead();
}

function subtitle(chat) {
  const busy = typing.get(chat.id);
  if (busy) return h('p', { class: 'busy' }, `${store.bot.first_name} ${busy.text}`);
  if (!store.connected) return h('p', { class: 'busy' }, 'Waiting for the sandbox…');
  if (chat.type === 'private') {
    const person = personOf(chat.id);
    return h('p', {}, person.blocked ? 'You have blocked the bot' : `bot · @${store.bot.username}`);
  }
  const names = peopleIn(chat.id).map((person) => person.first_name);
  return h('p', {}, [...names, isIn(chat.bot) ? store.bot.first_name : ''].filter(Boolean).join(', '));
}

function blockButton(person) {
  const label = person.blocked ? 'Unblock the bot' : 'Block the bot';
  const press = () =>
    act(person.blocked ? 'unblock' : 'block', { person: person.id }).catch((error) =>
      toast(error.message, true),
    );
  return iconButton('block', label, press, {
    'data-testid': person.blocked ? 'unblock' : 'block',
    'aria-pressed': String(person.blocked),
  });
}

function back() {
  store.chat = undefined;
  tell({ kind: 'view' });
}

/** Draws the head of the open chat. */
export function drawHead() {
  const chat = chatOf(store.chat);
  const head = byId('talk-head');
  drawPinned(chat);
  if (!chat) return head.replaceChildren();
  const person = chat.type === 'private' ? personOf(chat.id) : undefined;
  const title = person ? store.bot.first_name : chat.title;
  const parts = [
    iconButton('back', 'All chats', back, { class: 'icon back' }),
    person ? h('img', { class: 'avatar', src: '/sandbox/assets/bell.svg', alt: '' }) : avatar(chat.id, title),
    h('div', { class: 'talk-title' }, h('h2', {}, title), subtitle(chat)),
    person &&
      h(
        'span',
        { class: 'as', title: 'Who you are in this chat' },
        avatar(person.id, person.first_name),
        person.first_name,
      ),
    person?.started ? blockButton(person) : '',
    person ? '' : iconButton('info', 'Group', () => groupDialog(chat.id), { 'data-testid': 'group-info' }),
  ];
  head.replaceChildren(...parts.filter(Boolean));
}

function drawPinned(chat) {
  const bar = byId('pinned');
  const id = chat?.pinned.at(-1);
  const message = id === undefined ? undefined : store.messages.get(chat.id)?.get(id);
  bar.hidden = !message || message.deleted;
  if (bar.hidden) return;
  const go = () => document.querySelector(`[data-message-id="${id}"]`)?.scrollIntoView({ block: 'center' });
  bar.replaceChildren(
    h(
      'button',
      { type: 'button', onclick: go },
      h('strong', {}, 'Pinned'),
      h('span', {}, message.text.slice(0, 160)),
    ),
  );
}
