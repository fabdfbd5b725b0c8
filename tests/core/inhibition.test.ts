// Which alert explains another: by rule and equal labels, and never in a circle.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openAlert } from '#core/alert-life.ts';
import { circleOf, explainedBy, type Inhibiting } from '#core/inhibition.ts';

const alertOf = (ruleId: string, labels: Record<string, string> = {}, fields: Record<string, string> = {}) =>
  openAlert(
    { id: `a_${ruleId}`, ruleId, ownerId: 'p', key: '', labels, topic: 't', subject: '' },
    {
      reading: { is: 'met', text: '' },
      severity: 'warning',
      title: ruleId,
      fields,
      forMs: 0,
      keepFiringForMs: 0,
      seq: null,
    },
    1,
  ).alert;
const router: Inhibiting = { id: 'r1', name: 'Router down' };
const host: Inhibiting = { id: 'r2', name: 'Host down', unless: [{ rule: 'Router down', same: ['site'] }] };

it('by the name or the id of the rule, and equal values of labels or fields', () => {
  const burning = [alertOf('r1', { site: 'north' })];
  const explained = (rule: Inhibiting, site?: string) =>
    explainedBy(rule, alertOf('r2', {}, site ? { site } : {}), [router, host], burning)?.id;
  expect(explained(host, 'north')).toBe('a_r1');
  expect(explained(host, 'south')).toBeUndefined();
  expect(explained(host)).toBeUndefined();
  expect(explained({ ...host, unless: [{ rule: 'r1' }] })).toBe('a_r1');
  expect(explained({ ...host, unless: [{ rule: 'gone' }] })).toBeUndefined();
  const over = { ...burning[0]!, status: 'resolved' as const };
  expect(explainedBy(host, alertOf('r2', { site: 'north' }), [router, host], [over])).toBeUndefined();
});

it('rules that wait for each other explain nothing: of any rules that burn, somebody is always told', () => {
  const graphs = fc.array(fc.array(fc.nat(5), { maxLength: 3 }), { minLength: 1, maxLength: 6 });
  let circles = 0;
  fc.assert(
    fc.property(graphs, (edges) => {
      const rules = edges.map(
        (to, i): Inhibiting => ({ id: `r${i}`, name: `n${i}`, unless: to.map((j) => ({ rule: `n${j}` })) }),
      );
      const burning = rules.map(({ id }) => alertOf(id));
      const told = rules.filter((rule, i) => !explainedBy(rule, burning[i]!, rules, burning));
      expect(told.length).toBeGreaterThan(0);
      for (const rule of rules) if (circleOf(rule, rules)) circles++;
    }),
  );
  expect(circles).toBeGreaterThan(20);
});
