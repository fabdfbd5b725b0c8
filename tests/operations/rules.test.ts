// Making, changing, pausing and deleting rules: faults with their place, defaults, and what happens to their alerts.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindBook } from '#evaluate/kind-book.ts';
import { createRule } from '#operations/create-rule.ts';
import { deleteRule } from '#operations/delete-rule.ts';
import { editRule } from '#operations/edit-rule.ts';
import { pauseRule } from '#operations/pause-rule.ts';
import { removeReceiver } from '#operations/remove-receiver.ts';
import { renameReceiver } from '#operations/rename-receiver.ts';
import { documentOf } from '#operations/rule-draft.ts';
import { isGeneratedName } from '#operations/rule-name.ts';
import { sampleRule } from '#operations/sample-rule.ts';
import { openAlertsOf, transitionsOf } from '#store/alert-lists.ts';
import { auditTrail } from '#store/audit.ts';
import { findAlert } from '#store/find-alerts.ts';
import { addReceiver } from '#store/receivers.ts';
import { findRule, rulesNaming } from '#store/rules.ts';
import { events } from '#store/schema/events.ts';
import { addAlert, addGroup, addPerson, addRule, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

const full = { topic: 'disk.usage', kind: 'threshold', params: { field: 'usage', op: '>', limit: 90 } };

it('fills in what a document does not say', async () => {
  const { world } = stage;
  const { person, receiver } = await addPerson(world, 'Ana');
  const made = await createRule(
    world,
    asActor(person),
    { ownerId: person.id, document: full, book: kindBook },
    noon,
  );
  if (!made.ok) throw new Error(made.text);
  expect(made.rule).toMatchObject({
    ownerId: person.id,
    key: ['source', 'subject'],
    to: [receiver.id],
    severity: null,
    paused: false,
    forMs: 0,
  });
  expect(made.rule.name).toBe('disk.usage over 90');
  expect(await findRule(world.database.db, made.rule.id)).toEqual(made.rule);
  const again = { ownerId: person.id, document: documentOf(made.rule), book: kindBook };
  const copy = await createRule(world, asActor(person), again, noon);
  expect(copy).toMatchObject({
    ok: true,
    rule: { ...made.rule, id: expect.any(String), version: expect.any(Number) },
  });
});

it('tells apart by their names what differs only in where it tells, and goes on doing so', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const mail = (label: string) => {
    const id = world.id('v');
    return addReceiver(db, { id, ownerId: person.id, channel: 'email', address: id, label, createdAt: noon });
  };
  const long = 'the very long name of the mailbox that is read on call';
  const [work] = [await mail('work mail'), await mail(long)];
  const make = async (more: object) => {
    const input = { ownerId: person.id, document: { ...full, ...more }, book: kindBook };
    const made = await createRule(world, ana, input, noon);
    if (!made.ok) throw new Error(made.text);
    return made.rule;
  };
  const first = await make({});
  const others = [
    await make({ to: ['work mail'] }),
    await make({ to: ['work mail', 'telegram'] }),
    await make({ to: [] }),
    await make({ bands: [{ when: 'otherwise', to: [long] }] }),
  ];
  expect([first, ...others].map(({ name }) => name)).toEqual([
    'disk.usage over 90',
    'disk.usage over 90, to work mail',
    'disk.usage over 90, to Telegram and work mail',
    'disk.usage over 90, to nobody',
    'disk.usage over 90 (otherwise)',
  ]);
  const where = [`host =~ "${Array.from({ length: 30 }, (_, at) => `cad${at}`).join('|')}"`];
  await make({ match: where });
  const sameStart = [
    await make({ match: where, to: [long] }),
    await make({ match: where, to: ['work mail'] }),
  ];
  expect(new Set(sameStart.map(({ name }) => name)).size).toBe(2);
  for (const { name } of sameStart) expect(name.length).toBeLessThanOrEqual(100);
  // It is still nobody's own name: a change of the rule, or of the receiver's name, is followed.
  await renameReceiver(world, ana, { receiverId: work!.id, label: 'day mail' }, noon);
  for (const rule of [...others, ...sameStart]) expect(isGeneratedName(rule, kindBook)).toBe(true);
  const changes = { params: { ...full.params, limit: 95 } };
  const changed = await editRule(world, ana, { ruleId: others[0]!.id, changes, book: kindBook }, noon);
  expect(changed).toMatchObject({ ok: true, rule: { name: 'disk.usage over 95' } });
  expect(isGeneratedName({ ...first, name: 'Disks, to work mail' }, kindBook)).toBe(false);
});

it('names every fault with its place, and writes nothing', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const document = {
    topic: 'disk..usage',
    match: ['host = "a"', 'what is this'],
    kind: 'threshold',
    params: { field: 'usage', op: '>', limit: 'high' },
    for: 'soon',
    to: ['telegram', 'fax'],
    colour: 'red',
  };
  const refused = await createRule(world, ana, { ownerId: ana.personId, document, book: kindBook }, noon);
  if (refused.ok) throw new Error('it was taken');
  const paths = refused.faults!.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['topic', 'match.1', 'for', 'params.limit', '']));
  const noFax = { ...full, to: ['telegram', 'fax'] };
  expect(
    await createRule(world, ana, { ownerId: ana.personId, document: noFax, book: kindBook }, noon),
  ).toMatchObject({
    ok: false,
    code: 'invalid',
    faults: [{ path: 'to.1', text: expect.stringContaining('fax') }],
  });
  for (const odd of [
    null,
    7,
    'rule',
    [],
    { kind: 'nothing', topic: 'a' },
    { kind: {}, topic: 'a' },
    { topic: 'a' },
  ])
    expect(
      await createRule(world, ana, { ownerId: ana.personId, document: odd, book: kindBook }, noon),
    ).toMatchObject({
      ok: false,
      code: 'invalid',
      faults: expect.arrayContaining([expect.objectContaining({ text: expect.any(String) })]),
    });
  const kindFault = await createRule(
    world,
    ana,
    { ownerId: ana.personId, document: { kind: 'nothing', topic: 'a' }, book: kindBook },
    noon,
  );
  expect(kindFault).toMatchObject({ faults: [{ path: 'kind' }] });
  const written = await world.database.sql`select 1 from rules where owner_id = ${ana.personId}`;
  expect(written).toHaveLength(0);
});

it('tells nobody’s address but the owner’s', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const ben = await addPerson(world, 'Ben');
  const document = { ...full, to: [ben.receiver.id] };
  expect(
    await createRule(world, ana, { ownerId: ana.personId, document, book: kindBook }, noon),
  ).toMatchObject({
    faults: [{ path: 'to.0' }],
  });
});

it('changes what is named and nothing else; the same again changes nothing', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const rule = await addRule(world, ana.personId);
  const change = (changes: Record<string, unknown>) =>
    editRule(world, ana, { ruleId: rule.id, changes, book: kindBook }, noon);
  const edited = await change({ params: { ...rule.params, limit: 95 }, severity: 'critical' });
  if (!edited.ok) throw new Error(edited.text);
  expect(edited.rule).toMatchObject({ severity: 'critical', params: { limit: 95 }, topic: rule.topic });
  expect(edited.rule.name).toContain('95');
  const noted = await auditTrail(world.database.db, { target: rule.id });
  expect(await change({ severity: 'critical' })).toMatchObject({ ok: true });
  expect(await auditTrail(world.database.db, { target: rule.id })).toHaveLength(noted.length);
  expect(await change({ severity: null, name: 'Disks' })).toMatchObject({
    ok: true,
    rule: { severity: null },
  });
  expect(await change({ params: { ...rule.params, limit: 80 } })).toMatchObject({ rule: { name: 'Disks' } });
  expect(await change({ topic: null })).toMatchObject({ ok: false, faults: [{ path: 'topic' }] });
});

it('ends the open alerts when a rule asks about something else, and keeps them when only the limit moves', async () => {
  const { world } = stage;
  const ana = asActor((await addPerson(world, 'Ana')).person);
  const rule = await addRule(world, ana.personId);
  const alert = await addAlert(world, rule);
  const change = (changes: Record<string, unknown>) =>
    editRule(world, ana, { ruleId: rule.id, changes, book: kindBook }, noon + 1);
  await change({ params: { ...rule.params, limit: 95 } });
  expect((await findAlert(world.database.db, alert.id))!.status).toBe('firing');
  await change({ match: ['host = "cad1"'] });
  expect((await transitionsOf(world.database.db, alert.id)).at(-1)).toMatchObject({
    change: 'withdrawn',
    note: 'the rule was changed by Ana',
  });
});

it('pauses once, ends what was open, tells those who heard, and goes on', async () => {
  const { world, rung } = stage;
  const { person, receiver } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const rule = await addRule(world, person.id);
  const alert = await addAlert(world, rule);
  rung.length = 0;
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => pauseRule(world, ana, { ruleId: rule.id, paused: true }, noon + 1)),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(outcomes.find(({ ok }) => !ok)).toMatchObject({
    code: 'conflict',
    text: 'This rule is paused already.',
  });
  expect((await transitionsOf(world.database.db, alert.id)).at(-1)).toMatchObject({
    change: 'withdrawn',
    note: 'the rule was paused by Ana',
  });
  expect(rung).toContainEqual({ job: 'notify', id: receiver.id });
  const told = await world.database
    .sql`select kind from notifications where alert_id = ${alert.id} order by id`;
  expect(told.map(({ kind }) => kind)).toEqual(['firing', 'over']);
  expect(await pauseRule(world, ana, { ruleId: rule.id, paused: false }, noon + 2)).toMatchObject({
    ok: true,
    rule: { paused: false },
  });
});

it('deletes once, with its alerts', async () => {
  const { world } = stage;
  const { group } = await addGroup(world, 'Night shift');
  const dora = { ...asActor((await addPerson(world, 'Dora')).person), groupId: group.id, groupAdmin: true };
  const rule = await addRule(world, group.id);
  await addAlert(world, rule);
  await addAlert(world, rule);
  const outcomes = await Promise.all(
    [1, 2, 3].map(() => deleteRule(world, dora, { ruleId: rule.id }, noon + 1)),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await openAlertsOf(world.database.db, [group.id])).toEqual([]);
  expect(await findRule(world.database.db, rule.id)).toBeUndefined();
});

it('sends a sample to whoever asks, marked as one', async () => {
  const { world, rung } = stage;
  const { group } = await addGroup(world, 'Night shift');
  const { person, receiver } = await addPerson(world, 'Dora');
  const dora = { ...asActor(person), groupId: group.id, groupAdmin: true };
  const rule = await addRule(world, group.id);
  rung.length = 0;
  expect(await sampleRule(world, dora, { ruleId: rule.id, book: kindBook }, noon)).toEqual({
    ok: true,
    receivers: [receiver.id],
  });
  expect(rung).toEqual([{ job: 'notify', id: receiver.id }]);
  const [sample] = await world.database
    .sql`select kind, body from notifications where receiver_id = ${receiver.id}`;
  expect(sample).toMatchObject({ kind: 'note', body: expect.stringMatching(/^Sample, nothing is wrong/) });
  expect(sample!.body).toContain(rule.name);
});

it('whoever heard of a beginning by what a rule passes on hears of its end, also when it passes nothing on any more', async () => {
  const { world } = stage;
  const { db } = world.database;
  for (const changes of [{ emit: null }, { emit: 'disk.others' }, { shadow: true }]) {
    const { person } = await addPerson(world, 'Ana');
    const rule = await addRule(world, person.id, { emit: 'disk.alarms' });
    const alert = await addAlert(world, rule);
    const edited = await editRule(world, asActor(person), { ruleId: rule.id, changes, book: kindBook }, noon);
    expect(edited.ok).toBe(true);
    const passed = await db.select().from(events).where(eq(events.fingerprint, alert.id));
    expect(passed.map(({ type, status }) => `${type} ${status}`)).toEqual(['disk.alarms resolved']);
  }
});

it('a receiver that is removed leaves the rules that named it, and they can be edited as before', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person, receiver } = await addPerson(world, 'Ana');
  const hook = await addReceiver(db, {
    id: world.id('v'),
    ownerId: person.id,
    channel: 'webhook',
    address: world.id('address'),
    label: 'ci',
    createdAt: noon,
    contact: 'sealed',
  });
  const bands = [
    { when: 'Mon-Fri 09:00-18:00', to: ['ci'] },
    { when: 'otherwise', to: ['ci', 'telegram'] },
  ];
  const rule = await addRule(world, person.id, { to: ['ci'], pilot: ['ci'], shadow: true, bands });
  expect(await removeReceiver(world, asActor(person), { receiverId: hook.id }, noon)).toMatchObject({
    ok: true,
  });
  const left = await findRule(db, rule.id);
  expect(left).toMatchObject({ to: [receiver.id], shadow: true });
  expect(left?.pilot).toBeUndefined();
  expect(left?.bands?.map(({ to }) => to)).toEqual([undefined, [receiver.id]]);
  const changes = { severity: 'critical' };
  const edited = await editRule(world, asActor(person), { ruleId: rule.id, changes, book: kindBook }, noon);
  expect(edited).toMatchObject({ ok: true });
});

it('a receiver that goes while rules that name it are made and changed is named by none of them', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  for (let round = 0; round < 12; round++) {
    const id = world.id('v');
    const place = { id, ownerId: person.id, channel: 'email', address: id, label: `mail ${round}` };
    await addReceiver(db, { ...place, contact: 'sealed', createdAt: noon });
    const document = { ...full, name: `Disk ${round}`, to: [id] };
    const made = await createRule(world, ana, { ownerId: person.id, document, book: kindBook }, noon);
    if (!made.ok) throw new Error(made.text);
    const { id: ruleId } = made.rule;
    const changes = { params: { ...full.params, limit: 91 } };
    const outcomes = await Promise.all([
      createRule(world, ana, { ownerId: person.id, document, book: kindBook }, noon),
      pauseRule(world, ana, { ruleId, paused: true }, noon),
      removeReceiver(world, ana, { receiverId: id }, noon),
      editRule(world, ana, { ruleId, changes, book: kindBook }, noon),
    ]);
    expect(outcomes[2]).toMatchObject({ ok: true });
    expect(await rulesNaming(db, [id])).toEqual([]);
  }
});
