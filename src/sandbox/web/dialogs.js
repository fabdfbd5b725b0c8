// Small forms: a new person, a new group, who is in a group, a place to share.
import { h } from './dom.js';
import { openChat } from './links.js';
import { act, chatOf, isIn, me, store } from './store.js';
import { openDialog, toast } from './toasts.js';

const cities = [
  ['Berlin', 52.52, 13.405],
  ['Lisbon', 38.7223, -9.1393],
  ['London', 51.5074, -0.1278],
  ['New York', 40.7128, -74.006],
  ['São Paulo', -23.5505, -46.6333],
  ['Kolkata', 22.5726, 88.3639],
  ['Kathmandu', 27.7172, 85.324],
  ['Tokyo', 35.6762, 139.6503],
  ['Adelaide', -34.9285, 138.6007],
  ['Lord Howe Island', -31.5553, 159.0821],
  ['Chatham Islands', -43.9536, -176.5597],
];

const trouble = (error) => toast(error.message, true);

function field(label, control) {
  return h('label', { class: 'field' }, h('span', {}, label), control);
}

function form(close, fields, verb, submit) {
  const send = (event) => {
    event.preventDefault();
    submit().then(close, trouble);
  };
  return h(
    'form',
    { onsubmit: send },
    fields,
    h(
      'div',
      { class: 'row end' },
      h('button', { type: 'button', onclick: close }, 'Cancel'),
      h('button', { type: 'submit', class: 'primary' }, verb),
    ),
  );
}

export function personDialog() {
  const name = h('input', {
    required: true,
    maxlength: '64',
    autocomplete: 'off',
    'data-testid': 'person-name',
  });
  const username = h('input', { maxlength: '32', pattern: '[A-Za-z0-9_]*', autocomplete: 'off' });
  openDialog('Add a person', (close) =>
    form(close, [field('Name', name), field('Username (may stay empty)', username)], 'Add', async () => {
      const { id } = await act('person', {
        first_name: name.value.trim(),
        ...(username.value ? { username: username.value } : {}),
      });
      openChat(id);
    }),
  );
}

export function groupNewDialog() {
  const title = h('input', {
    required: true,
    maxlength: '128',
    autocomplete: 'off',
    'data-testid': 'group-title',
  });
  const boxes = store.people.map((person) => [person, h('input', { type: 'checkbox', checked: true })]);
  const bot = h('input', { type: 'checkbox', checked: true });
  const choice = (box, text) => h('label', { class: 'check' }, box, text);
  openDialog('Add a group', (close) =>
    form(
      close,
      [
        field('Title', title),
        h(
          'fieldset',
          {},
          h('legend', {}, 'Members'),
          boxes.map(([person, box]) => choice(box, person.first_name)),
          choice(bot, store.bot.first_name),
        ),
      ],
      'Add',
      async () => {
        const members = boxes.filter(([, box]) => box.checked).map(([person]) => person.id);
        if (members.length === 0) throw new Error('A group needs at least one person.');
        const { id } = await act('group', { title: title.value.trim() });
        for (const person of members) await act('join', { group: id, person });
        if (bot.checked) await act('add-bot', { group: id, person: members[0] });
        openChat(id);
      },
    ),
  );
}

export function groupDialog(id) {
  const chat = chatOf(id);
  openDialog(chat.title, (close) => {
    const run = (name, input) => act(name, { group: id, ...input }).then(close, trouble);
    const button = (text, name, input) =>
      h('button', { type: 'button', onclick: () => run(name, input) }, text);
    const line = (name, status, ...buttons) =>
      h(
        'div',
        { class: 'member' },
        h('span', {}, name),
        h('small', {}, status === 'creator' ? 'owner' : (status ?? '')),
        h('span', { class: 'row' }, buttons),
      );
    const actor = me();
    const people = store.people.map((person) => {
      const status = chat.members[person.id];
      return isIn(status)
        ? line(person.first_name, status, button('Leave', 'leave', { person: person.id }))
        : line(person.first_name, '', button('Join', 'join', { person: person.id }));
    });
    const bot = isIn(chat.bot)
      ? line(
          store.bot.first_name,
          chat.bot,
          chat.bot === 'administrator' ? '' : button('Make admin', 'add-bot', { person: actor, admin: true }),
          chat.forum && chat.bot === 'administrator'
            ? button(chat.topicRights ? 'Topics: may' : 'Topics: may not', 'add-bot', {
                person: actor,
                admin: true,
                topics: !chat.topicRights,
              })
            : '',
          button('Remove', 'kick-bot', { person: actor }),
        )
      : line(store.bot.first_name, '', button('Add', 'add-bot', { person: actor }));
    return [
      h('p', { class: 'hint' }, `${chat.type === 'group' ? 'Group' : 'Supergroup'}, id ${id}`),
      bot,
      people,
      chat.forum ? topicLines(chat, actor, line, button, run) : '',
      h(
        'div',
        { class: 'row end' },
        chat.type === 'group' ? button('Make it a supergroup', 'migrate', {}) : '',
        chat.type === 'supergroup'
          ? button(chat.forum ? 'Switch topics off' : 'Switch topics on', 'forum', { on: !chat.forum })
          : '',
        h('button', { type: 'button', class: 'primary', onclick: close }, 'Done'),
      ),
    ];
  });
}

/** The topics of a forum with what can be done to them, and a new one. */
function topicLines(chat, person, line, button, run) {
  const name = h('input', {
    type: 'text',
    maxlength: '128',
    placeholder: 'New topic',
    'data-testid': 'topic-name',
  });
  const add = () => name.value.trim() !== '' && run('topic', { person, name: name.value.trim() });
  return [
    ...chat.topics.map((topic) =>
      line(
        topic.name,
        topic.closed ? 'closed' : 'topic',
        button(topic.closed ? 'Reopen' : 'Close', topic.closed ? 'reopen-topic' : 'close-topic', {
          thread: topic.id,
          person,
        }),
        topic.id === 1 ? '' : button('Delete', 'delete-topic', { thread: topic.id }),
      ),
    ),
    h('div', { class: 'row' }, name, h('button', { type: 'button', onclick: add }, 'Open topic')),
  ];
}

export function placeDialog() {
  const latitude = h('input', { type: 'number', step: 'any', min: '-90', max: '90', required: true });
  const longitude = h('input', { type: 'number', step: 'any', min: '-180', max: '180', required: true });
  const list = h(
    'select',
    { 'data-testid': 'city' },
    cities.map(([name], at) => h('option', { value: String(at) }, name)),
  );
  const take = () => {
    const [, lat, lon] = cities[Number(list.value)];
    latitude.value = String(lat);
    longitude.value = String(lon);
  };
  list.addEventListener('change', take);
  take();
  openDialog('Share a place', (close) =>
    form(
      close,
      [
        field('City', list),
        h('div', { class: 'two' }, field('Latitude', latitude), field('Longitude', longitude)),
      ],
      'Share',
      () =>
        act('location', {
          person: me(),
          chat: store.chat,
          latitude: Number(latitude.value),
          longitude: Number(longitude.value),
        }),
    ),
  );
}
