// What people do to alerts: once, by one of many, and answered with the truth.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { releaseAlert } from '#operations/release-alert.ts';
import { resolveAlert } from '#operations/resolve-alert.ts';
import { snoozeAlert } from '#operations/snooze-alert.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { findAlert } from '#store/find-alerts.ts';
import {
  addAlert,
  addGroup,
  addPerson,
  addRule,
  asActor,
  noon,
  openStage,
  operator,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const minute = 60_000;

it('lets one of twenty acknowledge, and tells the other nineteen who it was', async () => {
  const { world, rung } = stage;
  const { group } = await addGroup(world, 'Night shift');
  const alert = await addAlert(world, await addRule(world, group.id));
  const crowd = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => ({
      ...asActor((await addPerson(world, `P${n}`)).person),
      groupId: group.id,
    })),
  );
  rung.length = 0;
  const outcomes = await Promise.all(
    crowd.map((actor) => acknowledgeAlert(world, actor, { alertId: alert.id }, noon + minute)),
  );
  const done = outcomes.filter((outcome) => outcome.ok);
  expect(done).toHaveLength(1);
  const by = (await findAlert(world.database.db, alert.id))!.acknowledgedBy!;
  const truths = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome]));
  expect(truths).toHaveLength(19);
  expect(new Set(truths.map(({ text }) => text))).toEqual(new Set([`${by} acknowledged this just now.`]));
  expect(truths.every(({ code }) => code === 'conflict')).toBe(true);
  const transitions = await transitionsOf(world.database.db, alert.id);
  expect(transitions.map(({ change }) => change)).toEqual(['fired', 'acknowledged']);
  expect(await auditTrail(world.database.db, { target: alert.id })).toHaveLength(1);
});

it('tells the current truth to whoever comes too late', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const { id: alertId } = await addAlert(world, await addRule(world, ana.personId));
  const text = async (outcome: ReturnType<typeof acknowledgeAlert>) => {
    const what = await outcome;
    return what.ok ? 'done' : what.text;
  };
  expect(await text(releaseAlert(world, ana, { alertId }, noon))).toBe(
    'This still burns, and nobody has acknowledged it.',
  );
  expect(await text(acknowledgeAlert(world, ana, { alertId }, noon))).toBe('done');
  expect(await text(acknowledgeAlert(world, ana, { alertId }, noon + 3 * minute))).toBe(
    'Ana acknowledged this 3 min ago.',
  );
  expect(await text(snoozeAlert(world, ana, { alertId, for: 15 * minute }, noon))).toBe('done');
  // 12:15 UTC is 14:15 in Berlin.
  expect(await text(snoozeAlert(world, ana, { alertId, for: 15 * minute }, noon))).toBe(
    'This is snoozed until 14:15.',
  );
  expect(await text(resolveAlert(world, ana, { alertId }, noon + 5 * minute))).toBe('done');
  for (const verb of [resolveAlert, acknowledgeAlert, releaseAlert])
    expect(await text(verb(world, ana, { alertId }, noon + 60 * minute))).toBe('This is over since 14:05.');
  expect(await text(snoozeAlert(world, ana, { alertId, until: 'morning' }, noon + 60 * minute))).toBe(
    'This is over since 14:05.',
  );
  expect(await text(acknowledgeAlert(world, ana, { alertId: 'a_none' }, noon))).toMatch(/do not know/);
});

it('snoozes until the morning of whoever asks, not of the group', async () => {
  const { world } = stage;
  const { group } = await addGroup(world, 'Night shift');
  const ana = { ...asActor((await addPerson(world, 'Ana')).person), groupId: group.id };
  const { id: alertId } = await addAlert(world, await addRule(world, group.id));
  await world.database.sql`update people set zone = 'Asia/Tokyo', morning = 450 where id = ${ana.personId}`;
  const done = await snoozeAlert(world, ana, { alertId, until: 'morning' }, noon);
  // 7:30 on Tuesday in Tokyo is 22:30 UTC on Monday.
  expect(done).toMatchObject({ ok: true, alert: { snoozedUntil: Date.UTC(2025, 5, 2, 22, 30) } });
  expect(await snoozeAlert(world, ana, { alertId, for: 0 }, noon)).toMatchObject({ code: 'invalid' });
  expect(await snoozeAlert(world, ana, { alertId, for: Number.NaN }, noon)).toMatchObject({
    code: 'invalid',
  });
});

it('rings the receivers after the commit, and only when something changed', async () => {
  const { world, rung } = stage;
  const { person, receiver } = await addPerson(world, 'Ana');
  const { id: alertId } = await addAlert(world, await addRule(world, person.id));
  rung.length = 0;
  await resolveAlert(world, operator, { alertId }, noon);
  expect(rung).toContainEqual({ job: 'notify', id: receiver.id });
  rung.length = 0;
  await resolveAlert(world, operator, { alertId }, noon);
  expect(rung).toEqual([]);
});

it('does for many at once what each may: nobody pays for who may not, or for an alert that somebody else holds', async () => {
  const { world, rung } = stage;
  const { sql } = world.database;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const ben = asActor((await addPerson(world, 'Ben')).person);
  const gone = asActor((await addPerson(world, 'Cyd', 'member', noon)).person);
  const rule = await addRule(world, ana.personId);
  const [free, other, held] = await Promise.all([1, 2, 3].map(() => addAlert(world, rule)));
  let letGo = () => {};
  const over = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let holding: Promise<unknown> | undefined;
  await new Promise<void>((locked) => {
    holding = sql.begin(async (tx) => {
      await tx`select 1 from alerts where id = ${held!.id} for update`;
      locked();
      await over;
    });
  });
  rung.length = 0;
  const waits = acknowledgeAlert(world, ana, { alertId: held!.id }, noon + minute);
  // By then it waits for the lock.
  for (let n = 0; n < 5; n++) await sql`select 1`;
  const outcomes = await Promise.all([
    acknowledgeAlert(world, ana, { alertId: free!.id }, noon + minute),
    acknowledgeAlert(world, ben, { alertId: other!.id }, noon + minute),
    acknowledgeAlert(world, gone, { alertId: other!.id }, noon + minute),
    acknowledgeAlert(world, ana, { alertId: 'a_nothing' }, noon + minute),
    snoozeAlert(world, ana, { alertId: free!.id, for: 15 * minute }, noon + 2 * minute),
    acknowledgeAlert(world, ana, { alertId: free!.id }, noon + 3 * minute),
  ]);
  expect(outcomes.map((one) => (one.ok ? 'done' : one.code))).toEqual([
    'done',
    'forbidden',
    'forbidden',
    'not-found',
    'done',
    'conflict',
  ]);
  letGo();
  await holding;
  expect(await waits).toMatchObject({ ok: true });
  const changes = async (id: string) =>
    (await transitionsOf(world.database.db, id)).map(({ change }) => change);
  expect(await changes(free!.id)).toEqual(['fired', 'acknowledged', 'snoozed']);
  expect(await changes(other!.id)).toEqual(['fired']);
  expect(await changes(held!.id)).toEqual(['fired', 'acknowledged']);
  expect((await auditTrail(world.database.db, { target: free!.id })).map(({ verb }) => verb)).toEqual([
    'snooze-alert',
    'acknowledge-alert',
  ]);
  expect(await auditTrail(world.database.db, { target: other!.id })).toEqual([]);
});
