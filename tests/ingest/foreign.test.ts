// What other systems wrote is bounded without half a letter left over: such a text no ledger takes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { labelsOf, subjectOf } from '../../src/ingest/foreign.ts';

const isWhole = (text: string) => Buffer.from(text, 'utf8').toString() === text;

it('a letter that the bound goes through is no half letter', () => {
  const long = `${'x'.repeat(99)}😀${'y'.repeat(99)}`;
  const [[name, value]] = Object.entries(labelsOf({ [long]: long.repeat(20) })) as [[string, string]];
  expect(isWhole(name)).toBe(true);
  expect(isWhole(value)).toBe(true);
  expect(name).toMatch(/^x{99}/);
});

it('whatever comes: whole letters, nothing that PostgreSQL refuses, never longer than may be', () => {
  const letter = fc.constantFrom('a', '😀', '\u0000', '\ud800', '\udc00', 'é');
  const text = fc.array(letter, { maxLength: 700 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (name, value) => {
      for (const made of [subjectOf(value), ...Object.entries(labelsOf({ [name]: value })).flat()]) {
        expect(isWhole(made)).toBe(true);
        expect(made).not.toContain('\u0000');
        expect(made.length).toBeLessThanOrEqual(1000);
      }
    }),
  );
});
