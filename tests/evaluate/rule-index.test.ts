// The index finds exactly the rules that a scan finds, whatever was added, changed and removed before.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Matcher } from '#core/matcher.ts';
import { ruleAsks } from '#core/rule.ts';
import { makeRuleIndex } from '../../src/evaluate/index/rule-index.ts';
import { eventWith, ruleWith } from './stage.ts';

const part = fc.constantFrom('a', 'b', 'constructor');
const pattern = fc
  .array(fc.oneof({ weight: 3, arbitrary: part }, { weight: 2, arbitrary: fc.constantFrom('*', '**') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('.'))
  .filter((text) => text.split('**').length <= 3);
const field = fc.constantFrom('subject', 'host', 'usage', 'missing', '__proto__');
const matcher: fc.Arbitrary<Matcher> = fc.oneof(
  fc.record({
    field,
    op: fc.constantFrom('=' as const, '!=' as const),
    value: fc.constantFrom('', 'x', 'y', '5'),
  }),
  fc.record({ field, op: fc.constantFrom('>' as const, '<=' as const), value: fc.constantFrom('3', '5') }),
  fc.record({
    field,
    op: fc.constantFrom('=~' as const, '!~' as const),
    value: fc.constantFrom('x|y', '.*'),
  }),
);
const rule = fc.record({
  id: fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'),
  topic: pattern,
  match: fc.array(matcher, { maxLength: 3 }),
});
const event = fc.record({
  type: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
  subject: fc.constantFrom('', 'x', 'y'),
  data: fc.dictionary(
    fc.constantFrom('usage', 'host', '__proto__'),
    fc.constantFrom<string | number>('x', '5', 4, 6),
  ),
  labels: fc.dictionary(fc.constantFrom('host'), fc.constantFrom('x', 'y')),
});

it('finds what a scan finds', () => {
  const move = fc.oneof(
    { weight: 4, arbitrary: rule.map((put) => ({ put, remove: undefined })) },
    { weight: 1, arbitrary: rule.map(({ id }) => ({ put: undefined, remove: id })) },
  );
  let hits = 0;
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 30 }),
      fc.array(event, { minLength: 1, maxLength: 8 }),
      (moves, events) => {
        const index = makeRuleIndex<string>();
        const plain = new Map<string, ReturnType<typeof ruleWith>>();
        for (const { put, remove } of moves) {
          if (remove !== undefined) {
            index.remove(remove);
            plain.delete(remove);
          }
          if (put) {
            index.put(put, put.id);
            plain.set(put.id, ruleWith(put));
          }
        }
        expect(index.size).toBe(plain.size);
        for (const given of events) {
          const seen = eventWith(given);
          const scan = [...plain.values()].filter((one) => ruleAsks(one, seen)).map(({ id }) => id);
          expect(index.ask(seen).toSorted()).toEqual(scan.toSorted());
          hits += scan.length;
        }
        for (const id of plain.keys()) index.remove(id);
        for (const given of events) expect(index.ask(eventWith(given))).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
  expect(hits).toBeGreaterThan(300);
});
