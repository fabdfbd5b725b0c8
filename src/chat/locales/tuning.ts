// Texts about making a rule quieter.
import { sayDuration } from '#core/duration.ts';
import { bold, type Html, html, lines, short } from '../html.ts';

export const quieter = 'Quieter …';
export const gather = 'Gather what comes here hourly';
export const pause = 'Pause it';
export const leave = 'Leave it as it is';
export const undo = 'Undo';
export const theRule = 'The rule';
export const leftAsIs = (name: string): Html =>
  html`${bold(short(name, 80))} stays as it is. I will not ask again for 30 days.`;

const beside = (told: number | undefined, before: number | undefined) =>
  told === undefined || before === undefined
    ? ''
    : `: ${told.toLocaleString('en-US')} instead of ${before.toLocaleString('en-US')}`;
export const limitLabel = (limit: number, told: number, before: number) =>
  `Limit ${limit}${beside(told, before)}`;
export const hoursLabel = (told?: number, before?: number) => `Only Mon–Fri 9–18${beside(told, before)}`;
export const forLabel = (ms: number, told?: number, before?: number) =>
  `After ${sayDuration(ms)}${beside(told, before)}`;

/** `dismissed`: it is offered because of that; otherwise somebody asked. */
export const ask = (
  name: string,
  told: { count: number; days: number } | undefined,
  dismissed: number | undefined,
): Html =>
  lines(
    dismissed === undefined
      ? html`How to make ${bold(short(name, 80))} quieter.`
      : html`${bold(short(name, 80))} was put aside ${dismissed} times in 14 days. Shall it be quieter?`,
    told === undefined
      ? html`I could not count in time what it told.`
      : told.count === 0
        ? html`From what is kept of ${told.days} days it would have told nothing.`
        : html`From what is kept of ${told.days} days it would have told ${told.count.toLocaleString('en-US')} times.`,
  );
export const changed = (name: string, what: string, before: string, after: string): Html =>
  html`${bold(short(name, 80))}: ${what} ${before} → ${after}.`;
export const gathered = (label: string, on: boolean): Html =>
  on
    ? html`What comes to ${short(label, 60)} is gathered: one message an hour, what is urgent at once.`
    : html`What comes to ${short(label, 60)} is told as it comes.`;
