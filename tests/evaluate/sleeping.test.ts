// Rules that sleep tell the same as rules that look at every event: random histories, two workers, restarts in the middle.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert, Transition } from '#core/alert.ts';
import type { Condition } from '#core/condition.ts';
import { lanes } from '#core/event.ts';
import { alertKey, defaultKey, type Rule, ruleAsks } from '#core/rule.ts';
import { removeRule } from '#store/rules.ts';
import { freshStanding, type Standing, seeEvent } from '../../src/evaluate/evaluate.ts';
import { readyRule } from '../../src/evaluate/index/watch.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { eventWith, openStage, ruleWith, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const comparison = (op: fc.Arbitrary<string>, limit: fc.Arbitrary<number>) =>
  fc.tuple(op, limit).map(([op, limit]): Record<string, unknown> => ({ field: 'usage', op, limit }));
const rule = fc.record({
  params: fc.oneof(
    comparison(fc.constantFrom('>', '>='), fc.integer({ min: 3, max: 7 })),
    comparison(fc.constantFrom('<', '<='), fc.integer({ min: 1, max: 6 })),
    fc.constant({ field: 'usage', op: '>', limit: 6, clear: 3 }),
  ),
  match: fc.constantFrom<Condition[][]>(
    [],
    [{ field: 'env', op: '=' as const, value: 'prod' }],
    [{ field: 'usage', op: '!=' as const, value: '9' }],
  ),
  key: fc.constantFrom(defaultKey, ['subject'], ['subject', 'env']),
  forMs: fc.constantFrom(0, 0, 25),
  keepFiringForMs: fc.constantFrom(0, 0, 25),
});
const event = fc.record({
  subject: fc.constantFrom('a', 'b'),
  data: fc.oneof(
    { weight: 8, arbitrary: fc.record({ usage: fc.integer({ min: 0, max: 10 }) }) },
    { weight: 1, arbitrary: fc.constantFrom({ usage: 'much' }, { usage: '9 %' }, {}) },
  ),
  labels: fc.constantFrom({ env: 'prod' }, { env: 'dev' }),
  late: fc.constantFrom(undefined, undefined, 0, 15, 40),
});
const history = fc.record({
  rules: fc.array(rule, { minLength: 1, maxLength: 6 }),
  events: fc.array(event, { minLength: 5, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 4 }),
});

/** What rules that look at every event would do. */
function livesByScan(rules: Rule[], events: ReturnType<typeof eventWith>[]): string[] {
  const standings = new Map<string, Standing>();
  const lives = new Map<string, string>();
  let ids = 0;
  const alerts = new Map<string, Alert>();
  const note = (alert: Alert, { change, at }: Transition) => {
    alerts.set(alert.id, alert);
    // What only counts is written into the alert, not recorded.
    if (change !== 'updated') lives.set(alert.id, `${lives.get(alert.id) ?? ''} ${change}@${at}`);
  };
  for (const seen of events)
    for (const one of rules) {
      const ready = readyRule(one);
      if (!ready.ok || !ruleAsks(one, seen)) continue;
      const { key, labels } = alertKey(one, seen);
      const before = standings.get(one.id + key) ?? freshStanding(key);
      const turn = seeEvent(ready.watch, before, seen, labels, () => `${++ids}`);
      standings.set(one.id + key, turn.standing);
      for (const step of turn.steps) note(step.alert, step.transition);
    }
  return [...alerts.values()]
    .map(({ id, key, count, rev }) => `${key} ${count} ${rev}${lives.get(id)}`)
    .sort();
}

/** The same from the ledger. */
async function livesInLedger(run: string): Promise<string[]> {
  const rows = await stage.world.database.sql<{ life: string }[]>`
    select a.key || ' ' || a.count || ' ' || a.rev ||
      string_agg(' ' || t.change || '@' || (extract(epoch from t.at) * 1000)::bigint, '' order by t.rev) as life
    from alerts a join transitions t on t.alert_id = a.id where a.key like ${`%${run}/%`} group by a.id`;
  return rows.map(({ life }) => life).sort();
}

it('tells the same as a scan', async () => {
  let runs = 0;
  let told = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ rules, events, cuts }) => {
      const run = `run${++runs}`;
      const kept = rules.map((given, i) => ruleWith({ ...given, id: `r_${run}_${i}`, topic: run }));
      for (const one of kept) await stage.rule(one);
      const seen = events.map(({ late, subject, ...given }, i) => {
        const receivedAt = 1000 + i * 10;
        const time = late === undefined ? {} : { time: receivedAt - late };
        return eventWith({ ...given, ...time, type: run, subject: `${run}/${subject}`, receivedAt });
      });
      let workers = [evaluateWork(stage.world), evaluateWork(stage.second())];
      let from = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), seen.length]) {
        const some = seen.slice(from, cut);
        from = Math.max(from, cut);
        if (some.length > 0) await stage.push(...some.map((one) => ({ ...one, at: one.receivedAt })));
        const rings = Array.from({ length: lanes }, (_, lane) =>
          workers.map((worker) => worker.evaluate(String(lane), 5000)),
        );
        await Promise.all(rings.flat());
        await workers[0]!.close();
        workers = [workers[1]!, evaluateWork(stage.world)];
      }
      for (const worker of workers) await worker.close();
      const expected = livesByScan(kept, seen);
      expect(await livesInLedger(run)).toEqual(expected);
      told += expected.length;
      await stage.world.database.db.transaction(async (tx) => {
        for (const { id } of kept) await removeRule(tx, id, 0);
      });
    }),
    { numRuns: 15 },
  );
  expect(told).toBeGreaterThan(50);
}, 60_000);
