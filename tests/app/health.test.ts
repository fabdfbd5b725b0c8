// Health is what the canary shows: well while it comes through, failing when it does not, and when the database is away.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { releaseCanary } from '#store/canary.ts';
import { addNote } from '#store/notes.ts';
import { startCanary } from '../../src/app/canary.ts';
import { readHealth } from '../../src/app/health.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

const queue = { backend: 'postgres', up: () => true };
let world: StoryWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const health = (startedAt: number, up = true) =>
  readHealth(world.rooms.world.database, { ...queue, up: () => up }, startedAt, world.now());

it('is well once a canary was evaluated and told, and fails when none comes through for 150 seconds', async () => {
  const began = world.now();
  const canary = await startCanary(world.rooms.world, () => true, world.now);
  canary.stop();
  expect(await health(began)).toMatchObject({ status: 'starting', roundTrip: { ageSeconds: null } });
  await world.settle();
  expect(await health(began)).toMatchObject({ status: 'ok', roundTrip: { ageSeconds: 0 } });
  expect(await health(began, false)).toMatchObject({ status: 'degraded' });
  await world.advance('149s');
  expect((await health(began)).status).toBe('ok');
  await world.advance('2s');
  expect(await health(began)).toMatchObject({ status: 'failing', roundTrip: { ageSeconds: 151 } });
});

it('fails when events are evaluated but nothing is told any more, and says how long an event waits', async () => {
  const began = world.now();
  const { world: rooms } = world.rooms;
  (await startCanary(rooms, () => true, world.now)).stop();
  await world.settle();
  await world.advance('151s');
  await releaseCanary(rooms.database.db, world.now());
  await world.settle();
  expect((await health(began)).status).toBe('failing');
  await addNote(rooms.database.db, 'v_canary', 'canary', 'info', world.now());
  await world.settle();
  expect((await health(began)).status).toBe('ok');
  await rooms.database
    .sql`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, body, received_at)
    values ('s', ${randomBytes(8).toString('hex')}, 'h', -1, 'f', 's', 'a.b', '', '{}', ${new Date(world.now() - 30_000).toISOString()})`;
  expect((await health(began)).oldestWaitingEvent.ageSeconds).toBe(30);
});

it('fails in words when the database does not answer', async () => {
  const broken = { sql: () => Promise.reject(new Error('away')), db: {}, close: async () => {} } as never;
  expect(await readHealth(broken, queue, 0, 1_000)).toMatchObject({
    status: 'failing',
    why: 'The database does not answer.',
    database: { up: false },
  });
});
