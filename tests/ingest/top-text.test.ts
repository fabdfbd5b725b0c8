// The text under a name at the top of an object, found without parsing the object.
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { topText } from '#ingest/scan.ts';

it('is what parsing finds, whatever else is in the object', () => {
  const name = fc.constantFrom('key', 'ke', 'keys', '', 'other');
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.option(fc.string()), (around, text) => {
      const body = JSON.stringify({
        a: { key: 'not at the top' },
        ...around,
        ...(text === null ? {} : { key: text }),
      });
      const { key } = JSON.parse(body);
      expect(topText(Buffer.from(body), 'key')).toBe(typeof key === 'string' ? key : undefined);
    }),
  );
});

it('makes a string of no text but the one it looks for', () => {
  const body = Buffer.from(`{${'"":"",'.repeat(1_000)}${'"a":1,'.repeat(1_000)}"key":"it"}`);
  const made = vi.spyOn(body, 'toString');
  expect(topText(body, 'key')).toBe('it');
  expect(made).toHaveBeenCalledTimes(1);
});
