// The quick way in comes to what the long one comes to: whatever it reads, the schema reads as the same event, and what an
// event is known by has not changed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { native, readBySchema } from '#ingest/formats/native.ts';
import { canonical, shortHash } from '#ingest/hash.ts';
import { quickNative } from '#ingest/quick-native.ts';
import { toRows } from '#ingest/rows.ts';

const odd = fc.constantFrom('', 'a\ud800b', '\u0000', 'x'.repeat(200), 'x'.repeat(201));
const plain = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('a', 'é', '🔥', 'a b', '__proto__', 'constructor') },
  { weight: 20, arbitrary: fc.string({ minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }) },
  { weight: 1, arbitrary: odd },
);
const value = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const often = <T>(right: fc.Arbitrary<T>) => fc.oneof({ weight: 40, arbitrary: right }, value);
const times = fc.constantFrom(
  '2026-05-04T12:30:00Z',
  '2026-02-30T00:00:00Z',
  '1999-01-01T00:00:00Z',
  '2026-05-04t12:30:00.5+02:00',
);
const named = (inner: fc.Arbitrary<Json>, most = 5) =>
  fc.array(fc.tuple(plain, inner), { maxLength: most }).map((all) => Object.fromEntries(all));
const labels = fc.oneof(
  { weight: 20, arbitrary: named(fc.oneof({ weight: 40, arbitrary: plain }, value)) },
  fc
    .integer({ min: 63, max: 66 })
    .map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`l${i}`, ''])) as Json),
  fc.constantFrom(100, 101).map((n): Json => ({ ['n'.repeat(n)]: 'v' })),
  fc.constantFrom(1_000, 1_001).map((n): Json => ({ n: 'v'.repeat(n) })),
);
const topics = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom('disk.usage', 'a', 'tocsinx', 'a-1.b_2', 'x'.repeat(200)) },
  fc.constantFrom('', 'a..b', 'tocsin', 'tocsin.x', 'a b', '.a', 'a.', 'é', 'a\n', 'x'.repeat(201)),
);
const event = fc.record(
  {
    id: often(plain),
    source: often(plain),
    type: often(topics),
    subject: often(fc.oneof(plain, fc.constantFrom('s'.repeat(500), 's'.repeat(501)))),
    time: often(times),
    data: often(named(value)),
    labels: often(labels),
    severity: often(fc.constantFrom('critical', 'P1', 'warn', 'no such', 'constructor')),
    status: often(fc.constantFrom('firing', 'acknowledged', 'resolved', 'Firing')),
    endsAt: often(times),
    fingerprint: often(plain),
  },
  { requiredKeys: ['type'] },
) as fc.Arbitrary<Json>;
const item = fc.oneof(
  { weight: 20, arbitrary: event },
  {
    weight: 2,
    arbitrary: fc
      .tuple(event, plain, value)
      .map(([one, name, more]): Json => ({ ...(one as object), [name]: more })),
  },
  value,
);
/** As it is when it was read from text: names such as `__proto__` are its own. */
const asRead = (given: Json) => JSON.parse(JSON.stringify(given)) as Json;

it('reads nothing that the schema refuses, and everything as the schema reads it', () => {
  let read = 0;
  fc.assert(
    fc.property(item.map(asRead), (given) => {
      const quick = quickNative(given, 'the source');
      if (quick === undefined) return;
      read++;
      expect({ ok: true, event: quick }).toEqual(readBySchema(given, '', 'the source'));
    }),
    { numRuns: 3_000 },
  );
  expect(read).toBeGreaterThan(200);
});

it('reads what the format gives as its example', () => {
  const { event: bySchema } = readBySchema(native.example.body, '', 'ci') as { event: NewEvent };
  expect(quickNative(native.example.body, 'ci')).toEqual(bySchema);
});

// As the ledger's hashes have been made from the beginning: an event that was taken then is known now.
function firstHash({ id: _, ...given }: NewEvent): string {
  const ordered = (one: Json): string => {
    if (one === null || typeof one !== 'object') return JSON.stringify(one);
    if (Array.isArray(one)) return `[${one.map(ordered).join(',')}]`;
    const names = Object.keys(one).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${ordered(one[name]!)}`).join(',')}}`;
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, inner]) => inner !== undefined));
  return shortHash(ordered(said as Json));
}

it('knows an event by the same hash as ever, and keeps the same text', () => {
  fc.assert(
    fc.property(event.map(asRead), (given) => {
      const read = readBySchema(given, '', 'the source');
      if (!read.ok) return;
      const text = '';
      const body = { json: given, text: () => text, bytes: Buffer.from(text) };
      const arrival = { format: native, body, sourceId: 's_1', id: () => 'e_1', receivedAt: 0 };
      const [row] = toRows([read.event], [''], arrival);
      expect(row!.bodyHash).toBe(firstHash(read.event));
      const { data, labels: kept } = read.event;
      expect(row!.body).toBe(JSON.stringify({ data, labels: kept }));
    }),
    { numRuns: 1_000 },
  );
});

it('writes the names of any value in one order', () => {
  expect(canonical({ b: 1, a: [{ d: 1, c: null }], '10': 1, '9': 2 })).toBe(
    '{"10":1,"9":2,"a":[{"c":null,"d":1}],"b":1}',
  );
});
