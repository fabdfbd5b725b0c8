// What can stand in or around the writing bar: Start, the greeting, the bot's reply keyboard, who one is in a group.
import { peopleIn } from './chats.js';
import { placeDialog } from './dialogs.js';
import { h } from './dom.js';
import { act, me, standing, store, tell } from './store.js';
import { toast } from './toasts.js';
import { openWebApp } from './web-app.js';

const trouble = (error) => toast(error.message, true);

/** The big Start: also unblocks, and carries the payload of a deep link. */
export function startBar(person, payload) {
  const start = () => {
    store.payloads.delete(person.id);
    act('start', { person: person.id, ...(payload ? { payload } : {}) }).catch(trouble);
  };
  const text = person.blocked ? 'Unblock and start again' : 'Start';
  return h(
    'div',
    { class: 'start-bar' },
    payload ? h('p', {}, `Opened by a link with “${payload}”.`) : '',
    h('button', { type: 'button', class: 'start', 'data-testid': 'start', onclick: start }, text),
  );
}

/** In a group that the bot is not in: nothing said there reaches it. */
export function addBotBar(chat) {
  const add = () => act('add-bot', { group: chat.id, person: me() }).catch(trouble);
  const { first_name: bot } = store.bot;
  return h(
    'div',
    { class: 'start-bar' },
    h('p', {}, `${bot} is not in this group and reads nothing here.`),
    h('button', { type: 'button', class: 'start', 'data-testid': 'add-bot', onclick: add }, `Add ${bot}`),
  );
}

/** The big greeting in an empty private chat. */
export function greeting(person) {
  const about =
    store.bot.description || `${store.bot.first_name} is a bot. Press Start to let it write to you.`;
  return h(
    'div',
    { class: 'greeting' },
    h('img', { src: '/sandbox/assets/bell.svg', alt: '', width: '72', height: '72' }),
    h('h2', {}, store.bot.first_name),
    h('p', {}, about),
    h('p', { class: 'hint' }, `You are ${person.first_name} here, user id ${person.id}.`),
  );
}

/** The reply keyboard the bot last showed in this chat, if it was not taken away. */
export function replyKeyboard(say) {
  const last = standing(store.chat)
    .filter(
      (message) =>
        message.fromBot && (message.reply_markup?.keyboard || message.reply_markup?.remove_keyboard),
    )
    .at(-1)?.reply_markup;
  if (!last?.keyboard) return undefined;
  const press = (button) => () => {
    if (button.request_location) return placeDialog();
    if (button.web_app) return void openWebApp(button.web_app.url, button.text, me());
    say(button.text);
  };
  return h(
    'div',
    { class: 'reply-keys', 'data-testid': 'reply-keyboard' },
    last.keyboard.map((row) =>
      h(
        'div',
        { class: 'keys-row' },
        row.map((button) =>
          h(
            'button',
            {
              type: 'button',
              class: `key ${button.style ? `key-${button.style}` : ''}`,
              onclick: press(button),
            },
            button.text,
          ),
        ),
      ),
    ),
  );
}

/** Who speaks in a group. */
export function speakerChoice(chat) {
  const people = peopleIn(chat.id);
  const change = (event) => {
    store.speaker = Number(event.currentTarget.value);
    tell({ kind: 'view' });
  };
  return h(
    'label',
    { class: 'speaker' },
    h('span', {}, 'as'),
    h(
      'select',
      { 'data-testid': 'speaker', 'aria-label': 'Who you are in this group', onchange: change },
      people.map((person) => {
        const option = h('option', { value: String(person.id) }, person.first_name);
        option.selected = person.id === store.speaker;
        return option;
      }),
    ),
  );
}
