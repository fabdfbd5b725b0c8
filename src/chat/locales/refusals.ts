// Texts for what cannot be: refused, gone wrong, too old, or somebody else’s.
import { html } from '../html.ts';

export const refused = (text: string) => html`${text}`;
export const wentWrong = () => html`That went wrong on my side. It is noted; please try again.`;
export const wentWrongToast = 'That went wrong on my side. Please try again.';
export const oldButton = 'This button is too old. Ask for a new screen with its command.';
/** Its row is there, but nobody here knows what it does. */
export const newerButton =
  'I am just being upgraded, and this button is newer than I am. Please press it again in a minute.';
export const foreignButton = 'I do not know this button.';
export const notForYou = 'This belongs to somebody else.';
/** An answer that was sent and may have been heard, told again. */
export const possibleRepeat = (text: string) => `Possible repeat:\n${text}`;
/** The same of an answer with something that is shown only once. */
export const notKept = (text: string) =>
  `${text}\nThe secret could not be told just then, and it is kept nowhere: ask for a new one.`;
