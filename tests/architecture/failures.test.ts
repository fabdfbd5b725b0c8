// Every failure that the program must survive has a test that exists, and docs/torture.md says which.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Failure, type FailureId, failures } from '../torture/failures.ts';
import { scenarios } from '../torture/scenarios/index.ts';
import { failureTable, placesOf, standingTable } from '../torture/table.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
/** Honestly: nothing tests these yet. Take out what has found a test, add nothing. */
const untested: FailureId[] = ['F31', 'F35', 'F38', 'F40'];
const rows = Object.entries(failures) as [FailureId, Failure][];

describe('the failures', () => {
  it('are all there, in order', () => {
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 42 }, (_, i) => `F${i + 1}`));
  });

  it.each(rows.filter(([id]) => !untested.includes(id)))('%s is tested somewhere', (id) => {
    expect(placesOf(id), 'name a test in tests/torture/failures.ts, or cover it by a scenario').not.toEqual(
      [],
    );
  });

  it.each(
    rows.flatMap(([id, { watched = [] }]) => watched.map(({ file, test }) => [id, file, test] as const)),
  )('%s: %s has “%s”', (_id, file, test) => {
    expect(read(file)).toContain(test);
  });

  it('no two scenarios have one name', () => {
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  });

  it('stand in docs/torture.md as they are', () => {
    expect(standingTable(), 'npm run torture -- --table writes it').toBe(failureTable());
  });
});
