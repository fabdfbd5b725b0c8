// The evaluation when several work at once: the same result as one, nothing overlooked and nothing counted twice.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import type { EventRow } from '../../src/store/events.ts';
import { insertEvents } from '../../src/store/insert-events.ts';
import { events, laneTroubles } from '../../src/store/schema/events.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const usage = (value: unknown, at: number, subject = '/home') => ({
  at,
  subject,
  data: { usage: value as number },
});
const waiting = async () =>
  (await stage.world.database.db.select().from(events)).filter((row) => row.processedAt === null).length;

it('finds an event whose number was given earlier and committed later', async () => {
  await stage.rule();
  const work = evaluateWork(stage.world);
  const row = (eventId: string, value: number): EventRow => ({
    ...{ sourceId: 's_test', eventId, bodyHash: '', fingerprint: 'one', source: 'cad', type: 'disk.usage' },
    ...{
      subject: eventId,
      time: null,
      severity: null,
      status: null,
      endsAt: null,
      raw: null,
      receivedAt: 1000,
    },
    body: JSON.stringify({ data: { usage: value }, labels: {} }),
  });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let written = () => {};
  const isWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  const slow = stage.second().database.sql.begin(async (tx) => {
    await insertEvents(tx, [row('/slow', 93)]);
    written();
    await held;
  });
  await isWritten;
  await insertEvents(stage.world.database.sql, [row('/quick', 50)]);
  await stage.drainAll(work, 2000);
  expect(await waiting()).toBe(0);
  release();
  await slow;
  await stage.drainAll(work, 3000);
  expect(await waiting()).toBe(0);
  expect(await stage.lives()).toEqual(['["cad","one"]: fired@1000']);
  await work.close();
});

it('gives the same transitions with two workers as with one', async () => {
  await stage.rule({ id: 'r_each' });
  await stage.rule({ id: 'r_for', forMs: 50 });
  await stage.rule({ id: 'r_host', key: ['host'], kind: 'every', params: {} });
  let seed = 7;
  const chance = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  const batch = Array.from({ length: 1000 }, (_, i) => ({
    ...usage(80 + Math.floor(chance() * 20), 1000 + i * 10, `/disk${Math.floor(chance() * 50)}`),
    labels: { host: 'h1' },
  }));
  await stage.push(...batch);
  const one = evaluateWork(stage.world);
  await stage.drainAll(one, 20_000);
  await one.close();
  const lives = (await stage.lives()).filter((life) => !life.includes('told')).toSorted();
  const other = await openStage();
  try {
    await other.rule({ id: 'r_each' });
    await other.rule({ id: 'r_for', forMs: 50 });
    await other.rule({ id: 'r_host', key: ['host'], kind: 'every', params: {} });
    const workers = [evaluateWork(other.world), evaluateWork(other.second())];
    const rings: Promise<void>[] = [];
    for (let i = 0; i < batch.length; i += 100) {
      await other.push(...batch.slice(i, i + 100));
      for (let lane = 0; lane < 16; lane++)
        for (const worker of workers) rings.push(worker.evaluate(String(lane), 20_000));
    }
    await Promise.all(rings);
    expect((await other.lives()).filter((life) => !life.includes('told')).toSorted()).toEqual(lives);
    expect(await other.world.database.db.select().from(laneTroubles)).toEqual([]);
    await Promise.all(workers.map((worker) => worker.close()));
  } finally {
    await other.close();
  }
  expect(lives.length).toBeGreaterThan(100);
});

it('shares a key between lanes without losing one', async () => {
  // Every event opens the same key for the first time, in sixteen lanes at once, by two workers.
  await stage.rule({ key: ['host'] });
  const workers = [evaluateWork(stage.world), evaluateWork(stage.second())];
  await stage.push(
    ...Array.from({ length: 64 }, (_, i) => ({ ...usage(95, 1000, `/d${i}`), labels: { host: 'h1' } })),
  );
  await Promise.all(
    Array.from({ length: 16 }, (_, lane) =>
      workers.map((worker) => worker.evaluate(String(lane), 2000)),
    ).flat(),
  );
  const { rows } = { rows: await stage.world.database.sql`select count, rev from alerts` };
  expect(rows).toEqual([{ count: 64, rev: 64 }]);
  await Promise.all(workers.map((worker) => worker.close()));
});

it('counts every event of a key that many lanes share', async () => {
  await stage.rule({ key: ['host'], kind: 'count', params: { moreThan: 63, within: '1h' } });
  const workers = [evaluateWork(stage.world), evaluateWork(stage.second())];
  const wave = (from: number, count: number) =>
    stage.push(
      ...Array.from({ length: count }, (_, i) => ({
        ...usage(95, 1000 + from + i, `/d${from + i}`),
        labels: { host: 'h1' },
      })),
    );
  const everywhere = () =>
    Promise.all(
      Array.from({ length: 16 }, (_, lane) =>
        workers.map((worker) => worker.evaluate(String(lane), 2000)),
      ).flat(),
    );
  // One each at first, so that later waves find a memory to share.
  for (const [from, count] of [
    [0, 1],
    [1, 31],
    [32, 31],
  ] as const) {
    await wave(from, count);
    await everywhere();
  }
  expect(await stage.lives()).toEqual([]);
  await wave(63, 1);
  await everywhere();
  expect(await stage.lives()).toEqual([expect.stringContaining('fired')]);
  await Promise.all(workers.map((worker) => worker.close()));
});
