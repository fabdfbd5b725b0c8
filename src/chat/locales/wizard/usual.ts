// What any question of the wizard may say.
import { sayNumber } from '#core/field.ts';
import { Html, html, short } from '../../html.ts';

export const skip = 'Skip';
export const takeAway = 'Without it';
export const done = 'Done';
export const pressOne = 'Please press one of the buttons.';
export const pressOneText = () => html`${pressOne}`;
export const chosen = (label: string) => `✓ ${label}`;
export const asTheRule = 'as the rule says';

export const noTopic = (typed: string, fault: string) => `“${short(typed, 40)}” is no topic: ${fault}.`;
export const noField = (typed: string) => `“${short(typed, 40)}” cannot be the name of a field.`;
export const noNumber = (typed: string) => `“${short(typed, 40)}” is no number; try 90 or 97.5.`;
export const noValue = () => 'A value has 1 to 256 characters.';
export const noDuration = (typed: string) => `“${short(typed, 40)}” is no duration; try 5m, 1h30m or 2d.`;

export function comma(parts: Html[]): Html {
  return new Html(parts.map(({ source }) => source).join(', '));
}
export function said(text: string): string {
  return text.trim() !== '' && Number.isFinite(Number(text)) ? sayNumber(Number(text)) : text;
}
