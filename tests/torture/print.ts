// What came of the tortures, as a table for reading.
import type { QueueName, Row } from './scenarios/scenario.ts';

export interface Outcome {
  scenario: string;
  queue: QueueName;
  seed: number;
  seconds: number;
  rows: Row[];
}

const columns = ['', 'figure', 'value', 'must be'];

export function printOutcomes(outcomes: Outcome[]): string {
  const blocks = outcomes.map(({ scenario, queue, seed, seconds, rows }) => {
    const cells = rows.map(({ figure, value, must, holds }) => [
      holds ? (must === '' ? ' ' : '✓') : '✗',
      figure,
      String(value).split('\n')[0]!.slice(0, 160),
      must,
    ]);
    return `${scenario} · queue on ${queue} · seed ${seed} · ${seconds} s\n${grid(cells)}`;
  });
  const all = outcomes.flatMap(({ rows }) => rows.filter(({ must }) => must !== ''));
  const failed = all.filter(({ holds }) => !holds).length;
  const seeds = [...new Set(outcomes.map(({ seed }) => seed))].join(', ');
  const last =
    failed === 0 ? `All ${all.length} figures hold.` : `${failed} of ${all.length} figures DO NOT HOLD.`;
  return `\n${blocks.join('\n\n')}\n\n${last} Seeds: ${seeds}.\n`;
}

function grid(rows: string[][]): string {
  const wide = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  return [columns, ...rows]
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(wide[i]!)).join('  ')}`.trimEnd())
    .join('\n');
}
