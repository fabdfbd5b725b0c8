// Who asks about an event: the same as trying every rule on it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { whoAsks } from '#core/cohort.ts';
import type { Condition } from '#core/condition.ts';
import { ruleAsks } from '#core/rule.ts';

const value = fc.constantFrom('a', 'b', 'c');
const field = fc.constantFrom('subject', 'host', 'data.host', 'env', 'missing');
const test = fc.record({
  field,
  op: fc.constantFrom('=', '!=', '=~'),
  value: fc.oneof(value, fc.constant('')),
});
const condition: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 3, arbitrary: test as fc.Arbitrary<Condition> },
  { weight: 1, arbitrary: fc.record({ not: test }) as fc.Arbitrary<Condition> },
  {
    weight: 1,
    arbitrary: fc.record({
      field,
      op: fc.constant('in'),
      list: fc.constant('mine'),
    }) as fc.Arbitrary<Condition>,
  },
);
const rule = fc.record({
  ownerId: fc.constantFrom('p_1', 'p_2', 'g_1'),
  topic: fc.constantFrom('node.*', 'node.checkin', '**', 'disk.usage'),
  match: fc.array(condition, { maxLength: 3 }),
  paused: fc.boolean(),
  lists: fc.constant({ mine: ['a', 'b'] }),
});
const event = fc.record({
  source: fc.constant('s'),
  type: fc.constantFrom('node.checkin', 'node.audit', 'disk.usage'),
  subject: value,
  data: fc.record({ host: value }),
  labels: fc.record({ env: value }),
});

it('finds exactly the owners of the rules that ask', () => {
  fc.assert(
    fc.property(
      fc.array(rule, { maxLength: 12 }),
      fc.array(event, { minLength: 1, maxLength: 5 }),
      (rules, events) => {
        const asks = whoAsks(rules);
        for (const one of events) {
          const expected = new Set(
            rules.filter((asked) => ruleAsks(asked, one)).map(({ ownerId }) => ownerId),
          );
          expect(asks(one).sort()).toEqual([...expected].sort());
        }
      },
    ),
    { numRuns: 300 },
  );
});
