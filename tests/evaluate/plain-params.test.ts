// What a kind takes for plain is what its schema would have made of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../src/evaluate/kinds/index.ts';

const value = fc.oneof(
  fc.constantFrom(
    'usage',
    'disk.free',
    'version',
    'client_version',
    'conversion',
    ' x',
    'a b',
    '>',
    '<=',
    '=',
  ),
  fc.constantFrom<unknown>(
    90,
    -0,
    1e21,
    1.4,
    '90',
    '1.4.0',
    null,
    true,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ),
  fc.string({ maxLength: 12 }),
  fc.double(),
);

describe.each(kinds.filter(({ plain }) => plain))('$name', ({ example, params, plain }) => {
  const names = Object.keys(example.params);

  it('takes its schema’s own words for plain', () => {
    const usual = { field: 'usage', op: '>', limit: 90 };
    expect(plain!(usual)).toBe(true);
    expect(params.parse(usual)).toEqual(usual);
  });

  it('takes nothing for plain that the schema would refuse or change', () => {
    const given = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 6 })), value),
      fc.record({ field: value, op: value, limit: value }),
      fc.record({ field: value, op: fc.constant('>'), limit: fc.double() }),
    );
    fc.assert(
      fc.property(given, (one) => {
        fc.pre(plain!(one));
        expect(params.safeParse(one)).toEqual({ success: true, data: one });
      }),
      { numRuns: 500, maxSkipsPerRun: 10_000 },
    );
  });
});
