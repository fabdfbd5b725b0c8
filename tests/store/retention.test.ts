// What is old and finished is forgotten; what waits, burns or must still be told never is.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Weekly } from '#core/silence.ts';
import { claimMarker } from '#store/markers.ts';
import { silences } from '#store/schema/silences.ts';
import { forgetOld } from '../harness/forget-old.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let world: StoryWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const usage = (subject: string, value: number) => ({ type: 'disk.usage', subject, data: { usage: value } });
const count = async (table: string) => {
  const [row] = await world.rooms.world.database
    .sql`select count(*)::int as n from ${world.rooms.world.database.sql(table)}`;
  return row!.n as number;
};

it('keeps a month of what is over, and all of what burns', async () => {
  const { ana } = world;
  const { db } = world.rooms.world.database;
  await world.enrols(ana);
  await world.makesRule(ana, {
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
  });
  await world.post([usage('/over', 95), usage('/burns', 96)]);
  await world.post(usage('/over', 50));
  const at = world.now();
  expect(await count('alerts')).toBe(2);

  await forgetOld(db, at + 29 * 86_400_000);
  expect(await count('alerts')).toBe(2);
  expect(await count('events')).toBe(3);

  await forgetOld(db, at + 31 * 86_400_000);
  expect(await count('events')).toBe(0);
  expect(await count('alerts')).toBe(1);
  expect(await count('copies')).toBe(1);
  expect(await world.wrongs()).toEqual([]);
  await world.post(usage('/burns', 40));
  ana.expects(/\/burns.* is over/s);
});

it('keeps what a rule remembers of what burns, and how often that came back, and looks at the beginning alone', async () => {
  const { ana } = world;
  const { database } = world.rooms.world;
  await world.enrols(ana);
  await world.makesRule(ana, {
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
  });
  await world.post([usage('/burns', 95), usage('/flaps', 95), usage('/over', 95)]);
  await world.post([usage('/flaps', 50), usage('/over', 50)]);
  // As after an edit of what it looks at; and as of a rule that minds flapping.
  await database.sql`update rule_states set state = null, met = false`;
  await database.sql`update rule_states set firings = '[1]' where key like '%/flaps%'`;
  // Whoever clears a table has looked at it, too: only we do meanwhile.
  await database.sql`alter table events set (autovacuum_enabled = false)`;
  await database.sql`insert into events select (jsonb_populate_record(e, jsonb_build_object(
    'seq', 100000 + i, 'event_id', 'more' || i))).* from events e, generate_series(1, 9000) i where e.seq = 1`;
  // Each connection tells what it has read when it is asked to.
  const looked = async () => {
    const tell = () => database.sql`select pg_stat_force_next_flush(), pg_sleep(0.1)`;
    await Promise.all(Array.from({ length: 6 }, tell));
    const [row] = await database.sql`select (seq_tup_read + idx_tup_fetch)::int as n
      from pg_stat_user_tables where relname = 'events'`;
    return row!.n as number;
  };
  const before = await looked();
  await forgetOld(database.db, world.now() + 2 * 86_400_000);
  expect((await looked()) - before).toBeLessThan(5_000);
  const kept = await database.sql`select key from rule_states order by key`;
  expect(kept.map(({ key }) => key.match(/\/\w+/)[0])).toEqual(['/burns', '/flaps']);
  expect(await world.wrongs()).toEqual([]);
});

it('forgets silences a month after they ended, and none that may still come', async () => {
  const { database } = world.rooms.world;
  const now = world.now();
  const silence = (id: string, endsAt: number, weekly: Weekly | null) => ({
    ...{ id, ownerId: 'p_ana', topic: '**', match: [], startsAt: 0, endsAt, by: 'Ana', comment: '' },
    weekly,
  });
  const hours = { hours: [], zone: 'UTC' };
  await database.db
    .insert(silences)
    .values([
      silence('long over', now - 31 * 86_400_000, null),
      silence('weekly, over', now - 31 * 86_400_000, hours),
      silence('just over', now - 29 * 86_400_000, null),
      silence('weekly', now + 86_400_000, hours),
    ]);
  await forgetOld(database.db, now);
  const left = await database.sql`select id from silences order by id`;
  expect(left.map(({ id }) => id)).toEqual(['just over', 'weekly']);
});

it('forgets the board of a storm with the last of what stood on it, and used links to browsers', async () => {
  const { ana } = world;
  const { database } = world.rooms.world;
  await world.enrols(ana);
  await world.makesRule(ana, {
    topic: 'disk.usage',
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 90 },
  });
  const disks = Array.from({ length: 15 }, (_, i) => `/d${i}`);
  await world.post(disks.map((name) => usage(name, 95)));
  await world.advance('2m');
  await world.post(disks.slice(1).map((name) => usage(name, 50)));
  await world.advance('2m');
  expect(await count('boards')).toBe(1);
  const at = world.now();
  const marker = (name: string, until: number) =>
    claimMarker(database.db, name, { value: 1, detail: String(until) });
  await marker('browser:used', at);
  await marker('browser:fresh', at + 32 * 86_400_000);
  await marker('key', 5);
  for (let i = 0; i < 3; i++) await forgetOld(database.db, at + 31 * 86_400_000);
  const left =
    await database.sql`select name from markers where name in ('browser:used', 'browser:fresh', 'key')`;
  expect(left.map(({ name }) => name).sort()).toEqual(['browser:fresh', 'key']);
  // One disk still burns, and stands on it.
  expect([await count('alerts'), await count('boards')]).toEqual([1, 1]);
  await world.post(usage('/d0', 50));
  await world.advance('2m');
  ana.expects('The last alert of the storm that began at 12:00 is over.');
  for (let i = 0; i < 3; i++) await forgetOld(database.db, at + 70 * 86_400_000);
  expect([await count('alerts'), await count('boards')]).toEqual([0, 0]);
  const aside = await database.sql`select kind from notifications where kind in ('board', 'summary')`;
  expect(aside).toEqual([]);
});
