// The evaluation on a real ledger: order, repetition, timers, poison, and several workers at once.
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { removeRule, saveRule } from '../../src/store/rules.ts';
import { events, laneTroubles } from '../../src/store/schema/events.ts';
import { notifications } from '../../src/store/schema/notifications.ts';
import { ruleStates } from '../../src/store/schema/rules.ts';
import { topics } from '../../src/store/schema/topics.ts';
import { laneOf, openStage, ruleWith, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const minute = 60_000;
const usage = (value: unknown, at: number, subject = '/home') => ({
  at,
  subject,
  data: { usage: value as number },
});
const waiting = async () =>
  (await stage.world.database.db.select().from(events)).filter((row) => row.processedAt === null).length;

it('fires on the crossing, updates while it burns, and ends below the clear limit', async () => {
  await stage.rule({ params: { field: 'usage', op: '>', limit: 90, clear: 85 } });
  const work = evaluateWork(stage.world);
  await stage.push(
    usage(80, 1000),
    usage(93.5, 2000),
    usage(95, 3000),
    usage(87, 4000),
    usage(85, 5000),
    usage(88, 6000),
  );
  await stage.drainAll(work, 10_000);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@2000 resolved@5000']);
  const told = await stage.world.database.db.select().from(notifications).orderBy(notifications.id);
  expect(told.map(({ kind, receiverId }) => [kind, receiverId])).toEqual([
    ['firing', 'v_ana'],
    ['over', 'v_ana'],
  ]);
  expect(stage.rung).toContainEqual({ job: 'notify', id: 'v_ana' });
  expect(await waiting()).toBe(0);
  await work.close();
});

it('changes nothing when a doorbell rings again, and writes nothing for what never mattered', async () => {
  await stage.rule();
  const work = evaluateWork(stage.world);
  await stage.push(usage(93, 1000), usage(20, 1000, '/quiet'), usage('no number', 1000, '/odd'));
  await stage.drainAll(work, 2000);
  const { db } = stage.world.database;
  const before = [
    await stage.lives(),
    await db.select().from(ruleStates),
    await db.select().from(notifications),
  ];
  await stage.drainAll(work, 3000);
  await stage.drainAll(evaluateWork(stage.second()), 3000);
  expect([
    await stage.lives(),
    await db.select().from(ruleStates),
    await db.select().from(notifications),
  ]).toEqual(before);
  expect(before[1]).toHaveLength(1);
  expect(await db.select().from(laneTroubles)).toEqual([]);
  await work.close();
});

it('lets `for` fire by its timer at its own instant, and not while earlier events wait', async () => {
  await stage.rule({ forMs: 5 * minute });
  const work = evaluateWork(stage.world);
  await stage.push(usage(93, 0, '/a'), usage(94, 0, '/b'));
  await stage.drainAll(work, 10);
  await work.due('all', 5 * minute - 1);
  expect(await stage.lives()).toEqual([
    '["cad","/a","disk.usage"]: began@0',
    '["cad","/b","disk.usage"]: began@0',
  ]);
  // Arrived in time, read late: the timer waits for it.
  await stage.push(usage(50, 4 * minute, '/a'));
  await work.due('all', 6 * minute);
  expect(await stage.lives()).toEqual([
    '["cad","/a","disk.usage"]: began@0',
    '["cad","/b","disk.usage"]: began@0',
  ]);
  await stage.drainAll(work, 6 * minute);
  await work.due('all', 6 * minute);
  expect(await stage.lives()).toEqual([
    '["cad","/a","disk.usage"]: began@0 cancelled@240000',
    '["cad","/b","disk.usage"]: began@0 fired@300000',
  ]);
  await work.due('all', 7 * minute);
  expect((await stage.lives())[1]).toBe('["cad","/b","disk.usage"]: began@0 fired@300000');
  await work.close();
});

it('applies a timer that ran out before the event it finds in the same batch', async () => {
  await stage.rule({ forMs: minute, keepFiringForMs: minute });
  const work = evaluateWork(stage.world);
  await stage.push(
    usage(93, 0),
    usage(95, 90_000),
    usage(10, 100_000),
    usage(99, 120_000),
    usage(10, 130_000),
    usage(10, 300_000),
  );
  await stage.drainAll(work, 400_000);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: began@0 fired@60000 resolved@190000']);
  await work.close();
});

it('rolls back everything when it is cut off in the middle, and goes on from there', async () => {
  await stage.rule();
  await stage.push(usage(93, 1000), usage(10, 2000));
  const { db } = stage.world.database;
  await db.execute(
    sql.raw(`create function cut() returns trigger language plpgsql as $$ begin
    perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
    create trigger cut after update on events for each row execute function cut()`),
  );
  const work = evaluateWork(stage.world);
  const lane = String(laneOf('["cad","disk.usage","/home"]'));
  await expect(work.evaluate(lane, 3000)).rejects.toThrow();
  expect([await stage.lives(), await waiting()]).toEqual([[], 2]);
  await db.execute(sql.raw('drop trigger cut on events'));
  await work.evaluate(lane, 4000);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@1000 resolved@2000']);
  await work.close();
});

it('puts one poisoned event aside, tells the owners, and processes its neighbours in order', async () => {
  await stage.rule();
  const told: string[] = [];
  const work = evaluateWork(stage.world, async (text) => void told.push(text));
  await stage.push(usage(93, 1000), usage(94, 2000));
  const [bad] = await stage.push({ ...usage(0, 3000), body: '{"data":' });
  await stage.push(usage(10, 4000));
  await stage.drainAll(work, 5000);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@1000 resolved@4000']);
  const rows = await stage.world.database
    .sql`select seq::int, quarantined from events where quarantined is not null`;
  expect(rows).toMatchObject([{ seq: bad, quarantined: expect.stringContaining('SyntaxError') }]);
  expect(told).toEqual([expect.stringContaining(`Event ${bad} could not be processed`)]);
  expect(await waiting()).toBe(0);
  await work.close();
});

it('puts the event aside that ends the process again and again', async () => {
  await stage.rule();
  const seqs = await stage.push(usage(93, 1000), usage(94, 2000), usage(10, 3000));
  const poison = seqs[1]!;
  // A process that dies leaves its mark and nothing else: the transaction never ends, no code of ours runs after it.
  const { db } = stage.world.database;
  await db.execute(
    sql.raw(`create function die() returns trigger language plpgsql as $$ begin
    if exists (select 1 from changed where seq = ${poison} and quarantined is null) then perform pg_terminate_backend(pg_backend_pid()); end if;
    return null; end $$;
    create trigger die after update on events referencing new table as changed for each statement execute function die()`),
  );
  const lane = String(laneOf('["cad","disk.usage","/home"]'));
  let deaths = 0;
  for (; deaths < 20 && (await waiting()) > 0; deaths++) {
    // Each time a new process that knows nothing of the last one.
    await evaluateWork(stage.world)
      .evaluate(lane, 5000)
      .catch(() => {});
  }
  expect(await waiting()).toBe(0);
  expect(deaths).toBeLessThan(9);
  const aside = await stage.world.database.sql`select seq::int from events where quarantined is not null`;
  expect(aside).toEqual([{ seq: poison }]);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@1000 resolved@3000']);
  expect(await db.select().from(laneTroubles)).toEqual([]);
});

it('applies a saved rule to the next event and a paused or deleted one to none, in every process', async () => {
  const workers = [evaluateWork(stage.world), evaluateWork(stage.second())];
  const { db } = stage.world.database;
  const rule = ruleWith({ kind: 'every', params: {} });
  const lane = String(laneOf('["cad","disk.usage","/home"]'));
  const toldBy = async (worker: number) => {
    const before = (await stage.lives()).length;
    await stage.push(usage(1, 1000));
    await workers[worker]!.evaluate(lane, 2000);
    return (await stage.lives()).length - before;
  };
  for (const worker of [0, 1]) {
    expect(await toldBy(worker)).toBe(0);
    await db.transaction((tx) => saveRule(tx, { ...rule, id: `r_saved${worker}` }, 'operator', 0));
    expect(await toldBy(worker)).toBe(1);
    await db.transaction((tx) =>
      saveRule(tx, { ...rule, id: `r_saved${worker}`, paused: true }, 'operator', 0),
    );
    expect(await toldBy(worker)).toBe(0);
    await db.transaction((tx) => saveRule(tx, { ...rule, id: `r_saved${worker}` }, 'operator', 0));
    expect(await toldBy(worker)).toBe(1);
    await db.transaction((tx) => removeRule(tx, `r_saved${worker}`, 0));
    expect(await toldBy(1 - worker)).toBe(0);
  }
  await Promise.all(workers.map((worker) => worker.close()));
});

it('keeps what a rule remembers when only its name changes', async () => {
  const match = [{ field: 'source', op: '=' as const, value: 'cad' }];
  const rule = await stage.rule({ match, params: { field: 'usage', op: '>', limit: 90, clear: 85 } });
  const work = evaluateWork(stage.world);
  await stage.push(usage(95, 1000));
  await stage.drainAll(work, 1000);
  const { db } = stage.world.database;
  await db.transaction((tx) => saveRule(tx, { ...rule, name: 'Another name' }, 'operator', 0));
  await stage.push(usage(87, 2000), usage(96, 3000), usage(80, 4000));
  await stage.drainAll(work, 4000);
  expect(await stage.lives()).toEqual(['["cad","/home","disk.usage"]: fired@1000 resolved@4000']);
  await work.close();
});

it('finds an open alert again whose memory was lost', async () => {
  await stage.rule({ keepFiringForMs: minute });
  const work = evaluateWork(stage.world);
  await stage.push(usage(95, 1000), usage(95, 1000, '/srv'));
  await stage.drainAll(work, 1000);
  await stage.world.database.sql`delete from rule_states`;
  await stage.push(usage(96, 2000), usage(50, 3000), usage(50, 3000, '/srv'));
  await stage.drainAll(work, 3000);
  await work.due('all', 2 * minute);
  expect(await stage.lives()).toEqual([
    '["cad","/home","disk.usage"]: fired@1000 resolved@63000',
    '["cad","/srv","disk.usage"]: fired@1000 resolved@63000',
  ]);
  expect(await stage.world.database.sql`select 1 from events where quarantined is not null`).toEqual([]);
  await work.close();
});

it('takes for the value before a change only what the same source sent', async () => {
  const work = evaluateWork(stage.world);
  const state = (value: string, at: number, source: string) => ({ at, source, data: { state: value } });
  const long = 'x'.repeat(220);
  await stage.push(state('up', 1000, 'cad1'), state(long, 1000, 'long'));
  await stage.drainAll(work, 1000);
  await work.close();
  await stage.rule({ kind: 'change', params: { field: 'state' } });
  const later = evaluateWork(stage.second());
  await stage.push(state('down', 2000, 'cad2'), state(long, 2000, 'long'), state('down', 3000, 'long'));
  await stage.drainAll(later, 3000);
  expect(await stage.lives()).toEqual(['["long","/home","disk.usage"]: told@3000']);
  await later.close();
});

it('lets one timer that fails stop neither the others nor the snoozes', async () => {
  await stage.rule({ forMs: minute });
  const rule = await stage.rule({ topic: 'snoozed' });
  const work = evaluateWork(stage.world);
  await stage.push(...Array.from({ length: 9 }, (_, i) => usage(93, 0, `/d${i}`)), {
    ...usage(93, 0),
    type: 'snoozed',
  });
  await stage.drainAll(work, 10);
  const { sql: query } = stage.world.database;
  await query`update alerts set snoozed_until = to_timestamp(1) where rule_id = ${rule.id}`;
  await query.unsafe(`create function refuse() returns trigger language plpgsql as $$ begin
    raise exception 'no' using errcode = '22023'; end $$;
    create trigger refuse before update on rule_states for each row
    when (new.key like '%/d4%') execute function refuse()`);
  await work.due('all', 2 * minute);
  const lives = await stage.lives();
  expect(lives.filter((life) => life.endsWith('fired@60000'))).toHaveLength(8);
  expect(lives.find((life) => life.includes('/d4'))).toMatch(/began@0$/);
  expect(lives.find((life) => life.includes('snoozed'))).toMatch(/woke@120000$/);
  expect(stage.logged.join()).toContain('a timer failed');
  await work.close();
});

it('keeps a catalogue of what was really seen, bounded', async () => {
  const work = evaluateWork(stage.world);
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i]));
  await stage.push(
    ...Array.from({ length: 80 }, (_, i) => usage(i, 1000 + i, `/d${i}`)),
    { at: 5000, type: 'wide', data: { ...wide, ['__proto__']: 1 }, labels: { host: 'a\u0000b' } },
    ...Array.from({ length: 30 }, (_, i) => ({
      at: 6000,
      type: 'texts',
      data: { state: `s${i}`, deep: { is: true } },
    })),
  );
  await stage.drainAll(work, 7000);
  await work.close();
  const seen = new Map((await stage.world.database.db.select().from(topics)).map((row) => [row.topic, row]));
  expect(seen.get('disk.usage')).toMatchObject({
    count: 80,
    lastAt: 1079,
    fields: { usage: { type: 'number', min: 0, max: 79 } },
  });
  expect(Object.keys(seen.get('disk.usage')!.subjects)).toHaveLength(50);
  expect(Object.hasOwn(seen.get('disk.usage')!.subjects, '/d79')).toBe(true);
  expect(Object.keys(seen.get('wide')!.fields)).toHaveLength(100);
  expect(seen.get('texts')!.fields.state!.values).toHaveLength(20);
  expect(seen.get('texts')!.fields['deep.is']).toEqual({ type: 'truth', last: true, count: 30 });
});

it('wakes a snoozed alert when its time has come', async () => {
  await stage.rule();
  const work = evaluateWork(stage.world);
  await stage.push(usage(93, 1000));
  await stage.drainAll(work, 2000);
  await stage.world.database.sql`update alerts set snoozed_until = to_timestamp(10)`;
  await work.due('all', 9999);
  expect((await stage.lives())[0]).toMatch(/fired@1000$/);
  await work.due('all', 10_000);
  expect((await stage.lives())[0]).toMatch(/fired@1000 woke@10000$/);
  await work.close();
});

it('reads the rules before the first event, when asked to', async () => {
  const { sql } = stage.world.database;
  await stage.rule({ topic: 'early', kind: 'every', params: {} });
  const work = evaluateWork(stage.world);
  await work.warm();
  // From here on nobody can read a rule.
  await sql`alter table rules rename to rules_away`;
  await stage.push({ at: 1000, type: 'early', subject: 'a' });
  await stage.drainAll(work, 1000);
  expect(await stage.lives()).toHaveLength(1);
  await work.close();
});
