// Who gets in: invitations once and for a day, owners by the operator's list, and nobody else; strangers leave no trace.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '#core/actor.ts';
import { erasePerson } from '#operations/erase-person.ts';
import { invite } from '#operations/invite.ts';
import { type JoinInput, join } from '#operations/join.ts';
import { auditTrail } from '#store/audit.ts';
import { findPersonByTelegram } from '#store/people.ts';
import { disableReceiversAt, receiversOf } from '#store/receivers.ts';
import { addPerson, asActor, newNumber, noon, openStage, operator, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const day = 86_400_000;
const come = (telegramId: number, more: Partial<JoinInput> = {}, now = noon) =>
  join(stage.world, { telegramId, name: 'Zoe', chatId: telegramId, owners: [], ...more }, now);
async function tokenFor(
  role: Role = 'member',
  actor = operator as Parameters<typeof invite>[1],
): Promise<string> {
  const made = await invite(stage.world, actor, { role }, noon);
  if (!made.ok) throw new Error(made.text);
  return made.token;
}
async function rows(): Promise<number> {
  const { sql } = stage.world.database;
  const [row] = await sql`select (select count(*) from people) + (select count(*) from receivers)
    + (select count(*) from audit) + (select count(*) from invitations where used_at is not null) as n`;
  return Number(row!.n);
}

it('turns a hundred strangers away and keeps nothing of them', async () => {
  const before = await rows();
  for (let n = 0; n < 100; n++)
    expect(await come(newNumber(), n % 2 ? { token: randomUUID() } : {})).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
  expect(await rows()).toBe(before);
});

it('lets one person in by an invitation, in its role, with a private address', async () => {
  const token = await tokenFor('admin');
  const id = newNumber();
  const done = await come(id, { token, username: 'zoe' });
  expect(done).toMatchObject({ ok: true, how: 'new', person: { role: 'admin', telegramId: id, zone: null } });
  if (!done.ok) return;
  expect(await receiversOf(stage.world.database.db, [done.person.id])).toMatchObject([
    { channel: 'telegram', address: String(id), disabled: null },
  ]);
  expect((await auditTrail(stage.world.database.db, { target: done.person.id }))[0]).toMatchObject({
    verb: 'join',
    actor: `person:${done.person.id}`,
    detail: { role: 'admin', how: 'new', by: 'operator' },
  });
  expect(JSON.stringify(await auditTrail(stage.world.database.db, {}))).not.toContain(token);
  expect(await come(newNumber(), { token })).toMatchObject({ ok: false, code: 'conflict' });
  expect(await come(id, { token })).toMatchObject({ ok: true, how: 'known' });
});

it('gives a token to one of twenty who use it at once', async () => {
  const token = await tokenFor();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => come(newNumber(), { token })));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
});

it('makes one person of twenty first contacts at once', async () => {
  const id = newNumber();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => come(id, { owners: [id] })));
  expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.person.id)).size).toBe(1);
  const found = (await findPersonByTelegram(stage.world.database.db, id))!;
  expect(await receiversOf(stage.world.database.db, [found.id])).toHaveLength(1);
  expect(found.role).toBe('owner');
});

it('ends an invitation after a day', async () => {
  const token = await tokenFor();
  expect(await come(newNumber(), { token }, noon + day)).toMatchObject({ ok: false, code: 'conflict' });
  expect(await come(newNumber(), { token }, noon + day - 1)).toMatchObject({ ok: true });
});

it('raises nobody above the invitation, and lowers nobody', async () => {
  const { person } = await addPerson(stage.world, 'Ada', 'admin');
  const admin = asActor(person);
  expect(await invite(stage.world, admin, { role: 'owner' }, noon)).toMatchObject({
    ok: false,
    code: 'forbidden',
  });
  const member = await tokenFor('member', admin);
  expect(await come(person.telegramId, { token: member })).toMatchObject({ person: { role: 'admin' } });
  // It was not used up by somebody who did not need it.
  const id = newNumber();
  expect(await come(id, { token: member })).toMatchObject({ how: 'new', person: { role: 'member' } });
  expect(await come(id, { token: await tokenFor('admin', admin) })).toMatchObject({
    person: { role: 'admin' },
  });
});

it('takes no invitation from somebody who has left or was lowered', async () => {
  const { sql } = stage.world.database;
  for (const change of [{ left_at: new Date(noon).toISOString() }, { role: 'member' }]) {
    const { person } = await addPerson(stage.world, 'Ada', 'admin');
    const token = await tokenFor('member', asActor(person));
    await sql`update people set ${sql(change)} where id = ${person.id}`;
    expect(await come(newNumber(), { token })).toMatchObject({ ok: false, code: 'forbidden' });
  }
});

it('lets somebody who left back in only by a new right, as the same person', async () => {
  const { person } = await addPerson(stage.world, 'Leo', 'admin', noon - 1);
  expect(await come(person.telegramId)).toMatchObject({ ok: false, code: 'forbidden' });
  expect(await come(person.telegramId, { token: await tokenFor() })).toMatchObject({
    ok: true,
    how: 'back',
    person: { id: person.id, role: 'member', leftAt: null },
  });
});

it('takes somebody who was forgotten a moment ago as somebody new, and ends what was left of them', async () => {
  const token = await tokenFor();
  const first = await come(newNumber(), { token });
  if (!first.ok) throw new Error(first.text);
  const { person } = first;
  const gone = await erasePerson(stage.world, asActor(person), { personId: person.id }, noon);
  expect(gone).toMatchObject({ ok: true });
  expect(await come(person.telegramId, {}, noon + 1_000)).toMatchObject({ ok: false });
  const again = await come(person.telegramId, { token: await tokenFor(), name: 'Zoe' }, noon + 2_000);
  expect(again).toMatchObject({ ok: true, how: 'new' });
  const { sql } = stage.world.database;
  expect(await sql`select 1 from people where id = ${person.id}`).toHaveLength(0);
  expect(await sql`select 1 from digests where owner_id = ${person.id}`).toHaveLength(0);
});

it('switches the address of somebody who returns after blocking on again', async () => {
  const { person, receiver } = await addPerson(stage.world, 'Ana');
  const { db } = stage.world.database;
  await disableReceiversAt(db, 'telegram', String(person.telegramId), 'blocked', noon);
  expect(await come(person.telegramId)).toMatchObject({ ok: true, how: 'known' });
  expect(await receiversOf(db, [person.id])).toMatchObject([{ id: receiver.id, disabled: null }]);
});

it('keeps names that can be stored and read', async () => {
  const id = newNumber();
  const done = await come(id, { owners: [id], name: ` a\u0000b \ud800 ${'x'.repeat(500)}\n` });
  expect(done).toMatchObject({ ok: true });
  if (done.ok) expect([...done.person.name].length).toBeLessThanOrEqual(64);
});
