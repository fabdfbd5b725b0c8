// Inline keyboards under messages: presses, links, Mini Apps, copying.
import { h } from './dom.js';
import { openLink } from './links.js';
import { act, me, store } from './store.js';
import { alertBox, toast } from './toasts.js';
import { openWebApp } from './web-app.js';

function kindOf(button) {
  if (button.url !== undefined) return 'url';
  if (button.web_app !== undefined) return 'app';
  if (button.copy_text !== undefined) return 'copy';
  if (button.disabled !== undefined) return 'off';
  return 'callback';
}

/** The keyboard of a message as rows of real buttons; undefined when it has none. */
export function inlineKeyboard(message) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return undefined;
  return h(
    'div',
    { class: 'keys', role: 'group', 'aria-label': 'Buttons of this message' },
    rows.map((row) =>
      h(
        'div',
        { class: 'keys-row' },
        row.map((button) => key(message, button)),
      ),
    ),
  );
}

function key(message, button) {
  const kind = kindOf(button);
  return h(
    'button',
    {
      type: 'button',
      class: `key key-${kind} ${button.style ? `key-${button.style}` : ''}`,
      'data-kind': kind,
      'data-callback': button.callback_data,
      disabled: kind === 'off',
      onclick: (event) => void use(event.currentTarget, message, button, kind),
    },
    button.text,
  );
}

async function use(element, message, button, kind) {
  if (kind === 'url') return void openLink(button.url, true);
  if (kind === 'app') return void openWebApp(button.web_app.url, button.text, me());
  if (kind === 'copy') {
    await navigator.clipboard?.writeText(button.copy_text.text).catch(() => {});
    return toast(`Copied: ${button.copy_text.text}`);
  }
  if (element.classList.contains('waiting')) return;
  element.classList.add('waiting');
  try {
    const answer = await act('press', {
      person: me(),
      chat: store.chat,
      messageId: message.message_id,
      data: button.callback_data,
      timeout: 15_000,
    });
    if (answer.text) answer.show_alert ? alertBox(answer.text) : toast(answer.text);
    if (answer.url) openLink(answer.url, true);
  } catch (error) {
    toast(/did not answer/.test(error.message) ? 'The bot did not answer this press.' : error.message, true);
  } finally {
    element.classList.remove('waiting');
  }
}
