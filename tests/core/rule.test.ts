// Keys of alerts: what separates them, bounded, and safe to keep.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alertKey, defaultKey, keyLabels, plainFingerprint, ruleDocument } from '#core/rule.ts';

const event = {
  source: 'am',
  type: 'alertmanager.DiskFull',
  subject: 'cad1',
  data: {},
  labels: { host: 'h' },
};
const keyOf = (key: string[], given: object) => alertKey({ key }, { ...event, ...given }).key;

it('separates by source, subject and topic, or by the fingerprint that the sender named', () => {
  expect(keyOf(defaultKey, {})).toBe('["am","cad1","alertmanager.DiskFull"]');
  expect(keyOf(defaultKey, { fingerprint: plainFingerprint(event) })).toBe(keyOf(defaultKey, {}));
  expect(keyOf(defaultKey, { fingerprint: 'f1' })).not.toBe(keyOf(defaultKey, { fingerprint: 'f2' }));
  expect(keyOf(defaultKey, { fingerprint: 'f1', subject: '' })).toBe(
    keyOf(defaultKey, { fingerprint: 'f1' }),
  );
  expect(keyOf(['host'], { fingerprint: 'f1' })).toBe('["h"]');
  expect(keyOf([], {})).toBe('[]');
});

it('keeps keys short, clean and apart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { minLength: 1, maxLength: 8 }),
      (values) => {
        const names = values.map((_, i) => `f${i}`);
        const data = Object.fromEntries(values.map((value, i) => [`f${i}`, value]));
        const { key, labels } = alertKey({ key: names }, { ...event, data });
        expect(key.length).toBeLessThanOrEqual(500);
        expect(`${key}${JSON.stringify(labels)}`).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        if (!key.includes('…')) expect(keyLabels({ key: names }, key)).toEqual(labels);
        expect(Object.keys(keyLabels({ key: names }, key))).toEqual(names);
      },
    ),
  );
  const long = 'x'.repeat(390);
  expect(keyOf(['a', 'b'], { data: { a: long, b: `${long}1` } })).not.toBe(
    keyOf(['a', 'b'], { data: { a: long, b: `${long}2` } }),
  );
});

it('reads the public document and names every fault', () => {
  expect(
    ruleDocument.parse({ topic: 'disk.usage', kind: 'threshold', match: ['host = a'], for: '5m' }),
  ).toMatchObject({
    for: 300_000,
    keepFiringFor: 0,
    paused: false,
    match: [{ field: 'host', op: '=', value: 'a' }],
  });
  const read = ruleDocument.safeParse({
    topic: 'a..b',
    kind: 'x',
    match: ['nonsense'],
    for: 'soon',
    extra: 1,
  });
  expect(read.error?.issues.map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining(['topic', 'match.0', 'for', '']),
  );
});

it('names an alert by the event’s own source and subject, whatever its data calls itself', () => {
  const shadowed = { data: { source: 'other', subject: 'x' }, labels: { subject: 'y', source: 'z' } };
  expect(keyOf(defaultKey, shadowed)).toBe(keyOf(defaultKey, {}));
  expect(alertKey({ key: defaultKey }, { ...event, ...shadowed }).labels).toEqual({
    source: 'am',
    subject: 'cad1',
  });
});
