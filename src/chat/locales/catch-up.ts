// Texts about catching up.
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { bold, code, type Html, html, lines } from '../html.ts';

export const catchUp = 'Catch up';
export const today = 'Today';
export const threeDays = '3 days';
export const aWeek = 'A week';
export const onlyCritical = 'Only critical';
export const everything = 'Everything';
export const pile = (count: number) =>
  count === 1 ? 'Acknowledge it' : `Acknowledge the pile (${count.toLocaleString('en-US')})`;
export const acknowledge = (number: number, name: string) => `Acknowledge ${number}: ${name}`;

export const span = (title: string, since: number, zone: string, now: number): Html =>
  html`${bold(title)} · since ${sayInstant(since, zone, now)} (${sayDuration(Math.max(0, now - since))})`;
export const fault = (typed: string): Html =>
  lines(
    html`I do not know since when “${typed.slice(0, 40)}” is.`,
    html`Type it such as ${code('/catchup 3d')}, ${code('/catchup today')} or ${code('/catchup week')}, or press one of these.`,
  );
export const tooFar = (): Html => html`That is longer than a year; what is kept does not reach that far.`;
/** Offered by itself to somebody who comes back. */
export const offer = (gone: number) =>
  `Welcome back after ${sayDuration(gone)}. /catchup shows what you missed, in one message.`;
