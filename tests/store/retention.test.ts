// What is old and finished is forgotten; what waits, burns or must still be told never is.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimMarker } from '#store/markers.ts';
import { forgetOld } from '#store/retention.ts';
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
