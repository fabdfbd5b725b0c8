// What the page knows, fed by the live stream, and the calls that make things happen.

export const store = {
  ready: false,
  bot: { id: 0, username: '', first_name: '' },
  people: [],
  chats: [],
  commands: {},
  menus: {},
  /** chat id -> Map of message id -> message */
  messages: new Map(),
  /** chat id -> { sounding, silent } not yet looked at */
  unread: new Map(),
  chat: undefined,
  /** who one is in groups */
  speaker: undefined,
  /** person id -> payload of a deep link that waits for Start */
  payloads: new Map(),
  connected: false,
};

const listeners = new Set();

/** Hears `{kind: 'state'|'directory'|'message'|'typing'|'connection'|'view', ...}`. */
export function listen(listener) {
  listeners.add(listener);
}

export function tell(event) {
  for (const listener of listeners) listener(event);
}

export const personOf = (id) => store.people.find((person) => person.id === id);
export const chatOf = (id) => store.chats.find((chat) => chat.id === id);
export const isIn = (status) => status !== undefined && status !== 'left' && status !== 'kicked';

/** The person one acts as in the open chat. */
export function me() {
  const chat = chatOf(store.chat);
  return chat?.type === 'private' ? chat.id : store.speaker;
}

/** Standing messages of a chat, oldest first. */
export function standing(chatId) {
  return [...(store.messages.get(chatId)?.values() ?? [])].filter((message) => !message.deleted);
}

/** Calls the sandbox; throws an Error with its sentence when refused. */
export async function act(name, input = {}) {
  const response = await fetch(`/sandbox/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const answer = await response.json();
  if (!answer.ok) throw new Error(answer.error);
  return answer.result;
}

function keep(message) {
  const chat = store.messages.get(message.chat_id) ?? new Map();
  store.messages.set(message.chat_id, chat);
  const isNew = !chat.has(message.message_id);
  chat.set(message.message_id, message);
  return isNew;
}

function countUnread(message) {
  if (!message.fromBot || message.service || message.chat_id === store.chat) return;
  const count = store.unread.get(message.chat_id) ?? { sounding: 0, silent: 0 };
  count[message.silent ? 'silent' : 'sounding'] += 1;
  store.unread.set(message.chat_id, count);
}

/** Opens the live stream; the browser reopens it by itself. */
export function connect() {
  const stream = new EventSource('/sandbox/api/stream');
  const on = (name, take) => stream.addEventListener(name, (event) => take(JSON.parse(event.data)));
  on('state', ({ messages, ...directory }) => {
    Object.assign(store, directory, { ready: true, connected: true, messages: new Map() });
    for (const message of messages) keep(message);
    tell({ kind: 'state' });
  });
  on('directory', (directory) => {
    Object.assign(store, directory);
    tell({ kind: 'directory' });
  });
  on('message', (message) => {
    const isNew = keep(message);
    if (isNew) countUnread(message);
    tell({ kind: 'message', message, isNew });
  });
  on('typing', (typing) => tell({ kind: 'typing', ...typing }));
  stream.addEventListener('error', () => {
    store.connected = false;
    tell({ kind: 'connection' });
  });
}
