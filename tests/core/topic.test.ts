// Topics and patterns, against a reference by regular expression.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patternFault, patternSource, topicFault, topicMatches } from '#core/topic.ts';

it('knows a topic from what is none', () => {
  for (const good of ['a', 'disk.usage', 'alertmanager.DiskFull', 'a_b-c.1'])
    expect(topicFault(good)).toBeUndefined();
  for (const bad of ['', '.', 'a.', '.a', 'a..b', 'a b', 'a.*', 'ä', 'a\n', 'a'.repeat(201)])
    expect(topicFault(bad)).toBeTypeOf('string');
  for (const good of ['*', '**', 'a.*', 'a.**.b', '**.a.**', 'a']) expect(patternFault(good)).toBeUndefined();
  for (const bad of ['', 'a*', '***', 'a.**b', '**.a.**.b.**', 'a..b'])
    expect(patternFault(bad)).toBeTypeOf('string');
});

it('matches as the regular expression of the pattern does', () => {
  const part = fc.constantFrom('a', 'b', 'ab');
  const topic = fc.array(part, { minLength: 1, maxLength: 6 });
  const pattern = fc.array(fc.oneof(part, fc.constantFrom('*', '**')), { minLength: 1, maxLength: 6 });
  let hits = 0;
  fc.assert(
    fc.property(pattern, topic, (wanted, given) => {
      // Each part followed by a full stop, so that `**` may stand for none.
      const source = wanted
        .map((one) => (one === '**' ? '([^.]+\\.)*' : one === '*' ? '[^.]+\\.' : `${one}\\.`))
        .join('');
      const expected = new RegExp(`^${source}$`).test(`${given.join('.')}.`);
      if (expected) hits++;
      expect(topicMatches(wanted.join('.'), given.join('.'))).toBe(expected);
      expect(new RegExp(patternSource(wanted.join('.'))).test(`.${given.join('.')}`)).toBe(expected);
    }),
    { numRuns: 5000 },
  );
  expect(hits).toBeGreaterThan(300);
});

it('ends soon, however long the topic is', () => {
  const topic = Array.from({ length: 100 }, () => 'a').join('.');
  const before = process.cpuUsage();
  expect(topicMatches('**.a.**.b', topic)).toBe(false);
  expect(process.cpuUsage(before).user).toBeLessThan(100_000);
});
