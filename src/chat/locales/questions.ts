// Texts about questions of the bot that are open, were closed, or are somebody else’s.
import { html } from '../html.ts';

export const replyHere = () => html`Answer by replying to this message.`;
export const stillOpen = () => html`The question above is still open; /cancel closes it.`;
export const nothingToCancel = () => html`Nothing is open. /help says what I can do.`;
export const wizardCancelled = () => html`Closed. Nothing was saved.`;
export const conversationClosed = () =>
  html`I was renewed meanwhile, and the question we were in was closed. Nothing was saved; begin again with /subscribe.`;
export const closedToast = 'This question was closed. Begin again with /subscribe.';
export const olderScreen = 'That was an earlier question; here is the present one.';
export const notYours = 'This belongs to somebody else. Begin your own with /subscribe.';
