// The left column: one entry per person's chat with the bot, one per group.
import { avatar, byId, h, icon } from './dom.js';
import { openChat } from './links.js';
import { chatOf, isIn, personOf, standing, store } from './store.js';
import { brief } from './times.js';

function preview(message) {
  if (!message) return 'No messages yet';
  if (message.service) return serviceText(message);
  const text =
    message.text ||
    (message.location ? 'A place' : message.photo ? 'Photo' : (message.document?.file_name ?? ''));
  return text.replace(/\s+/g, ' ').slice(0, 120);
}

/** What a service message says. */
export function serviceText({ service, from }) {
  const names = (users) => users.map((user) => user.first_name).join(', ');
  switch (service.kind) {
    case 'joined':
      return service.users[0]?.id === from.id
        ? `${from.first_name} joined`
        : `${from.first_name} added ${names(service.users)}`;
    case 'left':
      return service.user.id === from.id
        ? `${from.first_name} left`
        : `${from.first_name} removed ${service.user.first_name}`;
    case 'pinned':
      return `${from.first_name} pinned a message`;
    case 'topic':
      return `Topic “${service.name}” opened`;
    case 'topic-closed':
      return `Topic “${service.name}” closed`;
    case 'topic-reopened':
      return `Topic “${service.name}” open again`;
    default:
      return 'The group became a supergroup';
  }
}

function badge(id) {
  const count = store.unread.get(id);
  if (!count) return undefined;
  const total = count.sounding + count.silent;
  const label = `${total} unread${count.sounding ? '' : ', silent'}`;
  return h('span', { class: `badge ${count.sounding ? '' : 'quiet'}`, 'aria-label': label }, String(total));
}

function entry(chat) {
  const last = standing(chat.id).at(-1);
  const isPrivate = chat.type === 'private';
  const person = isPrivate ? personOf(chat.id) : undefined;
  const name = person?.first_name ?? chat.title;
  const who =
    last && !last.service && !isPrivate
      ? `${last.from.first_name}: `
      : last && isPrivate && !last.fromBot
        ? 'You: '
        : '';
  return h(
    'button',
    {
      type: 'button',
      class: 'chat',
      'data-chat': String(chat.id),
      'data-testid': `chat-${chat.id}`,
      'aria-current': store.chat === chat.id ? 'true' : undefined,
      onclick: () => openChat(chat.id),
    },
    avatar(chat.id, name),
    h(
      'span',
      { class: 'chat-main' },
      h(
        'span',
        { class: 'chat-top' },
        h('span', { class: 'chat-name' }, name),
        !isPrivate && h('span', { class: 'chat-kind' }, icon('group')),
        person?.blocked && h('span', { class: 'chat-kind', title: 'Has blocked the bot' }, icon('block')),
        last && h('span', { class: 'chat-time' }, brief(last.edit_date ?? last.date)),
      ),
      h(
        'span',
        { class: 'chat-bottom' },
        h('span', { class: 'chat-preview' }, who, preview(last)),
        badge(chat.id),
      ),
    ),
  );
}

/** Draws the list anew: people first, then groups, each in the order they came. */
export function drawChats() {
  const shown = store.chats.filter((chat) => chat.migratedTo === undefined);
  const people = shown.filter((chat) => chat.type === 'private');
  const groups = shown.filter((chat) => chat.type !== 'private');
  const focused = document.activeElement?.closest?.('[data-chat]')?.dataset.chat;
  byId('chats').replaceChildren(
    h('h2', {}, 'Private chats'),
    ...people.map(entry),
    groups.length > 0 ? h('h2', {}, 'Groups') : '',
    ...groups.map(entry),
  );
  if (focused) document.querySelector(`[data-chat="${focused}"]`)?.focus();
}

/** People of a group, by id. */
export const peopleIn = (chatId) => store.people.filter((person) => isIn(chatOf(chatId)?.members[person.id]));
