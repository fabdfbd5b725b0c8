// The table “failure → where it is tested” of docs/torture.md, made from what the scenarios cover and what tests watch.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Failure, type FailureId, failures } from './failures.ts';
import { scenarios } from './scenarios/index.ts';

/** Where a failure is tested, as words for the table. */
export function placesOf(id: FailureId): string[] {
  const { watched = [] }: Failure = failures[id];
  return [
    ...scenarios.filter(({ covers }) => covers.includes(id)).map(({ name }) => `torture ${name}`),
    ...[...new Set(watched.map(({ file }) => file))].map((file) => `\`${file}\``),
  ];
}

const tableBegin = '<!-- failures: made by tests/torture/table.ts -->';
const tableEnd = '<!-- end of failures -->';

/** The table as it stands in the document, with its two marks. */
export function failureTable(): string {
  const rows = (Object.keys(failures) as FailureId[]).map((id) => {
    const { failure, must } = failures[id];
    return `| ${id} | ${failure} | ${must} | ${placesOf(id).join(', ')} |`;
  });
  return [tableBegin, '| | failure | must happen | tested by |', '|---|---|---|---|', ...rows, tableEnd].join(
    '\n',
  );
}

const document = new URL('../../docs/torture.md', import.meta.url);

/** The table that stands in the document now. */
export function standingTable(): string {
  const text = readFileSync(document, 'utf8');
  return text.slice(text.indexOf(tableBegin), text.indexOf(tableEnd) + tableEnd.length);
}

export function writeTable(): void {
  const text = readFileSync(document, 'utf8');
  writeFileSync(
    document,
    text.replace(standingTable(), () => failureTable()),
  );
}
