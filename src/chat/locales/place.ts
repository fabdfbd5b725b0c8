// Texts about where somebody is, and what the clock says there.
import { sayInstant } from '#core/hours.ts';
import { html, lines, short } from '../html.ts';

export const thatsRight = 'That’s right';
export const anotherPlace = 'Another place';
export const yourClock = (zone: string, now: number) =>
  html`Your clock: ${zone}, ${sayInstant(now, zone, now)} now.`;
export const whichPlace = (fault?: string) =>
  lines(
    fault !== undefined && html`${fault}`,
    html`Which city is near you? Type its name, or send your location.`,
  );
export const noPlace = (typed: string) => `I know no place called “${short(typed, 40)}”.`;
export const placesFound = (typed: string) => html`Places for “${short(typed, 40)}”:`;
export const placeLabel = (name: string, zone: string, now: number) =>
  `${name} · ${sayInstant(now, zone, now)}`;
export const clockSet = (zone: string, now: number) =>
  html`Your clock is now ${zone}, ${sayInstant(now, zone, now)}.`;
