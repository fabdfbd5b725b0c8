// Puts the page together: first people, live updates, and who redraws when.
import { greeting } from './bars.js';
import { drawChats } from './chats.js';
import { drawFoot, noticeForceReply, say, setReply } from './composer.js';
import { groupNewDialog, personDialog } from './dialogs.js';
import { byId, h, icon } from './dom.js';
import { drawHead, showTyping, stopTyping } from './head.js';
import { openChat, openStart } from './links.js';
import { drawMessages, takeMessage, watchScroll } from './messages.js';
import { act, chatOf, connect, listen, personOf, standing, store } from './store.js';
import { keepFresh } from './times.js';
import { drawTopics } from './topics.js';

const isNarrow = () => matchMedia('(max-width: 760px)').matches;

function drawGreeting() {
  const chat = chatOf(store.chat);
  const box = byId('messages');
  box.querySelector('.greeting')?.remove();
  if (!chat) return void box.replaceChildren(h('p', { class: 'hint center' }, 'Choose a chat.'));
  if (chat.type === 'private' && standing(chat.id).length === 0) box.append(greeting(personOf(chat.id)));
}

function drawTitle() {
  const count = [...store.unread.values()].reduce((sum, one) => sum + one.sounding, 0);
  document.title = count > 0 ? `(${count}) Tocsin sandbox` : 'Tocsin sandbox';
}

function drawAll() {
  byId('toasts').replaceChildren();
  document.body.classList.toggle('in-chat', store.chat !== undefined);
  drawChats();
  drawHead();
  drawTopics();
  drawMessages();
  drawGreeting();
  drawFoot(true);
  drawTitle();
}

function followMigration() {
  const to = chatOf(store.chat)?.migratedTo;
  if (to !== undefined) openChat(to);
}

function openFirst() {
  const query = new URLSearchParams(location.search);
  const asked = Number(query.get('as') ?? query.get('chat'));
  const person = personOf(asked) ?? store.people[0];
  const payload = query.get('start');
  if (payload && person) openStart(person.id, payload);
  else if (chatOf(asked)) openChat(asked);
  else if (!isNarrow() && person) openChat(person.id);
}

listen((event) => {
  switch (event.kind) {
    case 'state':
      if (store.people.length === 0) void act('seed');
      if (store.chat === undefined) openFirst();
      return drawAll();
    case 'directory':
      if (store.chat === undefined && !isNarrow() && store.people[0]) return openFirst();
      drawChats();
      drawHead();
      drawTopics();
      drawFoot();
      return followMigration();
    case 'message':
      takeMessage(event.message);
      if (event.message.fromBot) stopTyping(event.message.chat_id);
      if (event.isNew) noticeForceReply(event.message);
      drawChats();
      drawTitle();
      if (event.message.chat_id === store.chat) {
        drawGreeting();
        drawHead();
        drawTopics();
        drawFoot();
      }
      return;
    case 'typing':
      return showTyping(event.chat, event.action);
    case 'connection':
      return drawHead();
    default:
      return drawAll();
  }
});

function drawTheme() {
  const { theme } = document.documentElement.dataset;
  const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  byId('theme').replaceChildren(icon(isDark ? 'sun' : 'moon'));
  return isDark;
}

byId('theme').addEventListener('click', () => {
  const next = drawTheme() ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  localStorage.setItem('tocsin-theme', next);
  drawTheme();
});
byId('add-person').addEventListener('click', personDialog);
byId('add-group').addEventListener('click', groupNewDialog);
document.addEventListener('say', (event) => void say(event.detail));
document.addEventListener('reply', (event) => setReply(event.detail));

drawTheme();
watchScroll();
keepFresh();
connect();
