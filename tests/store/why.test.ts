// Why was I told, and why not: of an event, an alert and a night, from what was kept.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openAlertsOf } from '#store/alert-lists.ts';
import { readingsOfAlert, whyEvent, whyPeriod } from '#store/why.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { openStage, type Stage } from '../evaluate/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const usage = (value: number, at: number, subject = '/home') => ({
  at,
  subject,
  data: { usage: value, host: 'cad1' },
});
async function drain(now: number) {
  const work = evaluateWork(stage.world);
  await stage.drainAll(work, now);
  await work.close();
}

it('an event: what my rules read of it, and what did not fit of those that did not look', async () => {
  const { db } = stage.world.database;
  await stage.rule({ name: 'Disk', params: { field: 'usage', op: '>', limit: 90 } });
  await stage.rule({
    name: 'Other host',
    match: [
      { field: 'host', op: '=', value: 'cad2' },
      { field: 'usage', op: '>', value: '10' },
    ],
  });
  await stage.rule({ name: 'Asleep', paused: true });
  await stage.rule({ name: 'Elsewhere', topic: 'cpu.load' });
  await stage.rule({ name: 'Ben’s', ownerId: 'p_ben' });
  const [seq] = await stage.push(usage(93.5, 1000));
  expect(await whyEvent(db, seq!, ['p_ana'])).toMatchObject({ processedAt: null, looked: [] });
  await drain(2000);
  const why = (await whyEvent(db, seq!, ['p_ana']))!;
  expect(why.looked).toMatchObject([
    { ruleName: 'Disk', is: 'met', value: 93.5, limit: 90, text: '93.5, limit 90' },
  ]);
  expect(why.passed.map(({ ruleName, paused, failed }) => [ruleName, paused, failed])).toEqual([
    ['Other host', false, ['host = "cad2"']],
    ['Asleep', true, []],
  ]);
  expect(await whyEvent(db, 999_999, ['p_ana'])).toBeUndefined();
});

it('an alert: what was read while it lasted', async () => {
  const { db } = stage.world.database;
  await stage.rule();
  await stage.push(usage(80, 1000), usage(93, 2000), usage(95, 3000), usage(99, 3500, '/other'));
  await drain(4000);
  const alert = (await openAlertsOf(db, undefined)).find(({ subject }) => subject === '/home')!;
  expect((await readingsOfAlert(db, alert, 5000)).map(({ at, value }) => [at, value])).toEqual([
    [3000, 95],
    [2000, 93],
  ]);
});

it('a night: what was told, and what came nearest without being enough', async () => {
  const { db } = stage.world.database;
  await stage.rule({
    name: 'Disk',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90, clear: 20 },
  });
  await stage.rule({
    name: 'Slow',
    kind: 'count',
    params: { moreThan: 5, within: 3_600_000 },
    key: ['subject'],
  });
  await stage.push(
    usage(93, 1000),
    usage(94, 2000),
    usage(70, 3000, '/a'),
    usage(88, 4000, '/a'),
    usage(60, 5000, '/a'),
  );
  await drain(6000);
  const asked = { ownerIds: ['p_ana'], receiverIds: ['v_ana'] };
  const night = await whyPeriod(db, asked, 0, 10_000);
  expect(night.counts).toEqual([{ kind: 'firing', status: 'pending', reason: null, count: 1 }]);
  expect(night.notifications).toMatchObject([{ kind: 'firing', title: 'Disk', subject: '/home' }]);
  expect(
    night.misses.map(({ ruleName, key, times, value, limit }) => [ruleName, key, times, value, limit]),
  ).toContainEqual(['Slow', '["/a"]', 3, 3, 5]);
  expect(night.complete).toBe(true);
  expect((await whyPeriod(db, asked, 20_000, 30_000)).misses).toEqual([]);
  expect((await whyPeriod(db, { ownerIds: ['p_ben'], receiverIds: [] }, 0, 10_000)).misses).toEqual([]);
});

it('a period says when more happened than it looked at, also when nothing came near', async () => {
  const { db, sql } = stage.world.database;
  await stage.rule();
  await stage.push(usage(93, 1000), usage(93, 1000, '/other'));
  await drain(2000);
  const asked = { ownerIds: ['p_ana'], receiverIds: ['v_ana'] };
  expect((await whyPeriod(db, asked, 0, 10_000)).complete).toBe(true);
  await sql`insert into events select (jsonb_populate_record(e, jsonb_build_object('seq', 1000 + i, 'event_id', 'more' || i))).*
    from events e, generate_series(1, 20000) i where e.seq = 1`;
  const { misses, complete } = await whyPeriod(db, asked, 0, 10_000);
  expect([misses, complete]).toEqual([[], false]);
});
