// The append-only file that lets the emulated Telegram survive the death of its process.
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Change } from './shapes.ts';

/** Reads every change of a journal in order; a last line torn by a kill is cut off the file. */
export function readJournal(path: string): Change[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) truncateSync(path, whole);
  return bytes
    .subarray(0, whole)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Change);
}

/** Opens a journal for writing; each change is on disk (in the page cache) when the call returns. */
export function journalWriter(path: string): (change: Change) => void {
  mkdirSync(dirname(path), { recursive: true });
  return (change) => appendFileSync(path, `${JSON.stringify(change)}\n`);
}
