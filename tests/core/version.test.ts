// Versions: an order that people expect, whatever stands in them.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matches, numberLimit, parseMatcher } from '#core/matcher.ts';
import { compareVersions, plainVersion } from '#core/version.ts';

const number = fc.nat({ max: 30 });
const part = fc.oneof(number.map(String), fc.constantFrom('alpha', 'beta', 'rc', 'RC', 'x-1'));
const version = fc
  .tuple(
    fc.constantFrom('', 'v', 'V'),
    fc.array(number, { minLength: 1, maxLength: 4 }),
    fc.array(part, { maxLength: 3 }),
    fc.constantFrom('', '+7', '+build.1'),
  )
  .map(
    ([v, numbers, before, build]) =>
      `${v}${numbers.join('.')}${before.length > 0 ? '-' : ''}${before.join('.')}${build}`,
  );
const sign = (a: string, b: string) => Math.sign(compareVersions(a, b) ?? Number.NaN);

it.each([
  ['1.10', '1.4', 1],
  ['1.4', '1.4.0', 0],
  ['v1.4.0', '1.4', 0],
  ['1.4.0-rc.2', '1.4.0', -1],
  ['1.4.0-rc.2', '1.4.0-rc.10', -1],
  ['1.4.0-alpha', '1.4.0-beta', -1],
  ['1.4.0-1', '1.4.0-alpha', -1],
  ['1.4.0-rc', '1.4.0-rc.1', -1],
  ['1.4.0+7', '1.4.0+8', 0],
  ['2', '1.999.999', 1],
  ['2026.11.3', '2026.2.28', 1],
])('%s beside %s is %s', (a, b, expected) => {
  expect(sign(a, b)).toBe(expected);
});

it.each(['', 'Nimbus', '1.', '.4', '1..4', '1.4 beta', '-1', '1.4-', '9'.repeat(40), '1.4\n1.5'])(
  '“%s” is none',
  (text) => {
    expect(compareVersions(text, '1.4')).toBeUndefined();
  },
);

it('is an order: the same both ways, and what is before the middle is before the end', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(sign(a, a)).toBe(0);
      expect(sign(a, b) + sign(b, a)).toBe(0);
      if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});

it('two are written as one text exactly when they are the same', () => {
  expect(['1.4', 'v1.4.0', '1.4.0+7', '1.4-RC.02'].map(plainVersion)).toEqual([
    '1.4',
    '1.4',
    '1.4',
    '1.4-rc.2',
  ]);
  expect(plainVersion('Nimbus')).toBe('Nimbus');
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(plainVersion(a) === plainVersion(b)).toBe(sign(a, b) === 0);
      expect(sign(a, plainVersion(a))).toBe(0);
    }),
    { numRuns: 500 },
  );
});

it('orders by the first part that differs, as a list of numbers', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3 }), number, number, (front, a, b) => {
      expect(sign([...front, a].join('.'), [...front, b].join('.'))).toBe(Math.sign(a - b));
    }),
  );
});

it('a hostile text ends quickly', () => {
  const before = process.cpuUsage().user;
  for (const text of [`1${'.1'.repeat(50_000)}x`, `1-${'a.'.repeat(50_000)}!`]) compareVersions(text, text);
  expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
});

const node = { source: 's', type: 'node.checkin', subject: 'node-7', labels: {} };
const holds = (text: string, data: Record<string, string | number>) => {
  const read = parseMatcher(text);
  return read.ok ? matches(read.matcher, { ...node, data }) : read.fault;
};

it.each([
  ['version < 1.4', { version: '1.10.0' }, false],
  ['version < 1.4', { version: '1.10' }, false],
  ['version < 1.4', { version: '1.3.9' }, true],
  ['version < 1.4', { version: 'v1.4.0-rc.1' }, true],
  ['version >= 1.4', { version: '1.4' }, true],
  ['version < 1.4', { version: 'unknown' }, false],
  ['version < 1.4', {}, false],
  ['client_version < 2', { client_version: '1.9' }, true],
  ['release < v1.4', { release: '1.10' }, false],
  ['release < 1.4.0', { release: '1.3' }, true],
  // Anything else is a number, also as text.
  ['usage > 1.4', { usage: '1.10' }, false],
  ['usage > 1.4', { usage: 1.5 }, true],
])('%s of %o is %s', (text, data, expected) => {
  expect(holds(text, data)).toBe(expected);
});

it('only what is compared as a number can be found by its number', () => {
  const limit = (text: string) => {
    const read = parseMatcher(text);
    return read.ok ? numberLimit(read.matcher) : read.fault;
  };
  expect(limit('usage > 90')).toBe(90);
  expect(limit('version < 1.4')).toBeUndefined();
  expect(limit('release < v1.4')).toBeUndefined();
});
