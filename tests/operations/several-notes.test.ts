// Words at several alerts: all in one transaction, and once for each occasion.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteAlerts } from '#operations/note-alerts.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { transitions } from '#store/schema/alerts.ts';
import { addAlert, addPerson, addRule, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

async function three() {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const rule = await addRule(world, person.id);
  const alertIds = [];
  for (let i = 0; i < 3; i++) alertIds.push((await addAlert(world, rule)).id);
  return { ana: asActor(person), alertIds };
}
const notesAt = async (id: string) =>
  (await transitionsOf(stage.world.database.db, id)).flatMap(({ change, note }) =>
    change === 'noted' ? [note] : [],
  );

it('stand at each of them by one transaction, and a repeat of the same occasion adds nothing', async () => {
  const { world } = stage;
  const { ana, alertIds } = await three();
  const said = { alertIds, text: 'on it', once: 'update:1' };
  const all = await Promise.all([0, 1, 2].map((i) => noteAlerts(world, ana, said, noon + i)));
  for (const done of all) expect(done).toEqual({ ok: true, noted: 3, refusal: null });
  for (const id of alertIds) {
    expect(await notesAt(id)).toEqual(['on it']);
    expect(await auditTrail(world.database.db, { target: id })).toMatchObject([
      { detail: { once: 'update:1' } },
    ]);
  }
  const rows = await world.database.db.select().from(transitions);
  const ours = rows.filter(({ alertId, change }) => alertIds.includes(alertId) && change === 'noted');
  expect(new Set(ours.map(({ xid }) => xid)).size).toBe(1);
  expect(await noteAlerts(world, ana, { ...said, once: 'update:2' }, noon)).toMatchObject({ noted: 3 });
  expect(await notesAt(alertIds[0]!)).toEqual(['on it', 'on it']);
});

it('what is somebody else’s is left out and said; nothing at all is a refusal', async () => {
  const { world } = stage;
  const { ana, alertIds } = await three();
  const { alertIds: others } = await three();
  const mixed = { alertIds: [alertIds[0]!, others[0]!, 'a_none'], text: 'mine', once: 'update:3' };
  expect(await noteAlerts(world, ana, mixed, noon)).toMatchObject({
    noted: 1,
    refusal: { code: 'forbidden', text: 'This belongs to somebody else.' },
  });
  expect(await notesAt(others[0]!)).toEqual([]);
  expect(await noteAlerts(world, ana, { ...mixed, alertIds: others }, noon)).toMatchObject({
    code: 'forbidden',
  });
  expect(await noteAlerts(world, ana, { ...mixed, alertIds: [] }, noon)).toMatchObject({ code: 'not-found' });
  expect(await noteAlerts(world, ana, { ...mixed, text: ' ' }, noon)).toMatchObject({ code: 'invalid' });
});
