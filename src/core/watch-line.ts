// The one-line form of a rule: `disk.usage usage > 90 for 5m severity critical`, read, and mended where that is likely.
import { NotUnderstood, type Trouble } from './watch-cursor.ts';
import { printWatchLine } from './watch-print.ts';
import { readWatch, type WatchLine } from './watch-reader.ts';

export { printWatchLine } from './watch-print.ts';
export type { WatchLine } from './watch-reader.ts';

/** `fault`: a sentence about `piece`, the part that was not understood. `meant`: the nearest line that would be. */
export interface WatchFault {
  ok: false;
  fault: string;
  piece: string;
  meant?: string;
}

export const watchExample = 'disk.usage usage > 90 for 5m severity critical';

/** Reads the line after `/watch`. */
export function parseWatchLine(line: string): ({ ok: true } & WatchLine) | WatchFault {
  const first = attempt(line);
  if ('watch' in first) return { ok: true, ...first.watch };
  const { trouble } = first;
  const fault = { ok: false as const, fault: trouble.text, piece: line.slice(trouble.from, trouble.to) };
  let [mended, repair] = [line, first.trouble];
  for (let tries = 0; tries < 4 && repair.repair !== undefined; tries++) {
    mended = `${mended.slice(0, repair.from)}${repair.repair}${mended.slice(repair.to)}`;
    const again = attempt(mended);
    if ('watch' in again) return { ...fault, meant: printWatchLine(again.watch) };
    repair = again.trouble;
  }
  return fault;
}

function attempt(line: string): { watch: WatchLine } | { trouble: Trouble } {
  try {
    return { watch: readWatch(line) };
  } catch (error) {
    if (error instanceof NotUnderstood) return { trouble: error.trouble };
    throw error;
  }
}
