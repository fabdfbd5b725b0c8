// The address outside is called while a canary comes through, and only then; when it takes no call the owners are told once.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fetched } from '#outbound/fetch.ts';
import { startCanary } from '../../src/app/canary.ts';
import { heartbeatAge, makeBeat } from '../../src/app/outside-heartbeat.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let world: StoryWorld;
let answer: Fetched;
let calls: string[];
let told: string[];
beforeEach(async () => {
  world = await startWorld();
  calls = [];
  told = [];
  answer = { is: 'answer', status: 200, headers: {}, body: Buffer.from('OK'), truncated: false, ms: 1 };
});
afterEach(() => world.stop());

const beatOf = () =>
  makeBeat({
    database: world.rooms.world.database,
    url: 'https://hc.example/1',
    ask: async (url) => {
      calls.push(url);
      return answer;
    },
    leads: () => true,
    tellOwners: async (text) => void told.push(text),
    log: world.rooms.world.log,
    now: world.now,
  });

it('is silent until a canary came through, calls while one does, and falls silent with it', async () => {
  const beat = beatOf();
  expect(await beat()).toBeUndefined();
  expect(await heartbeatAge(world.rooms.world.database, world.now())).toBeNull();
  (await startCanary(world.rooms.world, () => true, world.now)).stop();
  await world.settle();
  expect(await beat()).toBe(true);
  await world.advance('2m');
  expect(await beat()).toBe(true);
  expect(await heartbeatAge(world.rooms.world.database, world.now() + 5_000)).toBe(5);
  await world.advance('31s');
  expect(await beat()).toBeUndefined();
  expect(calls.length).toBe(2);
});

it('tells the owners after three calls that were not taken, once, and when it is taken again', async () => {
  const beat = beatOf();
  (await startCanary(world.rooms.world, () => true, world.now)).stop();
  await world.settle();
  answer = { is: 'failed', why: 'there is no such name', wrote: false, ms: 1 };
  for (let i = 0; i < 5; i++) expect(await beat()).toBe(false);
  expect(told.length).toBe(1);
  expect(told[0]).toContain('3 times in a row: there is no such name');
  answer = { is: 'answer', status: 200, headers: {}, body: Buffer.from('OK'), truncated: false, ms: 1 };
  expect(await beat()).toBe(true);
  expect(told[1]).toBe('The outside heartbeat is taken again.');
});
