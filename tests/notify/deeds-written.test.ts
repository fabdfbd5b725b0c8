// What people do to alerts is written with its commit: the same as in steps, for people, for machines and on boards.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Alert, Signal } from '#core/alert.ts';
import { stepAlert } from '#core/alert-life.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commit, commitLast } from '#store/alerts.ts';
import { lastly } from '#store/lastly.ts';
import { openStage, type Stage, unmet } from './stage.ts';

const ana = { is: 'person', personId: 'p_1', name: 'Ana', role: 'member' } as const;
const deeds: Signal[] = [
  { is: 'acknowledge', by: ana },
  { is: 'release', by: ana },
];

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(async () => {
  await stage.close();
});

/** An alert with a message to a person, one to a machine that its rule no longer names, a board, and a machine that it names. */
async function told(name: string) {
  const { sql } = stage.database;
  const alert = await stage.fire(name, []);
  for (const [id, every] of [
    ['person', false],
    ['heard', true],
    ['named', true],
    ['other', true],
  ] as const)
    await sql`insert into receivers (id, owner_id, channel, address, label, every_change, created_at)
      values (${`v_${id}_${name}`}, 'p_1', 'webhook', ${`${id}-${name}`}, '', ${every}, now())`;
  for (const id of ['person', 'heard'])
    await sql`insert into copies (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after, heard_at)
      values (${alert.id}, ${`v_${id}_${name}`}, 'webhook', ${`${id}-${name}`}, '7', 1, 1, '2100-01-01', now())`;
  const [summary] = await sql`insert into notifications (kind, receiver_id, severity, status, created_at)
    values ('summary', ${`v_person_${name}`}, 'warning', 'sent', now()) returning id`;
  await sql`insert into notifications (kind, receiver_id, alert_id, alert_rev, severity, status, via_id, created_at)
    values ('firing', ${`v_person_${name}`}, ${alert.id}, 1, 'warning', 'sent', ${summary!.id}, '2030-01-01')`;
  await sql`insert into boards (id, notification_id, receiver_id, channel, address, message_id, wanted, shown, edit_after, began_at, last_at)
    values (${`b_${name}`}, ${summary!.id}, ${`v_person_${name}`}, 'telegram', ${`board-${name}`}, '9', 1, 1, now(), now(), now())`;
  return alert;
}

function changesOf(alert: Alert, name: string): AlertChange[] {
  let at = alert;
  return deeds.map((signal) => {
    const step = stepAlert(at, signal, stage.clock.now)!;
    at = step.alert;
    return { step, receivers: [`v_person_${name}`, `v_named_${name}`] };
  });
}

/** What is written about the alert, without what names it. */
async function writtenAbout({ id }: Alert, name: string) {
  const { sql } = stage.database;
  const rows = await Promise.all([
    sql`select status, rev, acknowledged_by from alerts where id = ${id}`,
    sql`select rev, change, "by" from transitions where alert_id = ${id} order by rev`,
    sql`select receiver_id, wanted_rev, shown_rev, edit_after from copies where alert_id = ${id} order by receiver_id`,
    sql`select kind, receiver_id, alert_rev, severity, status, created_at from notifications where alert_id = ${id} order by id`,
    sql`select wanted from boards where address = ${`board-${name}`}`,
    sql`select due_at from cares where alert_id = ${id}`,
  ]);
  return JSON.parse(JSON.stringify(rows).replaceAll(name, 'it'));
}

it('writes and rings for the same as step by step', async () => {
  const { db } = stage;
  const one = await told('one');
  const other = await told('two');
  stage.clock.now += 1000;
  const { now } = stage.clock;
  const rung = await db.transaction((tx) => commit(tx, changesOf(one, 'one'), now));
  const rungAtOnce = await db.transaction(async (tx) => {
    const last = commitLast(tx, changesOf(other, 'two'), now)!;
    return last.rings(await lastly(tx, last.statements));
  });
  const inSteps = await writtenAbout(one, 'one');
  expect(await writtenAbout(other, 'two')).toEqual(inSteps);
  expect(inSteps[2].map((copy: { wanted_rev: number }) => copy.wanted_rev)).toEqual([3, 3]);
  expect(inSteps[3].filter(({ kind }: { kind: string }) => kind === 'changed')).toHaveLength(4);
  const said = (rings: typeof rung) =>
    rings.map(({ job, id }) => `${job} ${id}`.replace(/one|two/g, 'it')).sort();
  expect(said(rungAtOnce)).toEqual(said(rung));
  expect(said(rung)).toHaveLength(5);
});

it('leaves to the longer way what ends an alert, is passed on, or tells those who have heard', async () => {
  const alert = await stage.fire('/home', []);
  const [taken] = changesOf(alert, '') as [AlertChange];
  const ended = { step: stepAlert(alert, unmet(), stage.clock.now)!, receivers: [] };
  await stage.db.transaction(async (tx) => {
    const isLeft = (changes: AlertChange[]) => commitLast(tx, changes, stage.clock.now) === undefined;
    expect(isLeft([taken])).toBe(false);
    expect(isLeft([])).toBe(true);
    expect(isLeft([taken, ended])).toBe(true);
    expect(isLeft([{ ...taken, toHeard: true }])).toBe(true);
    const emit = { topic: 'a' };
    expect(isLeft([{ ...taken, rule: { id: 'r', name: 'R', ownerId: 'p', emit } as never }])).toBe(true);
  });
});
