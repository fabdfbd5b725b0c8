// What is old and finished is forgotten; what waits, burns or must still be told never is.
import { afterEach, beforeEach, expect, it } from 'vitest';
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
