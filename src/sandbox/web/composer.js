// The bar below the conversation: Start, unblock, or writing with commands, replies, places and the bot's keyboard.
import { addBotBar, replyKeyboard, speakerChoice, startBar } from './bars.js';
import { commandList, commandsHere } from './commands.js';
import { placeDialog } from './dialogs.js';
import { byId, h, icon, iconButton } from './dom.js';
import { openStart, payloadOf } from './links.js';
import { act, chatOf, isIn, me, personOf, store } from './store.js';
import { toast } from './toasts.js';
import { threadHere } from './topics.js';
import { openWebApp } from './web-app.js';

const drafts = new Map();
let replyTo;
let drawn = '';

const trouble = (error) => toast(error.message, true);

/** Says something in the open chat as who one is there. */
export function say(text) {
  const link = payloadOf(text);
  if (link !== undefined) return openStart(me(), link);
  const reply = replyTo && replyTo.chat_id === store.chat ? { replyTo: replyTo.message_id } : {};
  const where = replyTo?.thread_id ?? threadHere();
  const thread = where ? { threadId: where } : {};
  replyTo = undefined;
  return act('say', { person: me(), chat: store.chat, text, ...reply, ...thread }).catch(trouble);
}

/** Answers to a message: the next thing said is a reply. */
export function setReply(message) {
  replyTo = message;
  drawFoot(true);
  byId('text')?.focus();
}

/** A bot's force_reply opens a reply by itself. */
export function noticeForceReply(message) {
  if (message.chat_id === store.chat && message.fromBot && message.reply_markup?.force_reply)
    setReply(message);
}

function replyBar() {
  if (!replyTo || replyTo.chat_id !== store.chat) return undefined;
  return h(
    'div',
    { class: 'reply-bar', 'data-testid': 'reply-bar' },
    icon('reply'),
    h(
      'span',
      {},
      h('strong', {}, replyTo.from.first_name),
      h('span', { class: 'cut' }, replyTo.text.slice(0, 160) || 'Message'),
    ),
    iconButton('close', 'No reply', () => setReply(undefined)),
  );
}

function menuButton(list) {
  const menu = store.menus[store.chat] ?? store.menus[0];
  if (menu?.type === 'web_app' && chatOf(store.chat)?.type === 'private') {
    return h(
      'button',
      {
        type: 'button',
        class: 'menu-app',
        onclick: () => void openWebApp(menu.web_app.url, menu.text, me()),
      },
      menu.text,
    );
  }
  if (commandsHere().length === 0) return undefined;
  const toggle = () => (list.isOpen() ? list.close() : list.filter('/'));
  return iconButton('menu', 'Commands', toggle, { 'data-testid': 'menu' });
}

function writingBar(chat) {
  const input = h('textarea', {
    id: 'text',
    rows: '1',
    placeholder: 'Message',
    'aria-label': 'Message',
    'data-testid': 'composer',
    autocomplete: 'off',
  });
  input.value = drafts.get(chat.id) ?? '';
  const grow = () => {
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  };
  const send = () => {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    drafts.delete(chat.id);
    list.close();
    grow();
    void say(text);
    drawFoot(true);
    byId('text')?.focus();
  };
  const list = commandList((command, direct) => {
    input.value = `/${command}${direct ? '' : ' '}`;
    list.close();
    if (direct) send();
    input.focus();
  });
  const typed = () => {
    drafts.set(chat.id, input.value);
    grow();
    if (/^\/\w*$/.test(input.value)) list.filter(input.value);
    else list.close();
  };
  const pressed = (event) => {
    if (event.isComposing) return;
    if (list.isOpen() && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      return list.move(event.key === 'ArrowDown' ? 1 : -1);
    }
    if (list.isOpen() && event.key === 'Tab' && list.current()) {
      event.preventDefault();
      input.value = `/${list.current()} `;
      return list.close();
    }
    if (event.key === 'Escape') {
      list.close();
      if (replyTo) setReply(undefined);
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      // With the list open, Enter takes the marked command, as messengers do.
      if (list.isOpen() && list.current()) input.value = `/${list.current()}`;
      send();
    }
  };
  input.addEventListener('input', typed);
  input.addEventListener('keydown', pressed);
  return h(
    'div',
    { class: 'composer' },
    list.box,
    replyBar(),
    h(
      'div',
      { class: 'composer-row' },
      menuButton(list),
      iconButton('pin', 'Share a place', placeDialog, { 'data-testid': 'place' }),
      chat.type === 'private' ? '' : speakerChoice(chat),
      input,
      iconButton('send', 'Send', send, { class: 'icon send', 'data-testid': 'send' }),
    ),
    replyKeyboard(say),
  );
}

/** Draws what belongs below the open chat; leaves a bar that is being typed in alone unless `force`. */
export function drawFoot(force = false) {
  const chat = chatOf(store.chat);
  const foot = byId('foot');
  if (!chat) return foot.replaceChildren();
  const person = personOf(me());
  const payload = store.payloads.get(chat.id);
  const isPrivate = chat.type === 'private';
  const needsStart = isPrivate && (!person.started || person.blocked || payload !== undefined);
  const outside = !isPrivate && !(person && isIn(chat.members[person.id]));
  const botMissing = !isPrivate && !outside && !isIn(chat.bot);
  const sign = JSON.stringify([
    chat.id,
    me(),
    needsStart,
    payload,
    outside,
    botMissing,
    commandsHere(),
    chat.members,
    store.menus,
    replyKeyboard(say)?.textContent,
  ]);
  if (!force && sign === drawn) return;
  drawn = sign;
  if (needsStart) return foot.replaceChildren(startBar(person, payload));
  if (outside)
    return foot.replaceChildren(h('p', { class: 'hint center' }, 'None of your people is in this group.'));
  const hadFocus = document.activeElement?.id === 'text';
  foot.replaceChildren(...(botMissing ? [addBotBar(chat)] : []), writingBar(chat));
  if (hadFocus) byId('text')?.focus();
}
