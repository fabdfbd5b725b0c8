// The index finds exactly the rules that a scan finds, but for those that sleep, whatever was added, changed and removed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Condition } from '#core/condition.ts';
import { readNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { defaultKey, ruleAsks } from '#core/rule.ts';
import type { Asking } from '../../src/evaluate/index/asking.ts';
import { makeRuleIndex, type RuleIndex } from '../../src/evaluate/index/rule-index.ts';
import { SortedSlots } from '../../src/evaluate/index/sorted-slots.ts';
import { eventWith } from './stage.ts';

const part = fc.constantFrom('a', 'b', 'constructor');
const pattern = fc
  .array(fc.oneof({ weight: 3, arbitrary: part }, { weight: 2, arbitrary: fc.constantFrom('*', '**') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('.'))
  .filter((text) => text.split('**').length <= 3);
const field = fc.constantFrom('subject', 'host', 'usage', 'disk.free', 'missing', '__proto__');
const value = fc.constantFrom('', 'x', 'y', '5', 'null', '[1]');
const comparison = fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const);
const limit = fc.constantFrom(3, 4, 5, -0, 1e300);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ test: Condition; tree: Condition }>((tie) => ({
  test: fc.oneof(
    fc.record({ field, op: fc.constantFrom('=' as const, '!=' as const), value }),
    fc.record({ field, op: comparison, value: limit.map(String) }),
    fc.record({
      field,
      op: fc.constantFrom('=~' as const, '!~' as const),
      value: fc.constantFrom('x|y', '.*'),
    }),
    fc.record({
      field,
      op: fc.constantFrom('in' as const, 'not in' as const),
      list: fc.constantFrom('few', 'none', 'many', 'unknown', 'constructor'),
    }),
  ),
  tree: fc.oneof(
    { weight: 6, arbitrary: tie('test') },
    { weight: 1, arbitrary: fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ not: tie('tree') }) },
  ),
})).tree;
const lists = { few: ['x', '5', 'x'], none: [], many: Array.from({ length: 300 }, (_, i) => `${i}`) };
const wakes = fc.record({ field: fc.constantFrom('usage', 'disk.free', 'missing'), op: comparison, limit });
const key = fc.constantFrom(defaultKey, ['host'], ['host', 'missing'], []);
const asking = (ids: number, most: number): fc.Arbitrary<Asking> =>
  fc.record({
    id: fc.integer({ min: 1, max: ids }).map((number) => `r${number}`),
    topic: pattern,
    match: fc.array(condition, { maxLength: most }),
    lists: fc.constantFrom(undefined, lists),
    key: fc.oneof(
      key,
      fc.integer({ min: 1, max: 40 }).map((number) => [`k${number}`]),
    ),
    wakes: fc.option(wakes, { nil: undefined }),
  });
const number: fc.Arbitrary<Json> = fc.constantFrom(2, 3, 4, 4.5, 5, 6, '4', '5 %', 'x', -0, 1e308, null);
const event = fc.record({
  type: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.')),
  subject: fc.constantFrom('', 'x', 'y'),
  data: fc.dictionary(
    fc.constantFrom('usage', 'host', '__proto__', 'disk'),
    fc.oneof<fc.Arbitrary<Json>[]>(number, fc.record({ free: number }), fc.constant([1])),
  ),
  labels: fc.dictionary(fc.constantFrom('host', 'usage'), fc.constantFrom('x', 'y', '5')),
});

function emptyIndex(): RuleIndex<Asking> {
  return makeRuleIndex<Asking>({ idOf: ({ id }) => id, asking: (rule) => rule });
}

/** Whether the event wakes the rule, said in other words than the index's. */
function isWoken({ wakes }: Asking, seen: ReturnType<typeof eventWith>): boolean {
  if (!wakes) return true;
  const given = readNumber(seen, wakes.field);
  if (given === undefined) return false;
  const { op, limit } = wakes;
  return { '>': given > limit, '>=': given >= limit, '<': given < limit, '<=': given <= limit }[op];
}

/** Compares the answer with a scan; returns how many rules asked, and how many of them slept. */
function compare(index: RuleIndex<Asking>, rules: Iterable<Asking>, seen: ReturnType<typeof eventWith>) {
  const scan = [...rules].filter((rule) =>
    ruleAsks({ ...rule, paused: false, lists: rule.lists ?? {} }, seen),
  );
  const { found, sleeping } = index.ask(seen);
  const ids = found.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const missed = scan.filter((rule) => !found.includes(rule));
  for (const rule of missed) {
    expect(isWoken(rule, seen)).toBe(false);
    expect(sleeping).toContainEqual(rule.key);
  }
  expect(ids.length + missed.length).toBe(scan.length);
  return { asked: scan.length, slept: missed.length };
}

it('finds what a scan finds, but for those that sleep', () => {
  const move = fc.oneof(
    { weight: 4, arbitrary: asking(8, 2).map((put) => ({ put, remove: undefined })) },
    { weight: 1, arbitrary: asking(8, 0).map(({ id }) => ({ put: undefined, remove: id })) },
  );
  const total = { asked: 0, slept: 0 };
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 30 }),
      fc.array(event, { minLength: 1, maxLength: 8 }),
      (moves, events) => {
        const index = emptyIndex();
        const plain = new Map<string, Asking>();
        for (const { put, remove } of moves) {
          if (remove !== undefined) {
            index.remove(remove);
            plain.delete(remove);
          }
          if (put) {
            index.put(put);
            plain.set(put.id, put);
          }
        }
        expect(index.size).toBe(plain.size);
        for (const [id, rule] of plain) expect(index.find(id)).toBe(rule);
        for (const given of events) {
          const { asked, slept } = compare(index, plain.values(), eventWith(given));
          total.asked += asked;
          total.slept += slept;
        }
        for (const id of plain.keys()) index.remove(id);
        for (const given of events) expect(compare(index, [], eventWith(given)).asked).toBe(0);
      },
    ),
    { numRuns: 1000 },
  );
  expect(total.asked).toBeGreaterThan(700);
  expect(total.slept).toBeGreaterThan(100);
});

it('finds the same among hundreds of rules in few places', () => {
  const crowded = asking(400, 2).map((rule) => ({ ...rule, topic: rule.topic.length > 2 ? 'a' : '**' }));
  let asked = 0;
  fc.assert(
    fc.property(
      fc.array(crowded, { minLength: 300, maxLength: 600 }),
      fc.array(event, { minLength: 4, maxLength: 6 }),
      (rules, events) => {
        const index = emptyIndex();
        const plain = new Map<string, Asking>();
        for (const [i, rule] of rules.entries()) {
          index.put(rule);
          plain.set(rule.id, rule);
          if (i % 3 > 0) continue;
          const gone = rules[i >> 1]!.id;
          index.remove(gone);
          plain.delete(gone);
        }
        for (const given of events)
          asked += compare(index, plain.values(), eventWith({ ...given, type: 'a' })).asked;
      },
    ),
    { numRuns: 40 },
  );
  expect(asked).toBeGreaterThan(1000);
});

it('keeps slots in order of their limits', () => {
  const sorted = new SortedSlots();
  const plain = new Map<number, number>();
  const limits = fc.sample(fc.integer({ min: 0, max: 300 }), 12_000);
  for (const [slot, limit] of limits.entries()) {
    sorted.add(limit / 10, slot);
    plain.set(slot, limit / 10);
    if (slot % 3 !== 0) continue;
    const gone = limits[(slot * 7) % (slot + 1)]! % (slot + 1);
    sorted.remove(plain.get(gone) ?? -1, gone);
    plain.delete(gone);
  }
  sorted.remove(99, 1);
  expect(sorted.size).toBe(plain.size);
  const slots = (take: (found: number[]) => void) => {
    const found: number[] = [];
    take(found);
    return found.toSorted((a, b) => a - b);
  };
  const scan = (keep: (limit: number) => boolean) =>
    [...plain].filter(([, limit]) => keep(limit)).map(([slot]) => slot);
  for (const value of [-1, 0, 7.1, 7.15, 30, 31]) {
    expect(slots((found) => sorted.below(value, false, found))).toEqual(scan((limit) => limit < value));
    expect(slots((found) => sorted.below(value, true, found))).toEqual(scan((limit) => limit <= value));
    expect(slots((found) => sorted.above(value, false, found))).toEqual(scan((limit) => limit > value));
    expect(slots((found) => sorted.above(value, true, found))).toEqual(scan((limit) => limit >= value));
    expect(slots((found) => sorted.at(value, found))).toEqual(scan((limit) => limit === value));
  }
  for (const [slot, limit] of plain) sorted.remove(limit, slot);
  expect(sorted.size).toBe(0);
});
