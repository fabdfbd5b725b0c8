// Texts kept as bytes are what a map of them is, whatever comes and goes, and what goes makes room for what comes.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Texts } from '../../src/evaluate/index/texts.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }).map((odd) => odd.replace(/\p{Surrogate}/gu, '')),
  // Around the sizes of blocks, and longer than a chunk.
  fc
    .record({ length: fc.integer({ min: 0, max: 70 }), letter: fc.constantFrom('x', 'é', '𝄞') })
    .map(repeated),
  fc.record({ length: fc.constantFrom(90_000, 262_140, 300_000), letter: fc.constant('y') }).map(repeated),
);

function repeated({ length, letter }: { length: number; letter: string }): string {
  return letter.repeat(length);
}

it('gives back every text that was not dropped', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ add: text }) },
    { weight: 2, arbitrary: fc.record({ drop: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const texts = new Texts();
      const there = new Map<number, string>();
      for (const one of steps) {
        if ('add' in one) {
          const number = texts.add(one.add);
          expect(there.has(number)).toBe(false);
          there.set(number, one.add);
        } else if (there.size > 0) {
          const number = [...there.keys()][one.drop % there.size]!;
          texts.drop(number);
          there.delete(number);
        }
        for (const [number, kept] of there) expect(texts.text(number) === kept).toBe(true);
      }
    }),
  );
});

it('tells what stands before the first tab', () => {
  const texts = new Texts();
  const [before, number] = [texts.add('no tab'), texts.add('r_é1\tand\tmore')];
  texts.add('another\tone');
  expect(texts.head(number)).toBe('r_é1');
  expect(texts.text(before)).toBe('no tab');
});

it('takes no more room for texts that change', () => {
  const texts = new Texts();
  const numbers = Array.from({ length: 100 }, (_, i) => texts.add(`rule ${i}`));
  const most = Math.max(...numbers);
  for (let round = 0; round < 1_000; round++) {
    const i = round % numbers.length;
    texts.drop(numbers[i]!);
    numbers[i] = texts.add(`rule ${(i * 7) % 100}`);
    expect(numbers[i]).toBeLessThanOrEqual(most);
  }
  const long = texts.add('z'.repeat(1_000_000));
  texts.drop(long);
  expect(texts.add('z'.repeat(2_000_000))).toBe(long);
});
