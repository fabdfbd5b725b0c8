// What somebody saw a moment ago is written upon only while it is still so; otherwise it is read anew, and the truth counts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { releaseAlert } from '#operations/release-alert.ts';
import { addButtons } from '#store/buttons.ts';
import { findAlert } from '#store/find-alerts.ts';
import type { Person } from '#store/people.ts';
import { whoSpeaks } from '#store/speaking.ts';
import { until } from '../harness/until.ts';
import { addAlert, addPerson, addRule, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

async function burning(owner: Person): Promise<Alert> {
  return addAlert(stage.world, await addRule(stage.world, owner.id));
}

/** What the chat knows of whoever presses a button about it. */
async function lookAt(alert: Alert, person: Person) {
  const { database, token } = stage.world;
  const id = token();
  const row = { id, action: 'acknowledge', alertId: alert.id, rev: null, payload: null };
  await addButtons(database.db, [{ ...row, chatId: person.telegramId, expiresAt: noon }]);
  const [said] = await whoSpeaks(database.db, [{ telegramId: person.telegramId, button: id }]);
  return { by: said!.person!, it: said!.seen! };
}
type Seen = Awaited<ReturnType<typeof lookAt>>;

const acknowledge = (seen: Seen, by: Person = seen.by) =>
  acknowledgeAlert(stage.world, asActor(by), { alertId: seen.it.alert.id, seen }, noon + 1_000);
const inLedger = (id: string) => findAlert(stage.world.database.db, id);

it('goes by what was seen, and writes it with its audit', async () => {
  const { person } = await addPerson(stage.world, 'Ana');
  const alert = await burning(person);
  const seen = await lookAt(alert, person);
  // Nobody else calls it so: it was not read again.
  seen.it.alert.title = 'as it was seen';
  const done = await acknowledge(seen);
  expect(done).toMatchObject({ ok: true, alert: { title: 'as it was seen', status: 'acknowledged' } });
  expect(await inLedger(alert.id)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'Ana' });
  const noted = await stage.world.database.sql`select actor, verb from audit where target = ${alert.id}`;
  expect([...noted]).toMatchObject([{ actor: `person:${person.id}`, verb: 'acknowledge-alert' }]);
});

it('a second press hears the truth, also one that saw it burn', async () => {
  const { person } = await addPerson(stage.world, 'Ben');
  const alert = await burning(person);
  const seen = await lookAt(alert, person);
  const both = await Promise.all([acknowledge(seen), acknowledge(seen)]);
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
  expect(await acknowledge(seen)).toMatchObject({ ok: false, text: 'Ben acknowledged this just now.' });
  expect((await inLedger(alert.id))!.rev).toBe(alert.rev + 1);
});

it('does nothing upon an alert that became another meanwhile, in anything', async () => {
  const { person } = await addPerson(stage.world, 'Cleo');
  const { world } = stage;
  const alert = await burning(person);
  const seen = await lookAt(alert, person);
  await world.database.sql`update alerts set title = 'another' where id = ${alert.id}`;
  expect(await acknowledge(seen)).toMatchObject({ ok: true, alert: { title: 'another' } });
  const ended = await lookAt(await burning(person), person);
  await world.database
    .sql`update alerts set status = 'resolved', resolved_at = now() where id = ${ended.it.alert.id}`;
  expect(await acknowledge(ended)).toMatchObject({ ok: false, code: 'conflict' });
});

it('somebody who has left meanwhile, or may no more, is refused', async () => {
  const { world } = stage;
  const { person: owner } = await addPerson(world, 'Dan');
  const { person: admin } = await addPerson(world, 'Eva', 'admin');
  const [one, two] = [await lookAt(await burning(owner), admin), await lookAt(await burning(owner), owner)];
  await world.database.sql`update people set role = 'member' where id = ${admin.id}`;
  expect(await acknowledge(one)).toMatchObject({ ok: false, code: 'forbidden' });
  await world.database.sql`update people set left_at = now() where id = ${owner.id}`;
  expect(await acknowledge(two)).toMatchObject({ ok: false, code: 'forbidden' });
  for (const {
    it: { alert },
  } of [one, two])
    expect((await inLedger(alert.id))!.status).toBe('firing');
});

it('is nobody’s sight but of who looked, and of nothing but what was looked at', async () => {
  const { world } = stage;
  const { person: owner } = await addPerson(world, 'Flo');
  const { person: other } = await addPerson(world, 'Gus');
  const [one, two] = [await burning(owner), await burning(owner)];
  const seen = await lookAt(one, owner);
  expect(await acknowledge(seen, other)).toMatchObject({ ok: false, code: 'forbidden' });
  const named = { alertId: two.id, seen };
  expect(await acknowledgeAlert(world, asActor(owner), named, noon)).toMatchObject({ alert: { id: two.id } });
  expect((await inLedger(one.id))!.status).toBe('firing');
});

it('a rule that was changed or deleted meanwhile counts as it is now', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Hal');
  for (const change of [`"to" = '["x"]'`, 'deleted_at = now()']) {
    const seen = await lookAt(await burning(person), person);
    seen.it.alert.title = 'as it was seen';
    await world.database.sql.unsafe(`update rules set ${change} where id = '${seen.it.alert.ruleId}'`);
    const done = await acknowledge(seen);
    expect(done.ok && done.alert.title).not.toBe('as it was seen');
  }
});

it('one that is no longer so costs the others of the same moment nothing', async () => {
  const { person } = await addPerson(stage.world, 'Ida');
  const seen: Seen[] = [];
  for (let i = 0; i < 3; i++) seen.push(await lookAt(await burning(person), person));
  await stage.world.database.sql`update alerts set title = 'another' where id = ${seen[1]!.it.alert.id}`;
  const done = await Promise.all(seen.map((one) => acknowledge(one)));
  expect(done).toMatchObject([{ ok: true }, { ok: true, alert: { title: 'another' } }, { ok: true }]);
});

it('waits for an alert that somebody else holds, and then goes by what it is', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Jo');
  const seen = await lookAt(await burning(person), person);
  let pressed: ReturnType<typeof acknowledge> | undefined;
  await world.database.sql.begin(async (sql) => {
    await sql`update alerts set title = 'another' where id = ${seen.it.alert.id}`;
    pressed = acknowledge(seen);
    await until('it waits for the alert', async () => {
      const waiting = await world.database.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return waiting.length > 0;
    });
  });
  expect(await pressed).toMatchObject({ ok: true, alert: { title: 'another' } });
  const back = await lookAt((await inLedger(seen.it.alert.id))!, person);
  const released = { alertId: back.it.alert.id, seen: back };
  expect(await releaseAlert(world, asActor(person), released, noon + 2_000)).toMatchObject({ ok: true });
});
