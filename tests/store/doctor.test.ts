// The doctor sees what would leave somebody hanging.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { account, examine } from '#store/doctor.ts';
import { addAlert, addPerson, addRule, noon, openStage, type Stage } from '../operations/stage.ts';

let stage: Stage;
let alertId: string;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
const hour = 3_600_000;
const found = async (now: number) =>
  (await examine(stage.world.database, now))
    .filter(({ weight }) => weight === 'wrong')
    .map(({ check }) => check);

beforeEach(async () => {
  const { sql } = stage.world.database;
  await sql`truncate alerts, rule_states, notifications, deliveries, transitions, budgets, verifications`;
  const rule = await addRule(stage.world, (await addPerson(stage.world, 'Ana')).person.id);
  const alert = await addAlert(stage.world, rule);
  alertId = alert.id;
  await sql`insert into rule_states (rule_id, key, met) values (${rule.id}, ${alert.key}, true)`;
});

it('an open alert that no rule remembers', async () => {
  const { sql } = stage.world.database;
  await sql`update notifications set status = 'suppressed', reason = 'silenced'`;
  expect(await found(noon + hour)).toEqual([]);
  await sql`delete from rule_states`;
  expect(await found(noon + hour)).toEqual(['alerts-remembered']);
});

it.each(['ready', 'retry', 'unknown'])('a notification that stays %s', async (status) => {
  const { sql } = stage.world.database;
  await sql`update notifications set status = ${status}`;
  expect(await found(noon + 2 * 60_000)).toEqual([]);
  expect(await found(noon + hour)).toEqual(['sends-not-stuck']);
  await sql`update notifications set not_before = ${new Date(noon + hour).toISOString()}`;
  expect(await found(noon + hour)).toEqual([]);
  await sql`update notifications set not_before = null`;
  const until = new Date(noon + 2 * hour).toISOString();
  await sql`insert into budgets (channel, address, free_at, paused_until)
    values ('telegram', '*', ${new Date(noon).toISOString()}, ${until})`;
  expect(await found(noon + hour)).toEqual([]);
});

it('a firing that was given up although it may have been heard', async () => {
  const { sql } = stage.world.database;
  const at = new Date(noon).toISOString();
  await sql`update notifications set status = 'dead', reason = 'refused', ended_at = ${at}`;
  expect(await found(noon + hour)).toEqual([]);
  await sql`insert into deliveries (notification_id, attempt, channel, address, outcome, marked, started_at)
    select id, 1, 'telegram', '1', 'unknown', false, ${at} from notifications`;
  expect(await found(noon + hour)).toEqual(['heard-perhaps']);
  await sql`insert into copies (alert_id, receiver_id, channel, address, shown_rev, wanted_rev, edit_after, heard_at)
    select ${alertId}, receiver_id, 'telegram', '1', 1, 1, ${at}, ${at} from notifications`;
  expect(await found(noon + hour)).toEqual([]);
});

it('what became of the notifications is all of them together', async () => {
  const { sql } = stage.world.database;
  const statuses = ['pending', 'held', 'ready', 'sending', 'retry', 'unknown', 'sent', 'suppressed', 'dead'];
  const reasons = ['in-summary', 'superseded', 'shadow', 'opted-out', null];
  for (const status of statuses)
    for (const reason of status === 'suppressed' ? reasons : [null])
      await sql`insert into notifications (kind, receiver_id, severity, status, reason, created_at)
        values ('note', 'v_none', 'info', ${status}, ${reason}, now())`;
  const {
    notifications,
    events: _events,
    alerts: _alerts,
    burning: _burning,
    ...parts
  } = await account(stage.world.database);
  expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(notifications);
  expect(parts).toMatchObject({ together: 2, trial: 1 });
  await sql`delete from notifications where receiver_id = 'v_none'`;
});
