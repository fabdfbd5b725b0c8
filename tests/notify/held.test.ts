// What somebody else holds for long, or what comes by the thousand, holds up only itself.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ limits: 'off' });
});
afterEach(() => stage.close());

/** Keeps a lock until it is told to let go. */
async function hold(what: (sql: Stage['database']['sql']) => Promise<unknown>) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let over: Promise<unknown> = Promise.resolve();
  await new Promise<void>((begun, refuse) => {
    over = stage.database.sql
      .begin(async (tx) => {
        await what(tx as never);
        begun();
        await released;
      })
      .catch(refuse);
  });
  return async () => {
    release();
    await over;
  };
}

/** The ledger itself ends such a hold after half a minute, and then nobody would be held up. */
const soon = 25_000;

it(
  'a message about an alert that is held is written down late, the others at once',
  async () => {
    const [one, other] = [await stage.person(1), await stage.person(2)];
    const alert = await stage.fire('/held', [one.receiverId, other.receiverId]);
    await stage.fire('/free', [other.receiverId]);
    for (const { receiverId } of [one, other]) await stage.work.notify(receiverId, stage.clock.now);
    const letGo = await hold((sql) => sql`select 1 from alerts where id = ${alert.id} for update`);
    const held = stage.work.deliver('telegram|1', stage.clock.now);
    try {
      await until('it has arrived', () => stage.sent(1).length === 1);
      const third = await stage.person(3);
      await stage.fire('/free too', [third.receiverId]);
      await stage.work.notify(third.receiverId, stage.clock.now);
      await stage.work.deliver('telegram|3', stage.clock.now);
      const outcomes = (await stage.deliveries()).map(({ address, outcome }) => [address, outcome]);
      expect(outcomes).toEqual([
        ['1', 'sending'],
        ['3', 'sent'],
      ]);
    } finally {
      await letGo();
    }
    await held;
    await stage.settle();
    for (const chat of [1, 2, 3]) expect(stage.sent(chat)).toHaveLength(chat === 2 ? 2 : 1);
    expect((await stage.deliveries()).every(({ outcome }) => outcome === 'sent')).toBe(true);
  },
  soon,
);

it(
  'a receiver for which another process decides holds up no other',
  async () => {
    const [one, other] = [await stage.person(1), await stage.person(2)];
    await stage.fire('/home', [one.receiverId, other.receiverId]);
    const letGo = await hold((sql) => sql`select pg_advisory_xact_lock(7463, hashtext(${one.receiverId}))`);
    const held = stage.work.notify(one.receiverId, stage.clock.now);
    try {
      await stage.work.notify(other.receiverId, stage.clock.now);
      const found = (await stage.notifications()).map(({ receiverId, status }) => [receiverId, status]);
      expect(Object.fromEntries(found)).toEqual({ [one.receiverId]: 'pending', [other.receiverId]: 'ready' });
    } finally {
      await letGo();
    }
    await held;
    expect((await stage.notifications()).map(({ status }) => status)).toEqual(['ready', 'ready']);
  },
  soon,
);

it('what waits by the thousand for one receiver, and for many, is decided to the last', async () => {
  const many = [];
  for (let id = 1; id <= 9; id++) many.push((await stage.person(id)).receiverId);
  const add = (receiverId: string, count: number) => stage.database.sql`
    insert into notifications (kind, receiver_id, severity, status, body, created_at)
    select 'note', ${receiverId}, 'info', 'pending', 'n' || i, now() from generate_series(1, ${count}::int) i`;
  for (const receiverId of many) await add(receiverId, receiverId === 'v_1' ? 2_500 : 260);
  await Promise.all(many.map((receiverId) => stage.work.notify(receiverId, stage.clock.now)));
  const left = (await stage.notifications()).filter(({ status }) => status === 'pending');
  expect(left).toEqual([]);
}, 60_000);
