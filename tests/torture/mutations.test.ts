// Every mutation still fits the tree: its texts stand where they are to be broken, and its test is there by name.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutations } from './mutations/index.ts';
import { broken, misfit } from './mutations/mutation.ts';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

it('at least a score of guards is broken, each under its own name', () => {
  expect(mutations.length).toBeGreaterThanOrEqual(20);
  expect(new Set(mutations.map(({ guard }) => guard)).size).toBe(mutations.length);
});

it.each(mutations.map((mutation) => [mutation.guard, mutation] as const))('%s', (_guard, mutation) => {
  const source = read(mutation.file);
  expect(misfit(mutation, source), mutation.file).toBeUndefined();
  expect(broken(mutation, source)).not.toBe(source);
  expect(mutation.patch.length).toBeGreaterThan(0);
  expect(read(mutation.test.file).includes(mutation.test.name), mutation.test.name).toBe(true);
});
