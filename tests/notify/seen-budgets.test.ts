// Turns that are taken on budgets as they were seen a moment ago, while others change them.
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  liftPause,
  pauseUntil,
  type Seen,
  slowDown,
  takeTurn,
  takeTurns,
  type Wish,
} from '../../src/store/budgets.ts';
import { beginAttempts } from '../../src/store/deliveries.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  await stage.close();
});

const wish = (now: number): Wish => ({
  address: '5',
  pace: { everyMs: 1000, burst: 1 },
  whole: { everyMs: 10, burst: 5 },
  now,
});

/** What a first turn leaves to be known. */
async function seen(now: number): Promise<Map<string, Seen>> {
  const known = new Map<string, Seen>();
  expect(await takeTurns(stage.db, 'telegram', [wish(now)], known)).toEqual([{ ok: true }]);
  return known;
}

it('what was taken is known afterwards, and a turn on it asks no more', async () => {
  const { now } = stage.clock;
  const known = await seen(now);
  expect(known.get('5')!.freeAt).toBe(now + 1000);
  expect(await takeTurns(stage.db, 'telegram', [wish(now + 1000)], known)).toEqual([{ ok: true }]);
  expect(known.get('5')!.freeAt).toBe(now + 2000);
});

it('a pause that came since holds, of the address and of all', async () => {
  const later = stage.clock.now + 5000;
  for (const address of ['5', '*']) {
    const known = await seen(stage.clock.now - 5000);
    await pauseUntil(stage.db, 'telegram', address, later + 500);
    expect(await takeTurns(stage.db, 'telegram', [wish(later)], known)).toEqual([
      { ok: false, at: later + 500 },
    ]);
    await stage.database.sql`delete from budgets`;
  }
});

it('a turn that somebody else took since is not taken twice', async () => {
  const later = stage.clock.now + 1000;
  const known = await seen(stage.clock.now);
  await takeTurn(stage.db, 'telegram', '5', { everyMs: 1000, burst: 1 }, later);
  expect(await takeTurns(stage.db, 'telegram', [wish(later)], known)).toEqual([
    { ok: false, at: later + 1000 },
  ]);
});

it('a bot that was slowed down since is spoken with more slowly', async () => {
  const { now } = stage.clock;
  const known = await seen(now);
  await stage.db.transaction((tx) => slowDown(tx, 'telegram', now + 10, now));
  await takeTurns(stage.db, 'telegram', [wish(now + 2000)], known);
  expect(known.get('*')!.share).toBeLessThan(1);
});

it('nothing is refused for what is no longer so', async () => {
  const { now } = stage.clock;
  await pauseUntil(stage.db, 'telegram', '5', now + 60_000);
  const known = new Map<string, Seen>();
  expect((await takeTurns(stage.db, 'telegram', [wish(now)], known))[0]!.ok).toBe(false);
  await liftPause(stage.db, 'telegram', '5');
  expect(await takeTurns(stage.db, 'telegram', [wish(now)], known)).toEqual([{ ok: true }]);
});

it('no attempt begins without its turn, and one that is no longer to be sent has none', async () => {
  const { now } = stage.clock;
  const { receiverId } = await stage.person(5);
  await stage.fire('/home', [receiverId]);
  await stage.work.notify(receiverId, now);
  const known = await seen(now - 1000);
  await pauseUntil(stage.db, 'telegram', '*', now + 500);
  const begin = (at: number, from = known) =>
    beginAttempts(stage.database, 'telegram', [{ ...wish(at), notificationId: 1 }], from);
  expect(await begin(now)).toEqual([{ ok: false, at: now + 500 }]);
  expect(await stage.deliveries()).toEqual([]);
  expect(await begin(now + 1000)).toMatchObject([{ ok: true, attempt: { number: 1, firstTry: null } }]);
  expect(await begin(now + 9000)).toEqual([{ ok: true, attempt: undefined }]);
  expect(await stage.deliveries()).toMatchObject([{ outcome: 'sending', attempt: 1 }]);
});
