// Parts of sentences made whole ones.

/** With a capital letter at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With a full stop, unless it ends already. */
export function ended(text: string): string {
  return /[.?…]$/.test(text) ? text : `${text}.`;
}

/** With both. */
export function sentence(text: string): string {
  return ended(capital(text));
}
