// Whoever has not said where they are is told all the same.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gateRows } from '../../src/store/gate-rows.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('a person without a zone is there, with nothing else to tell them apart', async () => {
  const { receiverId, personId } = await stage.person(7001);
  await stage.world.database
    .sql`update people set zone = null, quiet = null, away = null where id = ${personId}`;
  const { people } = await gateRows(stage.world.database.db, [{ receiverId, alertId: null }], 1_000);
  expect(people[0]?.owner).toMatchObject({ zone: null, leftAt: null });
});
