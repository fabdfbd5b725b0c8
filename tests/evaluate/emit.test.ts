// What rules pass on: a firing and its end become events that other rules read; circles end, and somebody is told.
import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stepAlert } from '#core/alert-life.ts';
import { openAlertsOf } from '#store/alert-lists.ts';
import { commit } from '#store/alerts.ts';
import { pendingWork } from '#store/pending.ts';
import { events } from '#store/schema/events.ts';
import { notifications } from '#store/schema/notifications.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const minute = 60_000;
const all = () => stage.world.database.db.select().from(events).orderBy(asc(events.seq));

/** Works off what waits, as the doorbells say, until nothing does. */
async function settle(now: number) {
  const work = evaluateWork(stage.world);
  for (let round = 0; round < 50; round++) {
    const bells = (await pendingWork(stage.world.database.db, now)).filter(({ job }) => job === 'evaluate');
    if (bells.length === 0) return work.close();
    for (const { id } of bells) await work.evaluate(id, now);
  }
  throw new Error('the events never end');
}

const build = (block: string, at: number, runtag = 'run7', status = 'fail') => ({
  at,
  type: 'builds.vr0.place',
  subject: block,
  data: { block, runtag, status },
});

it('feeds one rule with another: more than three blocks of one run fail', async () => {
  const counting = await stage.rule({
    name: 'Blocks fail together',
    topic: 'builds.vr0.**',
    match: [{ field: 'status', op: '=', value: 'fail' }],
    kind: 'count',
    params: { moreThan: 3, within: 60 * minute, distinct: 'block' },
    key: ['runtag'],
    to: [],
    emit: 'flow.trouble',
  });
  await stage.rule({ topic: 'flow.*', kind: 'every', params: {}, to: ['v_ben'] });
  await stage.push(
    ...['a', 'b', 'c', 'b'].map((block, i) => build(block, i * minute)),
    build('x', 5 * minute, 'run8'),
    build('d', 6 * minute, 'run7', 'pass'),
  );
  await settle(7 * minute);
  expect((await all()).filter(({ type }) => type === 'flow.trouble')).toEqual([]);
  await stage.push(build('d', 8 * minute));
  await settle(9 * minute);
  const made = (await all()).filter(({ type }) => type === 'flow.trouble');
  expect(made).toMatchObject([
    {
      source: `tocsin:rule/${counting.id}`,
      subject: 'run7',
      status: 'firing',
      severity: 'warning',
      hops: 1,
      receivedAt: 8 * minute,
    },
  ]);
  expect(made[0]!.eventId).toBe(`${made[0]!.fingerprint}/1`);
  expect(JSON.parse(made[0]!.body)).toMatchObject({
    data: { rule: 'Blocks fail together', value: 4, limit: 3, severity: 'warning' },
    labels: { runtag: 'run7' },
  });
  expect(await stage.world.database.db.select().from(notifications)).toMatchObject([
    { kind: 'firing', receiverId: 'v_ben' },
  ]);
});

it('passes on the end, also one made by hand, and rings the lane', async () => {
  const rule = await stage.rule({ emit: 'disk.alarms', topic: 'disk.usage' });
  await stage.push(
    { at: 1000, data: { usage: 95 } },
    { at: 2000, data: { usage: 10 } },
    { at: 3000, data: { usage: 96 } },
  );
  await settle(4000);
  const { db } = stage.world.database;
  const [open] = await openAlertsOf(db, undefined);
  const step = stepAlert(open!, { is: 'resolve', by: { is: 'clock' } }, 5000)!;
  const bells = await db.transaction((tx) => commit(tx, [{ step, receivers: rule.to, rule }], 5000));
  const made = (await all()).filter(({ type }) => type === 'disk.alarms');
  expect(made.map(({ status, receivedAt }) => [status, receivedAt])).toEqual([
    ['firing', 1000],
    ['resolved', 2000],
    ['firing', 3000],
    ['resolved', 5000],
  ]);
  expect(bells).toContainEqual({ job: 'evaluate', id: String(made[3]!.lane) });
});

it('ends a circle of rules after five events, counts it, and says so once a day', async () => {
  const moment = { kind: 'every', params: {}, to: ['v_ana'] };
  await stage.rule({ ...moment, name: 'Ping', topic: 'ping', emit: 'pong' });
  await stage.rule({ ...moment, name: 'Pong', topic: 'pong', emit: 'ping' });
  await stage.push({ at: 1000, type: 'ping' });
  await settle(2000);
  const rows = await all();
  expect(rows.map(({ type, hops }) => `${type} ${hops}`)).toEqual([
    'ping 0',
    'pong 1',
    'ping 2',
    'pong 3',
    'ping 4',
    'pong 5',
  ]);
  const notes = () =>
    stage.world.database.db.select().from(notifications).where(eq(notifications.kind, 'note'));
  expect(await notes()).toHaveLength(1);
  expect((await notes())[0]!.body).toContain('“Pong” fired because of events that rules made');
  await stage.push({ at: 3000, type: 'ping' });
  await settle(4000);
  expect(await notes()).toHaveLength(1);
});

it('a rule on trial passes nothing on', async () => {
  await stage.rule({ emit: 'disk.alarms', shadow: true });
  await stage.push({ at: 1000, data: { usage: 95 } });
  await settle(2000);
  expect(await all()).toHaveLength(1);
});

it('keeps counting the way through a timer', async () => {
  const slow = { kind: 'threshold', params: { field: 'usage', op: '>', limit: 90 }, forMs: minute };
  await stage.rule({ ...slow, topic: 'disk.usage', emit: 'disk.alarms' });
  await stage.push({ at: 1000, data: { usage: 95 } });
  await settle(2000);
  const work = evaluateWork(stage.world);
  await work.due('all', 2 * minute);
  await work.close();
  expect((await all()).at(-1)).toMatchObject({ type: 'disk.alarms', hops: 1, receivedAt: 1000 + minute });
});

it('keeps for each event what its rules read', async () => {
  const high = await stage.rule({ params: { field: 'usage', op: '>', limit: 90, clear: 80 } });
  const other = await stage.rule({ kind: 'change', params: { field: 'state' } });
  await stage.push(
    { at: 1000, data: { usage: 93.5 } },
    { at: 2000, data: { usage: 85 } },
    { at: 3000, type: 'else' },
  );
  await settle(4000);
  const key = '["cad","/home","disk.usage"]';
  expect((await all()).map(({ trace }) => trace)).toEqual([
    {
      rows: [
        [high.id, key, 'met', 93.5, 90],
        [other.id, key, 'unknown', null, null, 'no “state”'],
      ].sort(),
    },
    {
      rows: [
        [high.id, key, 'met', 85, 90],
        [other.id, key, 'unknown', null, null, 'no “state”'],
      ].sort(),
    },
    null,
  ]);
});
