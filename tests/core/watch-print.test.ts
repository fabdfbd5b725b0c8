// The one-line form of a rule: what is printed is read back, and nothing that is typed breaks it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '#core/condition.ts';
import { printDuration } from '#core/duration.ts';
import { parseWatchLine, printWatchLine, type WatchLine } from '#core/watch-line.ts';

const text = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((s) => s.trim() === s && !/[\u0000\ud800-\udfff“”„«»]/.test(s));
const field = fc.constantFrom('usage', 'disk.free', 'for', 'state', 'labels.host');
const matcher = fc.record({
  field: fc.constantFrom('host', 'env', 'not', 'or'),
  op: fc.constantFrom('=' as const, '!=' as const),
  value: text,
});
const inList = fc.record({
  field: fc.constantFrom('block', 'in'),
  op: fc.constantFrom('in' as const, 'not in' as const),
  list: fc.constantFrom('blocks', 'my-hosts'),
});
const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const several = fc.array(tie('condition'), { minLength: 2, maxLength: 3 });
  return {
    condition: fc.oneof(
      { depthSize: 'small' },
      matcher,
      inList,
      fc.record({ all: several }),
      fc.record({ any: several }),
      fc.record({ not: tie('condition') }),
    ),
  };
});
// What must all hold is a list of its own at the top.
const wholeCondition = condition.filter((one) => !('all' in one));
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((n) => n + 0);
const span = fc.integer({ min: 1, max: 1e9 }).map(printDuration);
const kinds: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  every: fc.constant({}),
  threshold: fc.record(
    { field, op: fc.constantFrom('>', '<='), limit: number, clear: number, critical: number },
    { requiredKeys: ['field', 'op', 'limit'] },
  ),
  change: fc.record(
    { field, from: text, to: fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 })) },
    { requiredKeys: ['field'] },
  ),
  count: fc.record(
    { moreThan: fc.nat(), distinct: text, within: span },
    { requiredKeys: ['moreThan', 'within'] },
  ),
  absence: fc.oneof(
    fc.record({ every: span, grace: span }, { requiredKeys: ['every'] }),
    fc.record({ cron: text, grace: span, zone: text }, { requiredKeys: ['cron'] }),
  ),
  increase: fc.record({ field, by: number, within: span }),
  ratio: fc.record(
    { field, bar: number, side: fc.constantFrom('below', 'above'), margin: number, ahead: span },
    { requiredKeys: ['field', 'bar', 'side'] },
  ),
  expression: fc.record({ when: text }),
};
const window = fc
  .record(
    {
      from: fc.nat({ max: 1439 }),
      to: fc.integer({ min: 1, max: 1440 }),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
    },
    { requiredKeys: ['from', 'to'] },
  )
  .filter(({ from, to, days }) => from !== to && days?.length !== 0 && days?.length !== 7);
const mains: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  threshold: fc.record({ limit: number, clear: number }, { requiredKeys: [] }),
  count: fc.record({ moreThan: fc.nat(), within: span }, { requiredKeys: [] }),
  absence: fc.record({ every: span, grace: span }, { requiredKeys: [] }),
};
const rowsFor = (kind: string) =>
  fc
    .array(
      fc.record(
        {
          when: fc.array(window, { minLength: 1, maxLength: 3 }),
          off: fc.constant(true as const),
          severity: fc.constantFrom('info' as const, 'critical' as const),
          to: fc.array(text, { minLength: 1, maxLength: 2 }),
          params: mains[kind] ?? fc.constant({ other: ['x', { y: 1 }] }),
        },
        { requiredKeys: ['when'] },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .chain((rows) =>
      fc.constantFrom(rows, [...rows, { when: 'otherwise' as const, off: true as const }] as typeof rows),
    )
    .map((rows) =>
      rows.map(({ params, ...row }) => (params && Object.keys(params).length > 0 ? { ...row, params } : row)),
    );
const line: fc.Arbitrary<WatchLine> = fc
  .constantFrom(...Object.keys(kinds))
  .chain((kind) =>
    fc.record({
      topic: fc.constantFrom('disk.usage', 'a.**', '*'),
      kind: fc.constant(kind),
      params: kinds[kind]!,
      match: fc
        .array(wholeCondition, { maxLength: 3 })
        .filter((all) => all.length !== 1 || !('all' in all[0]!)),
      forMs: fc.nat({ max: 1e9 }),
      keepFiringForMs: fc.nat({ max: 1e9 }),
      extra: fc.record(
        {
          severity: fc.constantFrom('info' as const, 'critical' as const),
          name: text,
          key: fc.array(fc.constantFrom('host', 'subject', 'per'), { minLength: 1, maxLength: 2 }),
          to: fc.array(text, { minLength: 1, maxLength: 2 }),
          emit: fc.constantFrom('a.b', 'off'),
          unless: fc.array(fc.record({ rule: text, same: fc.array(text, { minLength: 1, maxLength: 2 }) }), {
            minLength: 1,
            maxLength: 2,
          }),
          shadow: fc.constant(true as const),
          bands: rowsFor(kind),
        },
        { requiredKeys: [] },
      ),
    }),
  )
  .map(({ extra, ...rest }) => ({ ...rest, ...extra }) as WatchLine);

describe('printed', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(line, (watch) => {
        expect(parseWatchLine(printWatchLine(watch))).toEqual({ ok: true, ...watch });
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and what it says was meant is always understood', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        'usage',
        '>',
        '>>',
        '=',
        'for',
        '5m',
        'where',
        'changes',
        'to',
        '"',
        ',',
        'and',
        'disk.usage',
        'severity',
        'sevrity',
        '90',
        'weekdays',
        '9-18',
        'otherwise',
        'off',
        'more',
        'than',
        'within',
        'absent',
        '(',
        ')',
        'not',
        'in',
        '$me.x',
        'tell',
        'unless',
        'set',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 10 }), (words) => {
        const read = parseWatchLine(words.join(' '));
        if (!read.ok && read.meant !== undefined) expect(parseWatchLine(read.meant).ok).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
