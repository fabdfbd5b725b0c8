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
  // Of two sizes, so that a place of the other one does not do.
  const sized = (i: number) => (i % 2 === 0 ? `rule ${i}` : `a longer rule ${i}`);
  const numbers = Array.from({ length: 100 }, (_, i) => texts.add(sized(i)));
  const most = Math.max(...numbers);
  for (let round = 0; round < 1_000; round++) {
    const i = round % numbers.length;
    texts.drop(numbers[i]!);
    numbers[i] = texts.add(sized((i + 2 * round) % 100));
    expect(numbers[i]).toBeLessThanOrEqual(most);
  }
  expect(new Set(numbers).size).toBe(numbers.length);
  const long = texts.add('z'.repeat(1_000_000));
  expect(long).toBeGreaterThan(most);
  texts.drop(long);
  expect(texts.add('z'.repeat(2_000_000))).toBe(long);
});

it('takes no more than twice the room, and a little, for texts that grow', () => {
  const texts = new Texts();
  const count = 5_000;
  const textOf = (i: number, round: number) => `rule ${i}\t${'x'.repeat(100 + 16 * round)}`;
  let numbers = Array.from({ length: count }, (_, i) => texts.add(textOf(i, 0)));
  let packed = 0;
  for (let round = 1; round <= 60; round++) {
    for (const [i, number] of numbers.entries()) {
      texts.drop(number);
      numbers[i] = texts.add(textOf(i, round));
    }
    if (texts.isSparse) {
      const move = texts.repack();
      numbers = numbers.map(move);
      packed++;
    }
    expect(texts.isSparse).toBe(false);
  }
  expect(numbers.every((number, i) => texts.text(number) === textOf(i, 60))).toBe(true);
  expect(texts.head(numbers[7]!)).toBe('rule 7');
  expect(packed).toBeGreaterThan(3);
  // What lives, as much again that went since, one round on top of it, and a chunk: numbers count sixteen bytes.
  const live = count * Math.ceil((4 + textOf(count - 1, 60).length) / 16);
  expect(Math.max(...numbers)).toBeLessThan(3 * live + (1 << 14));
});

it('takes long texts along, and those that were dropped have no room', () => {
  const texts = new Texts();
  const long = 'y'.repeat(300_000);
  const [gone, short, other] = [texts.add('gone'), texts.add('é'), texts.add(long)];
  texts.drop(gone);
  const move = texts.repack();
  const [newShort, newOther] = [move(short), move(other)];
  expect(newShort).toBe(gone);
  expect([texts.text(newShort), texts.text(newOther) === long]).toEqual(['é', true]);
  texts.drop(newOther);
  expect(texts.add(long)).toBe(newOther);
});
