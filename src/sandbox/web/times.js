// Times as the reader's own: clock times, days, and relative ones that keep themselves fresh.
import { h } from './dom.js';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const steps = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [604_800, 'day', 86_400],
  [2_629_800, 'week', 604_800],
  [31_557_600, 'month', 2_629_800],
  [Number.POSITIVE_INFINITY, 'year', 31_557_600],
];

/** "3 minutes ago", "in 2 hours". */
export function ago(unix) {
  const seconds = unix - Date.now() / 1000;
  const [, unit, size] = steps.find(([limit]) => Math.abs(seconds) < limit);
  if (unit === 'second' && Math.abs(seconds) < 10) return 'just now';
  return relative.format(Math.round(seconds / size), unit);
}

const format = (unix, options) => new Intl.DateTimeFormat(undefined, options).format(unix * 1000);

export const clock = (unix) => format(unix, { hour: '2-digit', minute: '2-digit' });
export const exact = (unix) => format(unix, { dateStyle: 'full', timeStyle: 'long' });

/** "Today", "Yesterday", "Tuesday 3 March". */
export function day(unix) {
  const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
  if (unix >= midnight && unix < midnight + 86_400) return 'Today';
  if (unix < midnight && unix >= midnight - 86_400) return 'Yesterday';
  return format(unix, { weekday: 'long', day: 'numeric', month: 'long' });
}

/** For the chat list: the time today, the weekday this week, the date before. */
export function brief(unix) {
  const age = Date.now() / 1000 - unix;
  if (day(unix) === 'Today') return clock(unix);
  return age < 6 * 86_400
    ? format(unix, { weekday: 'short' })
    : format(unix, { day: 'numeric', month: 'short' });
}

function written(unix, code) {
  const options = {};
  if (code.includes('w')) options.weekday = 'long';
  if (code.includes('d')) Object.assign(options, { day: '2-digit', month: '2-digit', year: '2-digit' });
  if (code.includes('D')) Object.assign(options, { day: 'numeric', month: 'long', year: 'numeric' });
  if (/t/i.test(code)) Object.assign(options, { hour: '2-digit', minute: '2-digit' });
  if (code.includes('T')) options.second = '2-digit';
  return format(unix, options);
}

/** A date_time entity: the reader's own time, relative where asked; without a format the text as sent. */
export function timeNode(unix, code, text) {
  const node = h('time', {
    class: 'tg-time',
    datetime: new Date(unix * 1000).toISOString(),
    title: exact(unix),
  });
  if (code === 'r') {
    node.dataset.relative = String(unix);
    node.textContent = ago(unix);
  } else node.textContent = code === '' ? text : written(unix, code);
  return node;
}

/** Refreshes every relative time on the page, once a second. */
export function keepFresh() {
  setInterval(() => {
    for (const node of document.querySelectorAll('[data-relative]')) {
      const text = ago(Number(node.dataset.relative));
      if (node.textContent !== text) node.textContent = text;
    }
  }, 1000);
}
