// Questions that addresses ask together: what was done for one stays done, although it fails for another.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Asks, openAsks } from '../../src/notify/asks.ts';
import type { Channel } from '../../src/notify/channel.ts';
import type { Seen } from '../../src/store/budgets.ts';
import { openStage, type Stage } from './stage.ts';

const owner = 11;
let stage: Stage;
let asks: Asks;
let telegram: Channel;
beforeEach(async () => {
  stage = await openStage();
  asks = openAsks(stage.world, owner);
  telegram = stage.channels.find(({ name }) => name === 'telegram')!;
});
afterEach(async () => {
  await stage.close();
});

/** Messages that wait at these chats. */
async function waitAt(...chats: number[]) {
  for (const id of chats) {
    const { receiverId } = await stage.person(id);
    await stage.fire('/home', [receiverId]);
    await stage.work.notify(receiverId, stage.clock.now);
  }
  return chats.map((id, i) => ({ address: String(id), notificationId: i + 1, notBefore: null }));
}

/** The budget of this address is not to be changed from here on. */
async function breakBudget(channel: string, address: string) {
  await stage.database.sql.unsafe(`create function broken() returns trigger language plpgsql as $$ begin
    raise exception 'broken'; end $$`);
  await stage.database.sql.unsafe(`create trigger broken before update on budgets for each row
    when (new.channel = '${channel}' and new.address = '${address}') execute function broken()`);
}

async function budgetsSeen(): Promise<Seen[]> {
  await stage.database.sql`insert into budgets (channel, address, free_at)
    select 'telegram', a, 'epoch' from unnest(array['5', '6', '*']) a`;
  return ['5', '6', '*'].map((address) => ({
    address,
    freeAt: 0,
    pausedUntil: null,
    share: null,
    shareAt: null,
  }));
}

it('a channel whose turns fail takes no attempt of another channel away', async () => {
  const [one] = await waitAt(5);
  const { now } = stage.clock;
  await breakBudget('webhook', 'v_9');
  const webhook = stage.channels.find(({ name }) => name === 'webhook')!;
  const [told, failed] = await Promise.allSettled([
    asks.begin({ ...one!, channel: telegram, budgets: [], now }),
    asks.begin({ ...one!, channel: webhook, address: 'v_9', notificationId: 9, budgets: [], now }),
  ]);
  expect(told).toMatchObject({ value: { ok: true, attempt: { number: 1, firstTry: null } } });
  expect(failed.status).toBe('rejected');
});

it('an attempt that was begun goes, although a later round fails for somebody else', async () => {
  const wanted = await waitAt(5, 6);
  const { now } = stage.clock;
  const budgets = await budgetsSeen();
  // Its turn cannot be taken on what was seen, and not on what is so either.
  await stage.database
    .sql`update budgets set free_at = ${new Date(now - 5000).toISOString()} where address = '6'`;
  await breakBudget('telegram', '6');
  const [told, failed] = await Promise.allSettled(
    wanted.map((one) => asks.begin({ ...one, channel: telegram, budgets, now })),
  );
  expect(told).toMatchObject({ value: { ok: true, attempt: { number: 1, firstTry: null } } });
  expect(failed!.status).toBe('rejected');
  expect(await stage.notifications()).toMatchObject([{ status: 'sending' }, { status: 'ready' }]);
});

it('an address that was given back is not served on, although what is to edit elsewhere cannot be read', async () => {
  await waitAt(5, 6);
  const { sql } = stage.database;
  const { now } = stage.clock;
  const [five, six] = ['5', '6'].map((address) => ({ channel: 'telegram', address, now }));
  await Promise.all([asks.open(five!), asks.open(six!)]);
  await sql`update notifications set status = 'sent'`;
  await sql`insert into boards (id, receiver_id, channel, address, notification_id, message_id, began_at, last_at, wanted, edit_after)
    values ('b_1', 'v_6', 'telegram', '6', 9, '1', now(), 'epoch', 1, 'epoch')`;
  // With the lease comes something new, for whoever takes it next.
  await sql.unsafe(`create function more() returns trigger language plpgsql as $$ begin
    update notifications set status = 'ready' where receiver_id = 'v_5'; return new; end $$`);
  await sql.unsafe(`create trigger more after update on budgets for each row
    when (new.address = '5' and new.lease_owner is null) execute function more()`);
  await sql`alter table boards rename column over_at to broken`;
  const [left, failed] = await Promise.allSettled([asks.next(five!), asks.next(six!)]);
  expect(left).toEqual({ status: 'fulfilled', value: undefined });
  expect(failed.status).toBe('rejected');
});

it('what cannot be read behind a writing that collided is heard of by nobody but who serves the address', async () => {
  const unheard: unknown[] = [];
  const note = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', note);
  try {
    await waitAt(5);
    const { sql } = stage.database;
    // A board waits as soon as the attempt has begun, and cannot be read; the first writing of the attempt's end collides.
    await sql`alter table boards rename column over_at to broken`;
    await sql`create sequence collided`;
    await sql.unsafe(`create function board() returns trigger language plpgsql as $$ begin
      insert into boards (id, receiver_id, channel, address, notification_id, message_id, began_at, last_at, wanted, edit_after)
      values ('b_1', 'v_5', 'telegram', '5', 9, '1', now(), 'epoch', 1, 'epoch'); return new; end $$`);
    await sql`create trigger board after insert on deliveries for each row execute function board()`;
    await sql.unsafe(`create function collide() returns trigger language plpgsql as $$ begin
      if nextval('collided') = 1 then raise exception 'collided' using errcode = '40001'; end if; return new; end $$`);
    await sql`create trigger collide before update on deliveries for each row execute function collide()`;
    await expect(stage.work.deliver('telegram|5', stage.clock.now)).rejects.toThrow('boards');
    expect(await sql`select nextval('collided')::int as n`).toEqual([{ n: 3 }]);
    // What nobody hears of is told of when the turn of the loop is over.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unheard).toEqual([]);
    expect(await stage.deliveries()).toMatchObject([{ outcome: 'sent' }]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
