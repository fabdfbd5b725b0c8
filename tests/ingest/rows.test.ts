// What becomes of an event's own text: kept where the ledger or a number cannot say the same, and only there.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NewEvent } from '#core/event.ts';
import { native } from '#ingest/formats/native.ts';
import { canonical } from '#ingest/hash.ts';
import { toRows } from '#ingest/rows.ts';

function rowOf(text: string) {
  const { data, ...rest } = JSON.parse(text) as Partial<NewEvent>;
  const event: NewEvent = { source: 's', type: 'a.b', subject: '', labels: {}, ...rest, data: data ?? {} };
  const body = { json: {}, text: () => text, bytes: Buffer.from(text) };
  const arrival = { format: native, body, sourceId: 's', id: () => 'e', receivedAt: 0 };
  return toRows([event], [''], arrival)[0]!;
}

const blank = fc.constantFrom('', ' ', '\n', '\t', '\r\n  ');
const digits = (least: number, most: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most })
    .map((all) => all.join('').replace(/^0+(?=\d)/, ''));
const spelled = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits(1, 22),
    fc.option(digits(1, 6), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits(1, 4)), { nil: undefined }),
  )
  .map(
    ([sign, whole, part, power]) => `${sign}${whole}${part ? `.${part}` : ''}${power ? power.join('') : ''}`,
  );

it('keeps the text of numbers that no number can be', () => {
  fc.assert(
    fc.property(spelled, blank, blank, fc.boolean(), (number, before, after, isListed) => {
      const value = `${before}${number}${after}`;
      const text = `{"data":{"x":${isListed ? `[0,${value},${value}]` : value}}}`;
      const read = Number(number);
      const isWhole = /^-?\d+$/.test(number);
      const isLost = !Number.isFinite(read) || (isWhole && BigInt(number) !== BigInt(read));
      const { raw, body } = rowOf(text);
      if (isLost) expect(raw).toBe(text);
      expect(() => JSON.parse(body)).not.toThrow();
      // A zero has no sign there.
      if (raw === null)
        expect(JSON.stringify(JSON.parse(body).data)).toBe(JSON.stringify(JSON.parse(text).data));
    }),
  );
});

it.each(['\\u0000', '\\ud800', '\\uDFFF x', 'a\\u0000b'])('keeps the text around %s', (part) => {
  const text = `{"data":{"x":"${part}"}}`;
  expect(rowOf(text).raw).toBe(text);
  expect(rowOf(`{"data":{"${part}":1}}`).raw).toBe(`{"data":{"${part}":1}}`);
});

it.each(['e5000', 'node-e100', 'a3e1007f', '1234567890123456789', '9e999', 'at 12:1e5'])(
  'what only looks like a number, in the text %s, is no reason to keep it',
  (part) => {
    expect(rowOf(`{"id":"${part}","data":{"${part}":"${part}"}}`).raw).toBeNull();
  },
);

it('writes names in order, however they came', () => {
  const record = fc.dictionary(fc.string(), fc.integer(), { maxKeys: 30 });
  fc.assert(
    fc.property(record, (one) => {
      const names = Object.keys(one).sort();
      const inside = names.map((name) => `${JSON.stringify(name)}:${one[name]}`).join();
      expect(canonical(one)).toBe(`{${inside}}`);
    }),
  );
});
