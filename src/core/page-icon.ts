// The bell in a browser’s tab, inside the page itself: a page that names no icon has the browser ask for one.

const bell =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="18" fill="#c2552d"/><path d="M32 13c-8 0-13 6-13 14v8l-5 8h36l-5-8v-8c0-8-5-14-13-14z" fill="#fff4e6"/><path d="M26 46a6 6 0 0 0 12 0z" fill="#fff4e6"/><circle cx="32" cy="12" r="3.5" fill="#fff4e6"/></svg>';

/** For the head of a page; its policy must let images be loaded from `data:`. */
export const pageIcon = `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(bell)}">`;
