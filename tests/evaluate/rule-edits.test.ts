// Rules are made, changed, paused and deleted by two processes while events flow through both: each event meets the rules of its time.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainFingerprint } from '#core/rule.ts';
import { packRule, unpackRule } from '#store/rule-feed.ts';
import { holdRules, removeRule, saveRule } from '#store/rules.ts';
import { openRuleBook } from '../../src/evaluate/index/rule-book.ts';
import { evaluateWork } from '../../src/evaluate/worker.ts';
import { eventWith, laneOf, openStage, ruleWith, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('applies an edit to every later event, whoever made it and whoever evaluates', async () => {
  const worlds = [stage.world, stage.second()];
  const workers = worlds.map((world) => evaluateWork(world));
  const ring = (worker: number, subjects: string[], type: string) =>
    Promise.all(
      subjects.map((subject) => {
        const lane = laneOf(plainFingerprint({ source: 'cad', type, subject }));
        return workers[worker]!.evaluate(String(lane), 9_000);
      }),
    );
  const steps = fc.sample(
    fc.record({
      rule: fc.integer({ min: 0, max: 3 }),
      edit: fc.constantFrom('save', 'save', 'pause', 'remove', 'none'),
      topic: fc.constantFrom('t.a', 't.*', 't.b'),
      by: fc.integer({ min: 0, max: 1 }),
      seenBy: fc.integer({ min: 0, max: 1 }),
    }),
    20,
  );
  const now = new Map<string, { topic: string; paused: boolean }>();
  const expected: string[] = [];
  for (const [i, { rule, edit, topic, by, seenBy }] of steps.entries()) {
    // What flows meanwhile is of another topic, through both processes.
    const others = Array.from({ length: 4 }, (_, n) => `${i}.${n}`);
    await stage.push(...others.map((subject) => ({ at: 1, type: 'else', subject })));
    const flow = [ring(0, others, 'else'), ring(1, others, 'else')];
    const id = `r_edit${rule}`;
    const { version: _version, ...form } = ruleWith({
      id,
      topic,
      kind: 'every',
      params: {},
      paused: edit === 'pause',
    });
    const { db } = worlds[by]!.database;
    if (edit === 'remove') await db.transaction((tx) => removeRule(tx, id, 0));
    else if (edit !== 'none') await db.transaction((tx) => saveRule(tx, form, 'operator', 0));
    if (edit === 'remove') now.delete(id);
    else if (edit !== 'none') now.set(id, { topic, paused: form.paused });
    await stage.push({ at: 1000 + i, type: 't.a', subject: `seen ${i}` });
    for (const [one, { topic, paused }] of now)
      if (!paused && topic !== 't.b') expected.push(`${one} seen ${i}`);
    await Promise.all([...flow, ring(seenBy, [`seen ${i}`], 't.a')]);
  }
  const told = await stage.world.database.sql<{ told: string }[]>`
    select rule_id || ' ' || subject as told from alerts where topic = 't.a'`;
  expect(told.map((row) => row.told).sort()).toEqual(expected.sort());
  expect(expected.length).toBeGreaterThan(10);
  await Promise.all(workers.map((worker) => worker.close()));
});

it('packs a rule as the ledger does, and makes the same of it again', () => {
  const odd = fc.string({ unit: 'binary' }).map((text) => text.replace(/\u0000|\p{Surrogate}/gu, ''));
  fc.assert(
    fc.property(odd, fc.constantFrom('', '\\N', '\\', 'a\tb\nc\r\\n\\t\b\v\f', '“é𝄞'), (text, special) => {
      const rule = ruleWith({ name: special + text, params: { [text]: special }, zone: 'UTC', shadow: true });
      expect(unpackRule(packRule(rule))).toEqual(rule);
      expect(packRule(rule)).not.toContain('\n');
    }),
  );
});

it('tells rules with every odd character as they were saved', async () => {
  const name = 'a\tb\nc\\N \\ “é𝄞” \u0001';
  const saved = await stage.rule({
    id: 'r_odd',
    name,
    topic: 'odd',
    match: [{ field: 'x', op: '=', value: name }],
  });
  const book = openRuleBook(stage.world.log);
  await stage.world.database.db.transaction(async (tx) => book.refresh(tx, await holdRules(tx)));
  expect(book.watch('r_odd')?.rule).toEqual(saved);
});

it('keeps rules whose texts grow again and again, in the room of what lives', async () => {
  const count = 60;
  const { db } = stage.world.database;
  const book = openRuleBook(stage.world.log);
  const seen = eventWith({ type: 'grown', subject: 's' });
  const saveAll = (text: string) =>
    db.transaction(async (tx) => {
      for (let i = 0; i < count; i++) {
        const { version: _version, ...form } = ruleWith({
          id: `r_grown${i}`,
          name: text,
          topic: 'grown',
          kind: 'every',
          params: {},
        });
        await saveRule(tx, form, 'operator', 0);
      }
    });
  const before = room();
  for (let round = 1; round <= 8; round++) {
    const name = 'x'.repeat(50_000 + 16 * round);
    await saveAll(name);
    await db.transaction(async (tx) => book.refresh(tx, await holdRules(tx)));
    const { watches } = book.ask(seen);
    expect(watches).toHaveLength(count);
    expect(watches.every(({ rule }) => rule.name === name)).toBe(true);
    expect(book.watch('r_grown7')?.rule.name).toBe(name);
  }
  // Three megabytes live. All that came are twenty-four.
  expect(room() - before).toBeLessThan(15_000_000);
}, 60_000);

it.each(['match', 'key'])(
  'leaves out a rule whose %s it cannot read, and keeps nothing of it',
  async (part) => {
    const { db, sql } = stage.world.database;
    const faults: unknown[] = [];
    const log = { ...stage.world.log, error: (fields: unknown) => void faults.push(fields) };
    const book = openRuleBook(log);
    const refresh = () => db.transaction(async (tx) => book.refresh(tx, await holdRules(tx)));
    const save = (id: string, name: string) => {
      const { version: _version, ...form } = ruleWith({
        id,
        name,
        topic: 'unread',
        kind: 'every',
        params: {},
      });
      return db.transaction((tx) => saveRule(tx, form, 'operator', 0));
    };
    const spoil = async () => {
      await save('r_unread', 'x'.repeat(200_000));
      await sql.unsafe(`update rules set ${part} = '5' where id = 'r_unread'`);
    };
    const asked = () =>
      book
        .ask(eventWith({ type: 'unread', subject: 's' }))
        .watches.map(({ rule }) => `${rule.id} ${rule.name}`);
    await save('r_unread', 'at first');
    await save('r_beside', 'at first');
    await refresh();
    expect(asked()).toEqual(['r_beside at first', 'r_unread at first']);
    await spoil();
    await save('r_beside', 'later');
    await refresh();
    expect(asked()).toEqual(['r_beside later']);
    expect(book.watch('r_unread')).toBeUndefined();
    expect(faults).toEqual([{ rule: 'r_unread', fault: expect.any(String) }]);
    const before = room();
    for (let i = 0; i < 60; i++) {
      await spoil();
      await refresh();
    }
    expect(room() - before).toBeLessThan(6_000_000);
    await save('r_unread', 'repaired');
    await refresh();
    expect(asked()).toEqual(['r_beside later', 'r_unread repaired']);
  },
  60_000,
);

/** Bytes of the buffers that somebody still has. */
function room(): number {
  // Buffers that nobody has are counted until they are collected.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}
