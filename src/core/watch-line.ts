// The one-line form of a rule: `disk.usage usage > 90 for 5m severity critical`, read and printed.
import { printDuration } from './duration.ts';
import { NotUnderstood, readWatch, type Trouble, type WatchLine } from './watch-reader.ts';
import { quoteWord } from './watch-words.ts';

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

/** The line that `parseWatchLine` reads back, without `/watch`. */
export function printWatchLine(watch: WatchLine): string {
  const { params } = watch;
  const texts = (value: unknown) =>
    [value]
      .flat()
      .map((text) => quoteText(String(text)))
      .join(' or ');
  const parts = [watch.topic];
  if (watch.kind === 'threshold') {
    parts.push(`${quoteText(String(params.field))} ${params.op} ${params.limit}`);
    if (params.clear !== undefined) parts.push(`clear ${params.clear}`);
  }
  if (watch.kind === 'change') {
    parts.push(`${quoteText(String(params.field))} changes`);
    if (params.from !== undefined) parts.push(`from ${texts(params.from)}`);
    if (params.to !== undefined) parts.push(`to ${texts(params.to)}`);
  }
  if (watch.kind === 'every') parts.push('every');
  if (watch.match.length > 0)
    parts.push(
      `where ${watch.match.map(({ field, op, value }) => `${field} ${op} ${quoteText(value)}`).join(' and ')}`,
    );
  if (watch.key) parts.push(`per ${watch.key.map(quoteText).join(', ')}`);
  if (watch.forMs > 0) parts.push(`for ${printDuration(watch.forMs)}`);
  if (watch.keepFiringForMs > 0) parts.push(`keep ${printDuration(watch.keepFiringForMs)}`);
  if (watch.severity) parts.push(`severity ${watch.severity}`);
  if (watch.name) parts.push(`named ${quoteText(watch.name)}`);
  return parts.join(' ');
}

const meaningful =
  /^(every|for|keep|clear|severity|where|named|per|changes?|changed|becomes?|above|over|below|under|from|to|or|and)$/i;

function quoteText(text: string): string {
  return meaningful.test(text) ? `"${text}"` : quoteWord(text);
}
