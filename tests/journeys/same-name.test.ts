// Two people have one name: wherever one of them is chosen, they can be told apart.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

/** Charlie is called Ben, too. */
async function anotherBen(world: StoryWorld): Promise<void> {
  const id = await world.enrols(world.charlie);
  await world.rooms.world.database.sql`update people set name = 'Ben', username = 'ben_k' where id = ${id}`;
}

story('who is removed is said so that no other of that name can be meant', async (world) => {
  const { ana, ben } = world;
  for (const one of [ana, ben]) await world.enrols(one);
  await anotherBen(world);
  await ana.says('/members');
  const listed = labels(ana.expects('Who uses this Tocsin'));
  expect(listed.flat()).toEqual(['Ana (owner)', 'Ben (7002)', 'Ben (@ben_k)']);
  await ana.presses('Ben (@ben_k)');
  ana.expects('Remove Ben (@ben_k)?');
  await ana.presses('Remove them');
  expect(labels(ana.expects('Who uses this Tocsin')).flat()).toEqual(['Ana (owner)', 'Ben']);
});

story('away with a name that two have asks which of them is told instead', async (world) => {
  const { ana, ben, charlie } = world;
  for (const one of [ana, ben]) await world.enrols(one);
  await anotherBen(world);
  await ana.says('/away 5d ben');
  const asked = ana.expects('There are several here called “Ben”.');
  expect(asked.text).toContain('who is told instead');
  expect(labels(asked).flat()).toEqual(['Ben (7002)', 'Ben (@ben_k)', 'Nobody']);
  ben.expectsNothing();
  await ana.presses('Ben (7002)');
  ana.expects('Ben (7002) is told instead.');
  ben.expects('Ana is away.');
  await ana.says('/away off');
  ben.expects('Ana is back');
  await ana.says('/away 5d @ben_k');
  ana.expects('Ben (@ben_k) is told instead.');
  charlie.expects('Ana is away.');
});
