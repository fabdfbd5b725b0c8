// Styles are printed so that they are read back the same, and caps are read as people type them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWhen } from '#core/bands.ts';
import { type Style, styleDocument } from '#core/style.ts';
import { printStyle, readCaps } from '#core/style-print.ts';

const whens = ['Mon-Fri 09:00-18:00', '18:00-09:00; Sat-Sun', '19:00-06:00', 'Sat,Sun'].map((text) => {
  const read = parseWhen(text);
  if (!read.ok || read.when === 'otherwise') throw new Error(text);
  return read.when;
});
const count = fc.integer({ min: 1, max: 10_000 });
const style: fc.Arbitrary<Style> = fc.record(
  {
    hours: fc.constantFrom(...whens),
    least: fc.constantFrom('warning' as const, 'critical' as const),
    gather: fc.array(
      fc.record({
        when: fc.constantFrom('otherwise' as const, ...whens),
        waitMs: fc.oneof(
          fc.constant('end' as const),
          fc.integer({ min: 0, max: 3600 }).map((s) => s * 1000),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    caps: fc
      .record(
        { hour: count, day: count, delayMs: fc.integer({ min: 1, max: 3600 }).map((s) => s * 1000) },
        { requiredKeys: [] },
      )
      .filter((caps) => Object.keys(caps).length > 0),
    urgent: fc.constantFrom(null, 'warning' as const, 'critical' as const),
  },
  { requiredKeys: [] },
);

describe('a style', () => {
  it('is read back as it was printed', () => {
    fc.assert(fc.property(style, (one) => void expect(styleDocument.parse(printStyle(one))).toEqual(one)));
  });
});

describe('caps as people type them', () => {
  it.each([
    ['20 an hour', { hour: 20 }],
    ['100 a day', { day: 100 }],
    ['20/h, 100/d', { hour: 20, day: 100 }],
    ['5 min apart', { delayMs: 300_000 }],
    ['one every 10 minutes and 20 per hour', { hour: 20, delayMs: 600_000 }],
    ['none', {}],
  ])('“%s”', (text, caps) => expect(readCaps(text)).toEqual(caps));

  it.each(['', 'many', '0 an hour', '20', '5 min', 'apart', '99999 a day'])('“%s” is none', (text) => {
    expect(readCaps(text)).toBeUndefined();
  });
});
