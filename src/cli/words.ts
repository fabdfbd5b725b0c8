// Words that several commands say alike.
import { Refused } from './verb.ts';

/** “1 rule”, “2,000 rules”. */
export function many(count = 0, one: string, more = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : more}`;
}

/** Ends the verb: nothing was done, and this is why. */
export function refused(why: string): never {
  throw new Refused(why);
}

/** As one word for a shell. */
export function quoted(word: string): string {
  return /^[\w.:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
