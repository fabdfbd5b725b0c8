// What an edit makes a rule forget.
import { expect, it } from 'vitest';
import { forgottenBy } from '#core/rule-edit.ts';
import { ruleWith } from '../evaluate/stage.ts';

const matcher = { field: 'host', op: '=' as const, value: 'cad1' };
const before = ruleWith({ match: [matcher], params: { field: 'usage', op: '>', limit: 90 } });
// As the ledger hands it back: names in another order.
const reordered = {
  match: [{ op: '=' as const, field: 'host', value: 'cad1' }],
  params: { op: '>', limit: 90, field: 'usage', clear: undefined },
};

it('forgets nothing by a name, a severity, a receiver, or by names in another order', () => {
  const after = { ...before, ...reordered, name: 'Other', severity: 'critical' as const, to: [], forMs: 5 };
  expect(forgottenBy(before, after)).toBe('nothing');
  expect(forgottenBy({ ...before, paused: true }, before)).toBe('nothing');
});

it('starts the memory anew by other params', () => {
  expect(forgottenBy(before, { ...before, params: { ...before.params, limit: 91 } })).toBe('memory');
});

it.each([
  { topic: 'disk' },
  { match: [] },
  { match: [matcher, matcher] },
  { match: [{ ...matcher, value: 'cad2' }] },
  { kind: 'every' },
  { key: ['subject', 'source'] },
  { paused: true },
])('forgets everything by %j', (change) => {
  expect(forgottenBy(before, { ...before, ...change })).toBe('everything');
});
