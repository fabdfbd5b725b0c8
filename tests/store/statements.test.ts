// Which statements are kept ready: those that come again, never more than the server has room for.
import { expect, it } from 'vitest';
import { countStatements } from '#store/statements.ts';

it('keeps a statement from its third time on, and stays with it', () => {
  const { keep } = countStatements();
  expect([keep('select $1', 1), keep('select $1', 1), keep('select $1', 1), keep('select $1', 1)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it('keeps no statement without values, and none with a long list of them', () => {
  const { keep } = countStatements();
  for (let i = 0; i < 5; i++) expect([keep('begin', 0), keep('select in', 61)]).toEqual([false, false]);
});

it('keeps at most four hundred', () => {
  const { keep } = countStatements();
  let kept = 0;
  for (let i = 0; i < 1_000; i++)
    for (let times = 0; times < 3; times++) if (keep(`select ${i} + $1`, 1)) kept++;
  expect(kept).toBe(400);
});
