// Text with its entities as elements: nested, clipped where they cross, text only ever as text.
import { h } from './dom.js';
import { timeNode } from './times.js';

const tags = { bold: 'strong', italic: 'em', underline: 'u', strikethrough: 's', code: 'code' };

const blocks = new Set(['pre', 'blockquote', 'expandable_blockquote']);

/** Renders text; `on.command(text)` and `on.link(url)` are called for what can be tapped. */
export function formatted(text, entities, on) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, 0, text.length, sorted, on);
}

function range(text, from, to, entities, on) {
  const out = document.createDocumentFragment();
  let at = from;
  let afterBlock = false;
  // A block ends its line by itself; the line break that follows it would show as an empty line.
  const put = (piece) => {
    const text = afterBlock && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (text !== '') out.append(text);
    afterBlock = false;
  };
  const queue = [...entities];
  while (queue.length > 0) {
    const entity = queue.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset > at) put(text.slice(at, entity.offset));
    const inside = [];
    while (queue.length > 0 && queue[0].offset < end) {
      const next = queue.shift();
      const rest = next.offset + next.length - end;
      inside.push(rest > 0 ? { ...next, length: next.length - rest } : next);
      if (rest > 0) queue.unshift({ ...next, offset: end, length: rest });
      if (rest > 0) break;
    }
    out.append(wrap(entity, text.slice(entity.offset, end), range(text, entity.offset, end, inside, on), on));
    afterBlock = blocks.has(entity.type);
    at = end;
  }
  if (at < to) put(text.slice(at, to));
  return out;
}

function wrap(entity, text, children, on) {
  if (tags[entity.type]) return h(tags[entity.type], {}, children);
  switch (entity.type) {
    case 'pre':
      return h('pre', entity.language ? { 'data-language': entity.language } : {}, h('code', {}, children));
    case 'blockquote':
      return h('blockquote', {}, children);
    case 'expandable_blockquote':
      return expandable(children);
    case 'spoiler':
      return spoiler(children);
    case 'text_link':
      return link(entity.url, children, on);
    case 'url':
      return link(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`, children, on);
    case 'bot_command':
      return h('button', { type: 'button', class: 'inline-link', onclick: () => on.command(text) }, children);
    case 'date_time':
      return timeNode(entity.unix_time, entity.date_time_format ?? '', text);
    case 'mention':
    case 'text_mention':
    case 'hashtag':
      return h('span', { class: 'mention' }, children);
    default:
      return children;
  }
}

function link(url, children, on) {
  const safe = /^(https?|tg):/i.test(url) ? url : '#';
  const open = (event) => {
    if (on.link(url)) event.preventDefault();
  };
  return h(
    'a',
    { href: safe, target: '_blank', rel: 'noopener noreferrer', title: url, onclick: open },
    children,
  );
}

function spoiler(children) {
  const show = (event) => event.currentTarget.classList.add('shown');
  return h(
    'span',
    { class: 'spoiler', role: 'button', tabindex: '0', title: 'Show', onclick: show },
    children,
  );
}

function expandable(children) {
  const body = h('div', { class: 'quote-body' }, children);
  const toggle = h(
    'button',
    { type: 'button', class: 'quote-toggle', 'aria-expanded': 'false' },
    'Show more',
  );
  const quote = h('blockquote', { class: 'expandable', 'data-testid': 'expandable' }, body, toggle);
  toggle.addEventListener('click', () => {
    const open = quote.classList.toggle('open');
    toggle.setAttribute('aria-expanded', String(open));
    toggle.textContent = open ? 'Show less' : 'Show more';
  });
  // A quote that fits needs no toggle; its height is known only once it is on the page.
  requestAnimationFrame(() => {
    const isOpen = quote.classList.contains('open');
    if (!isOpen && body.scrollHeight <= body.clientHeight + 2) quote.classList.add('fits');
  });
  return quote;
}
