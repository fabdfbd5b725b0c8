// Builds elements; text always goes in as text, never as markup.

/** Makes an element. `props`: class, on-listeners (onclick), dataset as data-*, aria-*, other attributes. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'hidden' || name === 'disabled' || name === 'checked')
      element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}

/** One icon of the sprite. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** A button that is only an icon. */
export function iconButton(name, label, onclick, props = {}) {
  return h(
    'button',
    { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick, ...props },
    icon(name),
  );
}

export const byId = (id) => document.getElementById(id);

/** The colour class that goes with an id; groups are shifted so that neighbours differ. */
export const tint = (id) => `tint-${(Math.abs(id) + (id < 0 ? 3 : 0)) % 6}`;

/** A round picture with the first letters of a name; the colour follows the id. */
export function avatar(id, name) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => [...part][0] ?? '')
    .join('')
    .toUpperCase();
  return h('span', { class: `avatar ${tint(id)}`, 'aria-hidden': 'true' }, letters);
}
