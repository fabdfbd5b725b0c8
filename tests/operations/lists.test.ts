// Personal lists: kept, bounded, and known to the owner's rules at once.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainFingerprint } from '#core/rule.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { evaluateWork } from '#evaluate/worker.ts';
import { addToList } from '#operations/add-to-list.ts';
import { createRule } from '#operations/create-rule.ts';
import { deleteList } from '#operations/delete-list.ts';
import { editRule } from '#operations/edit-rule.ts';
import { removeFromList } from '#operations/remove-from-list.ts';
import { setList } from '#operations/set-list.ts';
import { openAlertsOf, transitionsOf } from '#store/alert-lists.ts';
import { listsOf } from '#store/lists.ts';
import { findRule, saveRule } from '#store/rules.ts';
import { events } from '#store/schema/events.ts';
import { until } from '../harness/until.ts';
import { addPerson, addRule, asActor, noon, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());

it('are kept entry by entry, and every rule that asks for one has it at once', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const [ana, ownerId] = [asActor(person), person.id];
  const made = await createRule(
    world,
    ana,
    {
      ownerId,
      document: { name: 'Mine', topic: 'builds.**', kind: 'every', match: ['block in $me.blocks'] },
      book: kindBook,
    },
    noon,
  );
  if (!made.ok) throw new Error(made.text);
  const known = async () => (await findRule(db, made.rule.id))!;
  const before = (await known()).version;
  const added = await addToList(
    world,
    ana,
    { ownerId, name: 'blocks', items: [' gc_t ', 'gc_u', 'gc_t', ''] },
    noon,
  );
  expect(added).toEqual({ ok: true, name: 'blocks', items: ['gc_t', 'gc_u'], usedBy: ['Mine'] });
  expect((await known()).lists).toEqual({ blocks: ['gc_t', 'gc_u'] });
  expect((await known()).version).toBeGreaterThan(before);
  const { version } = await known();
  expect(await addToList(world, ana, { ownerId, name: 'blocks', items: ['gc_u'] }, noon)).toMatchObject({
    ok: true,
  });
  expect((await known()).version).toBe(version);

  expect(await removeFromList(world, ana, { ownerId, name: 'blocks', items: ['gc_v'] }, noon)).toMatchObject({
    ok: false,
    code: 'not-found',
    text: '“gc_v” is not in blocks. Did you mean “gc_t”?',
  });
  expect(await removeFromList(world, ana, { ownerId, name: 'blocks', items: ['gc_t'] }, noon)).toMatchObject({
    items: ['gc_u'],
  });
  expect(await setList(world, ana, { ownerId, name: 'other', items: [] }, noon)).toMatchObject({
    ok: true,
    usedBy: [],
  });
  expect((await listsOf(db, ownerId)).map(({ name, items }) => [name, items])).toEqual([
    ['blocks', ['gc_u']],
    ['other', []],
  ]);
  expect(await deleteList(world, ana, { ownerId, name: 'blocks' }, noon)).toMatchObject({
    ok: true,
    usedBy: ['Mine'],
  });
  expect((await known()).lists).toEqual({});
  expect(await deleteList(world, ana, { ownerId, name: 'blocks' }, noon)).toMatchObject({
    code: 'not-found',
  });
});

it('have plain names and bounds', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const [ana, ownerId] = [asActor(person), person.id];
  const set = (name: string, items: string[]) => setList(world, ana, { ownerId, name, items }, noon);
  for (const name of ['', 'Blocks', '9x', 'a b', '__proto__', 'x'.repeat(41)])
    expect(await set(name, []), name).toMatchObject({ ok: false, code: 'invalid' });
  const many = Array.from({ length: 1001 }, (_, i) => `b${i}`);
  expect(await set('blocks', many)).toMatchObject({ text: 'A list has at most 1,000 entries.' });
  expect(await set('blocks', ['x'.repeat(257)])).toMatchObject({ code: 'invalid' });
  expect(await set('constructor', many.slice(1))).toMatchObject({ ok: true });
  expect(await addToList(world, ana, { ownerId, name: 'blocks', items: [' '] }, noon)).toMatchObject({
    code: 'invalid',
  });
});

it('two who add at the same time lose nothing', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const names = Array.from({ length: 8 }, (_, i) => `b${i}`);
  const add = (item: string) =>
    addToList(world, asActor(person), { ownerId: person.id, name: 'blocks', items: [item] }, noon);
  expect((await Promise.all(names.map(add))).every(({ ok }) => ok)).toBe(true);
  expect((await listsOf(world.database.db, person.id))[0]!.items.toSorted()).toEqual(names);
});

it('what a rule waits for must be there, and must not wait for it in turn', async () => {
  const { world } = stage;
  const { person } = await addPerson(world, 'Ana');
  const ana = asActor(person);
  const make = (name: string, unless?: object[]) =>
    createRule(
      world,
      ana,
      {
        ownerId: person.id,
        document: { name, topic: 'x', kind: 'every', ...(unless ? { unless } : {}) },
        book: kindBook,
      },
      noon,
    );
  expect(await make('Host down', [{ rule: 'Router dow' }])).toMatchObject({
    ok: false,
    text: 'unless.0.rule: there is no rule “Router dow” here.',
  });
  const router = await make('Router down');
  if (!router.ok) throw new Error(router.text);
  expect(await make('Host down', [{ rule: 'Router dow' }])).toMatchObject({
    faults: [
      { path: 'unless.0.rule', text: 'there is no rule “Router dow” here; did you mean “Router down”?' },
    ],
  });
  expect(await make('Self', [{ rule: 'Self' }])).toMatchObject({
    text: 'unless.0.rule: a rule cannot wait for itself.',
  });
  expect(await make('Host down', [{ rule: router.rule.id }])).toMatchObject({ ok: true });
  const changes = { unless: [{ rule: 'Host down' }] };
  expect(await editRule(world, ana, { ruleId: router.rule.id, changes, book: kindBook }, noon)).toMatchObject(
    {
      ok: false,
      text: expect.stringContaining('nobody would be told'),
    },
  );
});

it('reach a rule that begins to ask for one in the same moment', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const [ana, ownerId] = [asActor(person), person.id];
  const made = await createRule(
    world,
    ana,
    { ownerId, document: { name: 'Any', topic: 'builds.**', kind: 'every' }, book: kindBook },
    noon,
  );
  if (!made.ok) throw new Error(made.text);
  await setList(world, ana, { ownerId, name: 'mine', items: ['gc_t'] }, noon);
  const { version: _, ...rule } = made.rule;
  const match = [{ field: 'block', op: 'in' as const, list: 'mine' }];
  let added: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    await saveRule(tx, { ...rule, match }, 'operator', noon);
    let done = false;
    added = addToList(world, ana, { ownerId, name: 'mine', items: ['gc_u'] }, noon).then(() => {
      done = true;
    });
    await until('the list waits for the rule', async () => {
      const waiting = await db.execute(
        sql`select 1 from pg_locks where locktype = 'advisory' and not granted`,
      );
      return done || waiting.length > 0;
    });
  });
  await added;
  expect((await findRule(db, rule.id))?.lists).toEqual({ mine: ['gc_t', 'gc_u'] });
});

it('end what burns for an entry that is gone, and watch it anew when it comes back', async () => {
  const { world } = stage;
  const { db } = world.database;
  const { person } = await addPerson(world, 'Ana');
  const [ana, ownerId] = [asActor(person), person.id];
  await setList(world, ana, { ownerId, name: 'burning', items: ['gc_t', 'gc_u'] }, noon);
  const rule = await addRule(world, ownerId, { topic: 'burning.blocks', match: ['block in $me.burning'] });
  const work = evaluateWork(world);
  let pushed = 0;
  const push = async (subject: string, at: number) => {
    const given = { source: 'cad', type: rule.topic, subject };
    const fingerprint = plainFingerprint(given);
    const body = JSON.stringify({ data: { block: subject, usage: 95 }, labels: {} });
    const row = { ...given, fingerprint, body, lane: 3, eventId: `burns ${++pushed}`, receivedAt: at };
    await db.insert(events).values({ ...row, sourceId: 's_test', bodyHash: '' });
    await work.evaluate('3', at);
  };
  const open = async () => (await openAlertsOf(db, [ownerId])).map(({ subject }) => subject).sort();
  await push('gc_t', noon);
  await push('gc_u', noon);
  expect(await open()).toEqual(['gc_t', 'gc_u']);
  const [burning] = (await openAlertsOf(db, [ownerId])).filter(({ subject }) => subject === 'gc_t');
  await removeFromList(world, ana, { ownerId, name: 'burning', items: ['gc_t'] }, noon + 1);
  expect(await open()).toEqual(['gc_u']);
  expect((await transitionsOf(db, burning!.id)).at(-1)).toMatchObject({
    change: 'withdrawn',
    note: 'the list “burning” was changed by Ana',
  });
  await addToList(world, ana, { ownerId, name: 'burning', items: ['gc_t'] }, noon + 2);
  await push('gc_t', noon + 3);
  expect(await open()).toEqual(['gc_t', 'gc_u']);
  await deleteList(world, ana, { ownerId, name: 'burning' }, noon + 4);
  expect(await open()).toEqual([]);
  await work.close();
});
