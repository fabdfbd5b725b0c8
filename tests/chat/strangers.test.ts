// Strangers: one polite sentence an hour, no trace; invitations and owners come in.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPersonByTelegram } from '#store/people.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ owners: [42] });
});
afterAll(async () => {
  expect(stage.errors).toEqual([]);
  expect(stage.refused()).toEqual([]);
  await stage.end();
});

it('answers what a stranger asks, at a sensible rate, and other words once an hour; writes nothing', async () => {
  const before = await stage.rows();
  const eve = stage.sandbox.person(666, { first_name: 'Eve' });
  await stage.say(eve, 'hello');
  await stage.say(eve, 'anybody?');
  expect(stage.count(666)).toBe(1);
  expect(stage.screen(666)).toContain('I only talk to people who were invited.');
  for (const text of ['/start', '/start nonsense', '/rules', '/subscribe', '/watch a.b', '/cancel'])
    await stage.say(eve, text);
  expect(stage.count(666)).toBe(7);
  for (let i = 0; i < 20; i++) await stage.say(eve, '/rules');
  expect(stage.count(666)).toBe(11);
  stage.clock.now += 3_600_001;
  await stage.say(eve, '/start');
  expect(stage.count(666)).toBe(12);
  expect(await stage.rows()).toEqual(before);
});

it('says why an invitation did not work, five times an hour at most', async () => {
  const before = await stage.rows();
  const eve = stage.sandbox.person(667, { first_name: 'Eve' });
  for (let i = 0; i < 10; i++) await stage.say(eve, `/start AAAAAAAAAAAAAAAAAAAAA${i}`);
  expect(stage.count(667)).toBe(5);
  expect(stage.screen(667)).toContain('This invitation is not valid.');
  expect(await stage.rows()).toEqual(before);
});

it('a thousand strangers leave no row and get at most a sentence each', async () => {
  const before = await stage.rows();
  for (let i = 0; i < 1000; i++) {
    const one = stage.sandbox.person(100_000 + i, { first_name: `S${i}` });
    one.say(i % 3 === 0 ? '/start' : i % 3 === 1 ? 'hi' : '/rules');
    one.say('again');
  }
  await stage.settle();
  const said = Array.from({ length: 1000 }, (_, i) => stage.count(100_000 + i));
  expect(Math.max(...said)).toBe(1);
  expect(await stage.rows()).toEqual(before);
}, 120_000);

it('a stranger cannot press anything, nor does blocking the bot leave a row', async () => {
  const before = await stage.rows();
  const eve = stage.sandbox.person(668, { first_name: 'Eve' });
  await stage.say(eve, 'hi');
  for (const data of ['w:1:0', 'anything', 't00000000000000000001'])
    expect((await stage.press(eve, { data })).text).toContain('I only talk to people');
  eve.block();
  eve.unblock();
  await stage.settle();
  expect(await stage.rows()).toEqual(before);
});

it('lets an owner in by their id alone', async () => {
  const zoe = stage.sandbox.person(42, { first_name: 'Zoe' });
  await stage.say(zoe, '/start');
  expect(stage.screen(42)).toContain('Hello Zoe.');
  expect((await findPersonByTelegram(stage.db, 42))?.role).toBe('owner');
});

it('an owner invites, and the guest comes in by the link', async () => {
  const zoe = stage.sandbox.person(42);
  await stage.press(zoe, 'That’s right');
  await stage.say(zoe, '/cancel');
  await stage.say(zoe, '/invite');
  const shown = await stage.go(zoe, 'admin');
  const token = /start=([\w-]+)/.exec(shown)?.[1];
  const bob = stage.sandbox.person(43, { first_name: 'Bob', language_code: 'ja' });
  bob.start(token);
  await stage.settle();
  expect(stage.screen(43)).toContain('Hello Bob.');
  expect(stage.screen(43)).toContain('Asia/Tokyo, 22:05 now.');
  expect((await findPersonByTelegram(stage.db, 43))?.role).toBe('admin');
});

it('somebody who was sent away is a stranger again', async () => {
  const mia = await stage.settled(44, 'Mia');
  await stage.database.sql`update people set left_at = now() where telegram_id = 44`;
  expect(await stage.say(mia, '/rules')).toContain('I only talk to people who were invited.');
});
