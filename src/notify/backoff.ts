// How long to wait before trying again: twice as long each time, with chance, so that many do not come back at once.
import type { Patience } from './channel.ts';

/** Milliseconds before the attempt after this one: about 1 s, 2 s, 4 s … 5 min. `chance` is 0..1. */
export function backoff(attempt: number, chance: number): number {
  const steady = Math.min(300_000, 1000 * 2 ** Math.min(attempt - 1, 20));
  return Math.round(steady * (0.8 + 0.4 * chance));
}

/** For a day, or until twenty attempts may have arrived. */
export const usualPatience: Patience = { giveUpMs: 24 * 3_600_000, mostUnknown: 20, wait: backoff };

/** A number 0..1 out of the letters of a random token. */
export function chanceOf(token: string): number {
  return numberOf(token) / 0x7fffffff;
}

/** A number 0 … 2^31-1 out of the letters of a random token. */
export function numberOf(token: string): number {
  let hash = 7;
  for (let i = 0; i < token.length; i++) hash = (Math.imul(hash, 31) + token.charCodeAt(i)) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & 0x7fffffff;
}
