// The page that is kept open: follows the stream, keeps the list, raises notifications, and comes back when the line breaks.
const one = (id) => document.getElementById(id);
const { zone } = document.body.dataset;
const signs = { critical: '🔴', warning: '🟠', info: '🔵' };
const ranks = ['critical', 'warning', 'info'];
const mostOver = 10;
const open = new Map();
const over = [];
/** Changes that were shown, so that none notifies twice. */
const shown = new Set();

// ── the list ────────────────────────────────────────────────────────────────
// Made once: there may be a thousand times to be said at each change.
const clock = { timeZone: zone, hour: '2-digit', minute: '2-digit' };
const sayDay = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
const sayClock = new Intl.DateTimeFormat('en-GB', clock);
const sayBoth = new Intl.DateTimeFormat('en-GB', { ...clock, day: 'numeric', month: 'short' });

function timeOf(instant) {
  const date = new Date(instant);
  return (sayDay.format(date) === sayDay.format(Date.now()) ? sayClock : sayBoth).format(date);
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const titleOf = ({ title, subject }) =>
  subject && !title.includes(subject) ? `${title}: ${subject}` : title;

function lineOf(alert) {
  if (alert.over) return `${alert.over} at ${timeOf(alert.at)}${alert.by ? `, by ${alert.by}` : ''}`;
  const since = `${alert.severity === 'info' ? 'for your information' : alert.severity} · since ${timeOf(alert.since)}`;
  return alert.status === 'acknowledged' ? `${since} · ${alert.by ?? 'somebody'} knows` : since;
}

function item(alert) {
  const made = element('li');
  made.dataset.severity = alert.severity;
  made.dataset.id = alert.id;
  if (alert.over) made.dataset.over = '';
  made.append(
    element('h3', titleOf(alert)),
    element('p', alert.reading?.text ?? '', 'what'),
    element('p', lineOf(alert)),
  );
  if (alert.status === 'firing') {
    const button = element('button', 'Acknowledge');
    button.type = 'button';
    button.setAttribute('aria-label', `Acknowledge ${titleOf(alert)}`);
    button.addEventListener('click', () => acknowledge(alert.id, button));
    made.append(button);
  }
  return made;
}

/** The items that stand in each list: only what is different is drawn, and read out to those who listen, anew. */
const standing = { alerts: new Map(), over: new Map() };

function show(name, alerts) {
  const list = one(name);
  const before = standing[name];
  const now = new Map();
  for (const alert of alerts) {
    const as = JSON.stringify([
      titleOf(alert),
      alert.reading?.text,
      lineOf(alert),
      alert.severity,
      alert.status,
    ]);
    const key = alert.over ? `${alert.id}/${alert.at}` : alert.id;
    const old = before.get(key);
    now.set(key, old?.as === as ? old : { as, node: item(alert) });
  }
  standing[name] = now;
  const nodes = [...now.values()].map(({ node }) => node);
  const stay = new Set(nodes);
  for (const node of [...list.children]) if (!stay.has(node)) node.remove();
  let next = list.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else list.insertBefore(node, next);
  }
}

/** Whoever works with the keyboard goes on where they were: at the same alert, otherwise at the next that has a button. */
function keepFocus(list, at) {
  if (at < 0 || list.contains(document.activeElement)) return;
  const items = [...list.children];
  const next = [...items.slice(at), ...items.slice(0, at).reverse()].find((node) =>
    node.querySelector('button'),
  );
  next?.querySelector('button').focus();
}

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const sorted = [...open.values()].sort(
      (a, b) =>
        ranks.indexOf(a.severity) - ranks.indexOf(b.severity) || new Date(b.since) - new Date(a.since),
    );
    const focusedAt = [...one('alerts').children].indexOf(document.activeElement?.closest('li'));
    show('alerts', sorted);
    show('over', over);
    one('more').hidden = !more;
    one('empty').hidden = sorted.length > 0 || !begun;
    one('over-title').hidden = over.length === 0;
    keepFocus(one('alerts'), focusedAt);
    const burning = sorted.filter(({ status }) => status === 'firing').length;
    document.title =
      burning > 0 ? `(${burning}${more ? '+' : ''}) What burns · Tocsin` : 'What burns · Tocsin';
  });
}

function say(text) {
  one('said').textContent = text;
  one('said').hidden = text === '';
}

/** What is said is about a server that could not be reached. */
let unreached = false;

async function acknowledge(id, button) {
  if (button.ariaDisabled === 'true') return;
  // One that is disabled would lose the focus.
  button.ariaDisabled = 'true';
  try {
    const answer = await fetch(`/app/live/alerts/${id}/acknowledge`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    const told = await answer.json();
    unreached = false;
    say(answer.ok ? '' : told.detail);
  } catch {
    unreached = true;
    say('It was not acknowledged: the server cannot be reached. Try again.');
  }
  button.ariaDisabled = 'false';
}

// ── the notifications ───────────────────────────────────────────────────────
function notify(alert, { tells, change }) {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  if (!['sound', 'silent'].includes(tells)) return;
  const ends = ['resolved', 'withdrawn'].includes(change);
  const sign = ends ? '🟢 Over: ' : `${signs[alert.severity]} `;
  const raised = new Notification(`${sign}${titleOf(alert)}`, {
    body: alert.reading?.text ?? '',
    // One for each alert: a newer one takes the place of the older.
    tag: alert.id,
    renotify: tells === 'sound',
    silent: tells === 'silent',
    requireInteraction: alert.severity === 'critical' && !ends,
  });
  raised.addEventListener('click', () => {
    window.focus();
    raised.close();
    one('alerts').querySelector(`li[data-id="${alert.id}"] button`)?.focus();
  });
}

function askLeave() {
  const possible = 'Notification' in window;
  one('leave-to-notify').hidden = !possible || Notification.permission !== 'default';
  if (possible && Notification.permission === 'denied')
    say(
      'The browser does not allow notifications of this page; its settings can change that. The list works all the same.',
    );
}
one('allow').addEventListener('click', async () => {
  await Notification.requestPermission();
  askLeave();
});

// ── the stream ──────────────────────────────────────────────────────────────
let begun = false;
/** More burns than is sent: the worst are here. */
let more = false;
let fresh = new Set();
let last = '';
let source;
/** When the server was last heard: a line that a sleeping machine lost says nothing by itself. */
let heard = Date.now();
const patience = 45_000;

function line(is, text) {
  one('line').dataset.is = is;
  one('line').textContent = text;
}

function changed(told) {
  const { alert, reading, change, to, by, at, rev } = told;
  const now = { ...open.get(alert.id), ...alert, reading, status: to, by, at };
  if (to === 'resolved') {
    if (open.delete(alert.id) || change === 'told')
      over.unshift({ ...now, over: change === 'told' ? 'Told' : 'Over' });
    over.splice(mostOver);
  } else if (to !== 'pending') open.set(alert.id, now);
  const name = `${alert.id}/${rev}`;
  if (shown.has(name)) return;
  shown.add(name);
  if (shown.size > 2_000) shown.delete(shown.values().next().value);
  notify(now, told);
}

function connect() {
  source = new EventSource(`/app/live/stream${last ? `?after=${encodeURIComponent(last)}` : ''}`);
  const on = (name, act) =>
    source.addEventListener(name, (event) => {
      heard = Date.now();
      last = event.lastEventId || last;
      act(JSON.parse(event.data));
      draw();
    });
  source.addEventListener('open', () => {
    heard = Date.now();
    line('live', 'Live');
    if (unreached) say('');
    unreached = false;
  });
  on('alert', (alert) => {
    fresh.add(alert.id);
    open.set(alert.id, { ...alert, by: alert.acknowledgedBy });
  });
  on('ready', (told) => {
    more = told.more;
    for (const id of open.keys()) if (!fresh.has(id)) open.delete(id);
    fresh = new Set();
    begun = true;
  });
  on('beat', () => {});
  on('gap', ({ why }) => say(`${why} The list is as it is now.`));
  on('transition', changed);
  source.addEventListener('error', () => {
    line('lost', 'The server cannot be reached. What you see may be old; trying again.');
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 3_000);
  });
}

setInterval(() => {
  if (Date.now() - heard < patience) return;
  heard = Date.now();
  line('lost', 'Nothing was heard from the server. What you see may be old; trying again.');
  source.close();
  again();
}, 5_000);

// A closed stream may mean that this browser is no longer known: then the page says so.
async function again() {
  try {
    const answer = await fetch('/app/live', { headers: { accept: 'text/html' } });
    if (answer.status === 401) return location.reload();
  } catch {
    // Still away.
  }
  connect();
}

one('leave').addEventListener('click', async () => {
  await fetch('/app/live/leave', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  location.reload();
});
window.addEventListener('offline', () =>
  line('lost', 'This device is offline. What you see may be old; it goes on by itself.'),
);
window.addEventListener('online', () => {
  source.close();
  connect();
});

askLeave();
connect();
