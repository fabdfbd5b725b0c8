// Short answers: a toast that goes by itself, an alert that waits for OK.
import { byId, h } from './dom.js';

/** Shows a line of text for a few seconds. */
export function toast(text, isTrouble = false) {
  const node = h('div', { class: `toast ${isTrouble ? 'trouble' : ''}`, 'data-testid': 'toast' }, text);
  byId('toasts').append(node);
  setTimeout(() => node.classList.add('gone'), Math.min(3500 + text.length * 30, 8000));
  node.addEventListener('transitionend', () => node.classList.contains('gone') && node.remove());
}

/** Opens a dialog; removes it when it closes. `build(close)` gives the content. */
export function openDialog(title, build, props = {}) {
  const dialog = h('dialog', { 'aria-label': title, ...props });
  const close = () => dialog.close();
  dialog.append(h('h2', {}, title), ...[build(close)].flat(3).filter(Boolean));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** The bot's alert: stands until OK. */
export function alertBox(text) {
  openDialog(
    'Tocsin',
    (close) => [
      h('p', { class: 'alert-text' }, text),
      h('div', { class: 'row end' }, h('button', { type: 'button', class: 'primary', onclick: close }, 'OK')),
    ],
    { class: 'alert', 'data-testid': 'alert' },
  );
}
