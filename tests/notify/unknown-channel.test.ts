// A channel that nobody here knows: a newer version beside us may, so what waits for it is left alone for an hour.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addNote } from '../../src/store/notes.ts';
import { addReceiver } from '../../src/store/receivers.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('is left to whoever knows it, and ended with a reason when nobody does', async () => {
  const { db } = stage.world.database;
  const { personId } = await stage.person(7001);
  const place = { channel: 'pigeon', address: 'coop', label: 'the coop', createdAt: stage.clock.now };
  await addReceiver(db, { id: 'v_coop', ownerId: personId, ...place });
  await addNote(db, 'v_coop', 'hello', 'info', stage.clock.now);
  const told = async () => {
    await stage.work.notify('v_coop', stage.clock.now);
    await stage.work.deliver('pigeon|coop', stage.clock.now);
    const [row] = await stage.world.database.sql`
      select status, detail from notifications where receiver_id = 'v_coop'`;
    return row;
  };
  expect(await told()).toMatchObject({ status: 'ready' });
  stage.clock.now += 3_590_000;
  expect(await told()).toMatchObject({ status: 'ready' });
  stage.clock.now += 20_000;
  expect(await told()).toMatchObject({ status: 'dead', detail: 'There is no channel “pigeon” here.' });
});
