// A list on the command line: lines for people or, with --json, one document for programs.
import { readFlags } from './read-flags.ts';
import type { Surroundings } from './verb.ts';

/** Whether `--json` stands there; anything else has no place. `right`: the list’s own line. */
export function wantsJson(args: string[], right: string): boolean {
  return readFlags({ args, options: { json: { type: 'boolean' } } }, right).values.json === true;
}

interface Shown<Row> {
  isJson: boolean;
  rows: readonly Row[];
  /** What people read of a row. */
  say(row: Row): string;
  /** What they read when there is none. */
  none: string;
}

/** Prints the list; the exit code. */
export function printList<Row>(
  { print, aside }: Pick<Surroundings, 'print' | 'aside'>,
  { isJson, rows, say, none }: Shown<Row>,
): number {
  if (isJson) print(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) aside(none);
  for (const row of isJson ? [] : rows) print(say(row));
  return 0;
}
