// The bot's commands for the open chat, and the list that opens on "/".
import { h } from './dom.js';
import { chatOf, me, personOf, store } from './store.js';

/** The commands Telegram would show here: the narrowest scope that has a list wins. */
export function commandsHere() {
  const chat = chatOf(store.chat);
  if (!chat) return [];
  const language = personOf(me())?.language_code;
  const scopes = [
    `chat_member:${chat.id}:${me()}`,
    `chat:${chat.id}`,
    chat.type === 'private' ? 'all_private_chats' : 'all_group_chats',
    'default',
  ];
  for (const scope of scopes) {
    const list = (language && store.commands[`${scope}|${language}`]) || store.commands[`${scope}|`];
    if (list?.length > 0) return list;
  }
  return [];
}

/** The floating list over the composer; `choose(command, direct)` is called with what was picked. */
export function commandList(choose) {
  const box = h('div', {
    class: 'commands',
    role: 'listbox',
    'aria-label': 'Commands',
    'data-testid': 'commands',
    hidden: true,
  });
  let rows = [];
  let at = 0;
  const mark = () => {
    for (const [index, row] of rows.entries()) row.node.setAttribute('aria-selected', String(index === at));
    rows[at]?.node.scrollIntoView({ block: 'nearest' });
  };
  return {
    box,
    isOpen: () => !box.hidden,
    close: () => {
      box.hidden = true;
    },
    /** Shows the commands that begin like this ("/" and letters); hides itself when there are none. */
    filter(text) {
      const found = commandsHere().filter(({ command }) => `/${command}`.startsWith(text.toLowerCase()));
      at = 0;
      rows = found.map(({ command, description }) => ({
        command,
        node: h(
          'button',
          { type: 'button', role: 'option', 'data-command': command, onclick: () => choose(command, true) },
          h('strong', {}, `/${command}`),
          h('span', {}, description),
        ),
      }));
      box.replaceChildren(...rows.map((row) => row.node));
      box.hidden = rows.length === 0;
      mark();
    },
    move(by) {
      at = (at + by + rows.length) % rows.length;
      mark();
    },
    current: () => rows[at]?.command,
  };
}
