// Conditions: what people write is read, printed and read again; hostile patterns end or are refused.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Matcher, matcherFault, matches, operators, parseMatcher, printMatcher } from '#core/matcher.ts';

const event = {
  source: 'cad',
  type: 'disk.usage',
  subject: '/home',
  data: { usage: 93.5, text: '12 %', deep: { host: 'cad1' }, flag: true },
  labels: { host: 'cad2', env: 'prod' },
};
const says = (text: string) => {
  const read = parseMatcher(text);
  return read.ok ? matches(read.matcher, event) : read.fault;
};

it.each([
  ['host = cad2', true],
  ['host == "cad2"', true],
  ["host = 'cad2'", true],
  ['host != cad2', false],
  ['host =~ "cad.*"', true],
  ['host =~ cad', false],
  ['host !~ "x.*"', true],
  ['deep.host = cad1', true],
  ['labels.host = cad2', true],
  ['usage > 93', true],
  ['usage >= 93.5', true],
  ['usage < 93.5', false],
  ['text <= 12', true],
  ['missing = ""', true],
  ['missing != x', true],
  ['missing > 0', false],
  ['missing < 0', false],
  ['subject = /home', true],
  ['constructor = ""', true],
  ['__proto__ = ""', true],
  ['flag = true', true],
])('%s is %s', (text, expected) => {
  expect(says(text)).toBe(expected);
});

it.each([
  '',
  'host',
  '= x',
  'usage >> 90',
  'usage > much',
  'usage > ""',
  'usage > " "',
  'host =~ "("',
  `host = "${'x'.repeat(300)}"`,
])('refuses %s with a sentence', (text) => {
  expect(says(text)).toMatch(/^.{10,}$/);
});

it('reads back what it prints', () => {
  const matcher = fc
    .record({
      field: fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/),
      op: fc.constantFrom(...operators),
      value: fc.string({ maxLength: 40 }),
    })
    .map(
      (given): Matcher => (/^[<>]/.test(given.op) ? { ...given, value: String(given.value.length) } : given),
    )
    .filter((given) => matcherFault(given) === undefined);
  fc.assert(
    fc.property(matcher, (given) => {
      expect(parseMatcher(printMatcher(given))).toEqual({ ok: true, matcher: given });
    }),
  );
});

it('lets no pattern hold the worker', () => {
  const long = { ...event, labels: { host: 'a'.repeat(100_000) } };
  for (const value of ['(a+)+b', '(a|aa)*c', '(.*)*x', '(a{1,99}){1,99}z', '((a{0,90}){0,90}){0,90}']) {
    const before = process.cpuUsage();
    const matcher: Matcher = { field: 'host', op: '=~', value };
    if (matcherFault(matcher) === undefined) matches(matcher, long);
    expect(process.cpuUsage(before).user, value).toBeLessThan(1_000_000);
  }
});
