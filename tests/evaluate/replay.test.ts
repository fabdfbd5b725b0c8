// Replay = live: what the worker did with random histories is what a replay of the same events does, for every kind.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Condition } from '#core/condition.ts';
import type { Event } from '#core/event.ts';
import { type Rule, ruleAsks } from '#core/rule.ts';
import { readPast } from '#store/past-events.ts';
import { removeRule } from '#store/rules.ts';
import { readyRule } from '../../src/evaluate/index/watch.ts';
import { needlesOf } from '../../src/evaluate/needles.ts';
import { makeReplay } from '../../src/evaluate/replay.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { eventWith, openStage, ruleWith, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const hour = 3_600_000;
const day = 24 * hour;
const noon = Date.UTC(2026, 4, 4, 12);

const kinds = fc.constantFrom<Pick<Rule, 'kind' | 'params'>>(
  { kind: 'threshold', params: { field: 'usage', op: '>', limit: 6 } },
  { kind: 'threshold', params: { field: 'usage', op: '>=', limit: 6, clear: 3, critical: 9 } },
  { kind: 'threshold', params: { field: 'usage', op: '<', limit: 3 } },
  { kind: 'change', params: { field: 'usage', to: ['9', '8'] } },
  { kind: 'change', params: { field: 'usage' } },
  { kind: 'count', params: { moreThan: 2, within: '1h' } },
  { kind: 'count', params: { moreThan: 1, within: '3h', distinct: 'usage' } },
  { kind: 'absence', params: { every: '1h', grace: '10m' } },
  { kind: 'every', params: {} },
  { kind: 'ratio', params: { field: 'usage', bar: 6, side: 'above', margin: 1 } },
  { kind: 'increase', params: { field: 'usage', by: 4, within: '2h' } },
  { kind: 'expression', params: { when: 'event.usage > 6' } },
);
const options = fc.record({
  forMs: fc.constantFrom(0, 0, hour / 2),
  keepFiringForMs: fc.constantFrom(0, 0, hour / 2),
  bands: fc.constantFrom<NonNullable<Rule['bands']>[]>(
    [],
    [{ when: [{ from: 13 * 60, to: 16 * 60 }], severity: 'critical' }],
    [{ when: [{ from: 14 * 60, to: 20 * 60 }], off: true }],
  ),
  flapping: fc.constantFrom(undefined, undefined, { after: 2, withinMs: 6 * hour, holdMs: hour }),
  named: fc.boolean(),
});
const event = fc.record({
  after: fc.constantFrom(0, 1, 600_000, 1_200_000, 2_400_000, 2 * hour),
  subject: fc.constantFrom('a', 'b'),
  data: fc.oneof(
    { weight: 8, arbitrary: fc.record({ usage: fc.integer({ min: 0, max: 10 }) }) },
    { weight: 1, arbitrary: fc.constantFrom({ usage: 'much' }, { usage: '9 %' }, {}) },
  ),
  status: fc.constantFrom(undefined, undefined, 'firing' as const, 'resolved' as const),
  late: fc.constantFrom(undefined, undefined, undefined, 0, 900_000, 2 * hour),
});
const history = fc.record({
  rule: kinds,
  options,
  events: fc.array(event, { minLength: 5, maxLength: 40 }),
  cuts: fc.array(fc.integer({ min: 1, max: 39 }), { maxLength: 4 }),
});

async function livesInLedger(ruleId: string): Promise<string[]> {
  const rows = await stage.world.database.sql<{ life: string }[]>`
    select a.key || ' ' || a.count || ' ' || a.rev || ' ' || a.severity ||
      string_agg(' ' || t.change || '@' || (extract(epoch from t.at) * 1000)::bigint, '' order by t.rev) as life
    from alerts a join transitions t on t.alert_id = a.id
    where a.rule_id = ${ruleId} and t.change <> 'updated' group by a.id`;
  return rows.map(({ life }) => life).sort();
}

async function livesInReplay(rule: Rule, from: number, until: number): Promise<string[]> {
  const ready = readyRule(rule);
  if (!ready.ok) throw new Error(ready.fault);
  const heads = new Map<string, string>();
  const lives = new Map<string, string>();
  const replay = makeReplay([ready.watch], ({ alert, transition: { change, at } }) => {
    heads.set(alert.id, `${alert.key} ${alert.count} ${alert.rev} ${alert.severity}`);
    if (change !== 'updated') lives.set(alert.id, `${lives.get(alert.id) ?? ''} ${change}@${at}`);
  });
  replay.begin(from);
  const needles = needlesOf(rule.match, {}, ready.watch.kind.follows);
  const query = { pattern: rule.topic, from, to: until, counted: from, needles };
  await readPast(
    stage.world.database,
    query,
    {
      past: () => {},
      page: async ({ events }) => void events.map((event) => replay.see(event)),
    },
    undefined,
  );
  await replay.pass(until);
  return [...heads].map(([id, head]) => `${head}${lives.get(id)}`).sort();
}

it('tells what the worker told', async () => {
  let runs = 0;
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      history,
      async ({ rule: given, options: { bands, named, flapping, ...rest }, events, cuts }) => {
        const topic = `run${++runs}`;
        // A kind with a memory is given what the catalogue saw of other rules' events; here there are none.
        const match: Condition[] =
          named && given.kind !== 'change' ? [{ field: 'subject', op: '=', value: 'a' }] : [];
        const begins = given.kind === 'absence' ? { begins: true as const } : {};
        const rule = await stage.rule({
          ...given,
          ...rest,
          ...begins,
          ...(flapping ? { flapping } : {}),
          ...(bands.length > 0 ? { bands, zone: 'UTC' } : {}),
          match,
          topic,
          key: ['subject'],
        });
        // Time only goes on, as it does in a ledger.
        let at = noon + runs * 10 * day;
        const seen = events.map(({ after, late, status, ...one }) => {
          at += after;
          const time = late === undefined ? {} : { time: at - late };
          return { ...one, ...time, ...(status ? { status } : {}), type: topic, at };
        });
        const until = at + 2 * hour;
        let worker = evaluateWork(stage.world);
        let from = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), seen.length]) {
          const some = seen.slice(from, cut);
          from = Math.max(from, cut);
          if (some.length === 0) continue;
          await stage.push(...some);
          await stage.drainAll(worker, some.at(-1)!.at);
          await worker.due('all', some.at(-1)!.at);
          await worker.close();
          worker = evaluateWork(stage.world);
        }
        await worker.due('all', until);
        await worker.close();
        const live = await livesInLedger(rule.id);
        expect(await livesInReplay(rule, 0, until)).toEqual(live);
        told += live.length;
        await stage.world.database.db.transaction((tx) => removeRule(tx, rule.id, 0));
      },
    ),
    { numRuns: 30 },
  );
  expect(told).toBeGreaterThan(30);
}, 120_000);

it('hears the end of what it began, also when it names nothing but the situation', async () => {
  const match: Condition[] = [{ field: 'team', op: '=', value: 'web' }];
  const rule = await stage.rule({ kind: 'every', params: {}, topic: 'pages', match });
  const one = { type: 'pages', subject: '', fingerprint: 'dedup-1' };
  const firing = { ...one, status: 'firing' as const, labels: { team: 'web' } };
  const from = noon + 900 * day;
  await stage.push(
    { ...firing, at: from },
    { ...one, status: 'resolved', at: from + hour },
    { ...firing, at: from + 2 * hour },
  );
  const worker = evaluateWork(stage.world);
  await stage.drainAll(worker, from + 2 * hour);
  await worker.close();
  const live = await livesInLedger(rule.id);
  expect(live).toHaveLength(2);
  expect(await livesInReplay(rule, from, from + 3 * hour)).toEqual(live);
});

it('lets others have their turn while many timers run out', async () => {
  const ready = readyRule(ruleWith({ topic: 'quiet', kind: 'absence', params: { every: '1h' } }));
  if (!ready.ok) throw new Error(ready.fault);
  let fired = 0;
  const replay = makeReplay([ready.watch], () => void fired++);
  for (let i = 0; i < 1000; i++) replay.see(eventWith({ type: 'quiet', subject: `s${i}`, receivedAt: noon }));
  const seen: number[] = [];
  await replay.pass(noon + day, async () => void seen.push(fired));
  expect(seen).toEqual([200, 400, 600, 800, 1000]);
});

const later = noon + 1000 * day;

it('asks the ledger for every event that the conditions let through', async () => {
  const texts = fc.constantFrom('a', 'A"b', '\\', 'é', '7', '7.5', 'true', '{"x":1}', '\u001f', '', '%_');
  const values = fc.oneof(texts, fc.constantFrom(7, 7.5, true, null, { x: 1 }, ['a']));
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({
      field: fc.constantFrom('host', 'subject', 'source', 'labels.host', 'deep.x', 'severity'),
      op: fc.constantFrom('=' as const, '!=' as const),
      value: texts,
    }),
    fc.record({ field: fc.constant('host'), op: fc.constant('in' as const), list: fc.constant('mine') }),
    fc
      .array(fc.record({ field: fc.constant('host'), op: fc.constant('=' as const), value: texts }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((any) => ({ any })),
  );
  let runs = 0;
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(condition, { minLength: 1, maxLength: 2 }),
      fc.array(texts, { maxLength: 3 }),
      fc.array(fc.record({ host: values, deep: fc.record({ x: values }), subject: texts }), {
        minLength: 1,
        maxLength: 12,
      }),
      async (match, mine, datas) => {
        const type = `needle${++runs}`;
        await stage.push(
          ...datas.map(({ subject, ...data }, i) => ({ at: later + i, type, subject, data: data as never })),
        );
        const read = async (needles: string[][]) => {
          const found: number[] = [];
          const { rule } = watch(match, mine, type);
          const query = { pattern: type, from: later, to: later + hour, counted: later, needles };
          const page = async ({ events }: { events: Event[] }) => {
            for (const one of events) if (ruleAsks(rule, one)) found.push(one.seq);
          };
          await readPast(stage.world.database, query, { past: () => {}, page }, undefined);
          return found;
        };
        const all = await read([]);
        expect(await read(needlesOf(match, { mine }))).toEqual(all);
        passed += all.length;
      },
    ),
    { numRuns: 60 },
  );
  expect(passed).toBeGreaterThan(20);
}, 60_000);

function watch(match: Condition[], mine: string[], topic: string) {
  return { rule: { topic, match, paused: false, lists: { mine } } };
}
