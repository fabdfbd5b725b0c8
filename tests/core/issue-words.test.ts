// What is wrong with a value, in words of ours: no schema speaks the library's English.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { topicDocument } from '#core/declared-topic.ts';
import { packDocument } from '#core/pack.ts';
import { ruleDocument } from '#core/rule.ts';
import { silenceDocument } from '#core/silence-document.ts';
import { styleDocument } from '#core/style.ts';

const say = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message;

it.each<[z.ZodType, unknown, string]>([
  [z.number().min(0), -1, 'must be at least 0'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.number().max(5000), 5001, 'must be at most 5,000'],
  [z.int(), 1.5, 'must be a whole number'],
  [z.object({}), [], 'must be an object'],
  [z.string(), undefined, 'is missing'],
  [z.string().min(1), '', 'must not be empty'],
  [z.string().max(3), 'abcd', 'has at most 3 characters'],
  [z.array(z.string()).min(1), [], 'has at least 1 entry'],
  [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
  [z.literal('x'), undefined, 'is missing; it must be x'],
  [z.strictObject({}), { x: 1 }, 'there is no such field: “x”'],
  [z.union([z.number(), z.string()]), true, 'must be a number, or must be text'],
  [z.url(), 'x', 'must be an address such as https://example.org'],
  [z.string('must be a name'), 1, 'must be a name'],
])('%#: a fault is a sentence', (schema, value, words) => {
  expect(say(schema, value)).toBe(words);
});

it('no document is refused in other words', () => {
  const names = [ruleDocument, silenceDocument, styleDocument, topicDocument, packDocument];
  const field = fc.constantFrom(
    'topic',
    'kind',
    'for',
    'match',
    'to',
    'bands',
    'rules',
    'name',
    'weekly',
    'x',
  );
  fc.assert(
    fc.property(fc.dictionary(field, fc.jsonValue()), (value) => {
      for (const schema of names)
        for (const { message } of schema.safeParse(value).error?.issues ?? [])
          expect(message).not.toMatch(
            /invalid input|expected|received|unrecognized|too (small|big)|invalid option/i,
          );
    }),
  );
});
