// The way in of the process that handles updates itself: gone on with at once, without a bell, and still once and in order.
import type { Update } from '@grammyjs/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { updatesWork } from '#chat/inbox.ts';
import { keep } from '#chat/incoming.ts';
import { openLocks } from '#store/locks.ts';
import { until } from '../harness/until.ts';
import { noon, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  await stage.world.database.sql`truncate updates`;
  stage.rung.length = 0;
});

const rows = () => stage.world.database.sql<{ attempts: number; text: string | null }[]>`
  select attempts, payload #>> '{message,text}' as text from updates order by update_id`;

const message = (update_id: number, chat: number) =>
  ({
    update_id,
    message: { message_id: 1, date: 0, chat: { id: chat, type: 'private' }, text: String(update_id) },
  }) as unknown as Update;

const noting = (seen: number[]) =>
  updatesWork(stage.world, async ({ update_id }) => void seen.push(update_id));

it('goes on at once with what came here, in order, without a bell; known numbers change nothing', async () => {
  const seen: number[] = [];
  const inbox = noting(seen);
  await inbox.keep([message(3, 1), message(2, 1), message(5, 2)], noon);
  // For a chat that is busy a bell is rung, which nobody answers here.
  await inbox.idle();
  await inbox.keep([message(2, 1), message(4, 1)], noon);
  await inbox.idle();
  expect(seen.toSorted()).toEqual([2, 3, 4, 5]);
  expect(seen.filter((id) => id !== 5)).toEqual([2, 3, 4]);
  expect((await rows()).map(({ attempts, text }) => [attempts, text])).toEqual(Array(4).fill([1, null]));
});

it('what waits in a chat goes before what has just come', async () => {
  await keep(stage.world, [message(1, 1), message(9, 2)], noon);
  const seen: number[] = [];
  const inbox = noting(seen);
  await inbox.keep([message(2, 1)], noon);
  await inbox.idle();
  expect(seen).toEqual([1, 2]);
  expect((await rows()).map(({ attempts }) => attempts)).toEqual([1, 1, 0]);
});

it('leaves a chat to the process that has it, and no attempt is counted', async () => {
  const elsewhere = openLocks(stage.world.database);
  await elsewhere.take('updates:chat:1');
  const seen: number[] = [];
  const inbox = noting(seen);
  await inbox.keep([message(1, 1)], noon);
  await inbox.idle();
  expect(seen).toEqual([]);
  expect((await rows()).map(({ attempts }) => attempts)).toEqual([0]);
  expect(stage.rung).toEqual([{ job: 'updates', id: 'chat:1' }]);
  await elsewhere.release('updates:chat:1');
  await inbox.updates('chat:1', noon);
  expect(seen).toEqual([1]);
});

it('keeps nothing and handles nothing when the ledger refuses, and the chat is free again', async () => {
  const seen: number[] = [];
  const inbox = noting(seen);
  await expect(inbox.keep([message(1, 1)], Number.NaN)).rejects.toThrow();
  await inbox.idle();
  await inbox.keep([message(2, 1)], noon);
  await inbox.idle();
  expect(seen).toEqual([2]);
});

it('asks whether it is done when somebody else may have had the chat between its keeping and the lock', async () => {
  const seen: number[] = [];
  const locks = openLocks(stage.world.database);
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const slow = {
    ...locks,
    async take(name: string) {
      await opened;
      return locks.take(name);
    },
  };
  const here = updatesWork(stage.world, async ({ update_id }) => void seen.push(update_id), slow);
  const kept = here.keep([message(1, 1), message(2, 2)], noon);
  await until('both are kept', async () => (await rows()).length === 2);
  // Another process finds the first.
  await noting(seen).updates('chat:1', noon);
  open();
  await kept;
  await here.idle();
  expect(seen).toEqual([1, 2]);
  expect((await rows()).map(({ attempts }) => attempts)).toEqual([2, 1]);
});
