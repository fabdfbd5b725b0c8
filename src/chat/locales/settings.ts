// Texts of `/settings`: of a person and of a group.
import { sayClock, sayInstant } from '#core/hours.ts';
import type { Settings } from '#core/owner.ts';
import { bold, html, lines, short } from '../html.ts';
import { yourClock } from './place.ts';
import { quietLine } from './quiet.ts';

export const settingsScreen = (settings: Settings & { name: string }, now: number) =>
  lines(
    bold(html`${short(settings.name, 60)}`),
    yourClock(settings.zone, now),
    html`Your morning: ${sayClock(settings.morning)} (for “until my morning”).`,
    quietLine(settings.quiet),
    html`Sound: alerts sound, edits and notes do not. To mute all of it, mute this chat in Telegram.`,
  );
export const zoneLabel = 'Time zone';
export const morningLabel = 'Morning';
export const quietLabel = 'Quiet hours';
export const morningAsk = (minute: number) => html`Your morning is at ${sayClock(minute)}. When shall it be?`;
export const groupSettings = (title: string, settings: Settings, now: number) =>
  lines(
    bold(html`${short(title, 60)}`),
    html`The clock of this group: ${settings.zone}, ${sayInstant(now, settings.zone, now)} now.`,
    html`Its morning: ${sayClock(settings.morning)}.`,
    quietLine(settings.quiet),
  );
export const ownSettings = 'My own settings';
