// Tables and aims for reading.
import type { Aim, Findings, Table } from './area.ts';

/** Every aim of the list of goals that was measured, in its order. */
export function printGoals(found: Record<string, Findings>): string {
  const rows = Object.values(found)
    .flatMap(({ aims }) => aims)
    .filter(({ row }) => row !== undefined)
    .sort((a, b) => a.row! - b.row!);
  return rows.length === 0 ? '' : printAims(rows, 'The goals');
}

/** The findings as text. */
export function printFindings({ tables, aims }: Findings): string {
  return [...tables.map(printTable), ...(aims.length > 0 ? [printAims(aims)] : [])].join('\n\n');
}

function printTable({ title, columns, rows, notes = [] }: Table): string {
  return [
    title,
    grid(
      columns,
      rows.map((row) => row.map(({ text }) => text)),
    ),
    ...notes,
  ].join('\n');
}

function printAims(aims: Aim[], title = 'Aims'): string {
  const rows = aims.map(({ row, what, found, must, wish, holds }) => [
    row === undefined ? '' : String(row),
    what,
    found,
    must,
    wish,
    holds ? 'holds' : 'DOES NOT HOLD',
  ]);
  return [title, grid(['row', 'what', 'found', 'must', 'wish', ''], rows)].join('\n');
}

function grid(columns: string[], rows: string[][]): string {
  const wide = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]) =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(wide[i]!) : cell.padStart(wide[i]!))).join('  ')}`.trimEnd();
  return [line(columns), line(wide.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}
