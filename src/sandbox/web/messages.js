// The conversation: bubbles, kept one by one so that an edit changes only its own.
import { serviceText } from './chats.js';
import { byId, h, icon, iconButton, tint } from './dom.js';
import { formatted } from './entities.js';
import { inlineKeyboard } from './keyboard.js';
import { openLink } from './links.js';
import { chatOf, me, store } from './store.js';
import { clock, day, exact } from './times.js';
import { isShown, standingHere, topicTag } from './topics.js';

const shown = { chat: undefined, nodes: new Map() };

function quoteOf(message) {
  const target = message.reply_to && store.messages.get(message.chat_id)?.get(message.reply_to);
  if (!target) return undefined;
  const go = () =>
    shown.nodes.get(target.message_id)?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  return h(
    'button',
    { type: 'button', class: 'reply-quote', onclick: go },
    h('strong', {}, target.from.first_name),
    h('span', {}, target.deleted ? 'Deleted message' : target.text.slice(0, 140) || 'Message'),
  );
}

function attachment(message) {
  if (message.photo) {
    const id = message.photo.at(-1).file_id;
    return h('img', {
      class: 'photo',
      src: `/sandbox/api/file?id=${encodeURIComponent(id)}`,
      alt: message.text || 'Photo',
    });
  }
  if (message.document) {
    const { file_id, file_name, file_size } = message.document;
    const href = `/sandbox/api/file?id=${encodeURIComponent(file_id)}`;
    const size = file_size < 1024 ? `${file_size} B` : `${(file_size / 1024).toFixed(1)} kB`;
    return h(
      'a',
      { class: 'file', href, download: file_name },
      icon('file'),
      h('span', {}, file_name),
      h('small', {}, size),
    );
  }
  if (!message.location) return undefined;
  const { latitude, longitude } = message.location;
  return h(
    'div',
    { class: 'place' },
    icon('pin'),
    h('span', {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`),
  );
}

function meta(message) {
  const when = message.edit_date
    ? `Sent ${exact(message.date)}, edited ${exact(message.edit_date)}`
    : exact(message.date);
  return h(
    'span',
    { class: 'meta', title: when },
    message.silent &&
      h('span', { class: 'silent', title: 'Sent without sound', 'data-testid': 'silent' }, icon('silent')),
    message.edit_date && h('span', { class: 'edited' }, 'edited'),
    h('time', {}, clock(message.date)),
  );
}

function bubble(message) {
  const mine = !message.fromBot && message.from.id === me();
  const attributes = {
    'data-message-id': String(message.message_id),
    'data-from': message.fromBot ? 'bot' : String(message.from.id),
  };
  if (message.service) return h('div', { class: 'service', ...attributes }, serviceText(message));
  const on = {
    command: (text) => document.dispatchEvent(new CustomEvent('say', { detail: text })),
    link: (url) => openLink(url),
  };
  const isGroup = chatOf(message.chat_id)?.type !== 'private';
  const reply = () => document.dispatchEvent(new CustomEvent('reply', { detail: message }));
  const reaction = message.reaction?.[0]?.emoji;
  return h(
    'article',
    { class: `message ${mine ? 'mine' : 'theirs'}`, ...attributes },
    h(
      'div',
      { class: 'bubble' },
      isGroup && !mine && h('strong', { class: `author ${tint(message.from.id)}` }, message.from.first_name),
      topicTag(message),
      quoteOf(message),
      attachment(message),
      h('div', { class: 'text', dir: 'auto' }, formatted(message.text, message.entities, on), meta(message)),
      reaction && h('span', { class: 'reaction' }, reaction),
    ),
    inlineKeyboard(message),
    iconButton('reply', 'Reply', reply, { class: 'icon reply' }),
  );
}

function separator(message, before) {
  if (before && day(before.date) === day(message.date)) return undefined;
  return h('div', { class: 'day' }, day(message.date));
}

const isAtEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 120;

/** Goes to the newest message. */
export function toEnd(smooth = false) {
  const box = byId('messages');
  box.scrollTo({ top: box.scrollHeight, behavior: smooth ? 'smooth' : 'instant' });
}

/** Draws the open chat from the start. */
export function drawMessages() {
  const box = byId('messages');
  const all = standingHere(store.chat);
  shown.chat = store.chat;
  shown.nodes = new Map(all.map((message) => [message.message_id, bubble(message)]));
  const nodes = all.flatMap((message, at) => [
    separator(message, all[at - 1]),
    shown.nodes.get(message.message_id),
  ]);
  box.replaceChildren(...nodes.filter(Boolean));
  toEnd();
  requestAnimationFrame(() => toEnd());
}

/** Takes one new, edited or deleted message of the open chat into the page. */
export function takeMessage(message) {
  if (message.chat_id !== shown.chat || !isShown(message)) return;
  const box = byId('messages');
  const old = shown.nodes.get(message.message_id);
  if (message.deleted) {
    old?.remove();
    shown.nodes.delete(message.message_id);
    return;
  }
  const follow = isAtEnd(box) || message.from.id === me();
  const node = bubble(message);
  shown.nodes.set(message.message_id, node);
  if (old) {
    const openQuote = old.querySelector('.expandable.open');
    old.replaceWith(node);
    if (openQuote) node.querySelector('.quote-toggle')?.click();
    node.classList.add('changed');
  } else {
    const before = standingHere(store.chat).at(-2);
    box.append(...[separator(message, before), node].filter(Boolean));
    node.classList.add('new');
  }
  if (follow) {
    toEnd();
    requestAnimationFrame(() => toEnd());
  }
}

/** Shows the way down when one has scrolled up. */
export function watchScroll() {
  const box = byId('messages');
  const button = byId('to-end');
  let stick = true;
  box.addEventListener('scroll', () => {
    stick = isAtEnd(box);
    button.hidden = stick;
  });
  // When the bar below grows, the newest message stays in view.
  new ResizeObserver(() => stick && toEnd()).observe(box);
  button.addEventListener('click', () => toEnd(true));
}
