// Links: the bot's own deep links open inside the page, everything else in a new tab.
import { chatOf, isIn, me, personOf, store, tell } from './store.js';

/** The payload of a deep link to this bot, or undefined. */
export function payloadOf(url) {
  const match = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(\w+)\/?\?start=([\w-]{1,64})$/i.exec(url.trim());
  return match && match[1].toLowerCase() === store.bot.username.toLowerCase() ? match[2] : undefined;
}

/** Opens a link; true when the page took it itself. `force` also opens foreign ones in a new tab. */
export function openLink(url, force = false) {
  const payload = payloadOf(url);
  if (payload !== undefined) {
    openStart(me(), payload);
    return true;
  }
  if (force && /^https?:/i.test(url)) window.open(url, '_blank', 'noopener');
  return false;
}

/** Opens the private chat of a person with a Start that carries the payload. */
export function openStart(person, payload) {
  if (!personOf(person)) return;
  store.payloads.set(person, payload);
  openChat(person);
}

/** Opens a chat; in a group one goes on as who one was, if that person is in it. */
export function openChat(id) {
  const chat = chatOf(id);
  if (!chat) return;
  store.chat = id;
  store.unread.delete(id);
  if (chat.type === 'private') store.speaker = id;
  else if (!isIn(chat.members[store.speaker])) {
    store.speaker = Number(
      Object.keys(chat.members).find((one) => isIn(chat.members[one])) ?? store.people[0]?.id,
    );
  }
  tell({ kind: 'view' });
}
