// The back-test on a real ledger: what is counted, by whose clock, what is honest about it, and that it can be stopped.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import type { BackTestBook, BackTestInput } from '#operations/back-test-book.ts';
import { savePerson, saveSettings } from '#store/people.ts';
import { openBackTests } from '../../src/evaluate/back-tests.ts';
import { makeTurns } from '../../src/evaluate/turns.ts';
import { openStage, type Stage } from './stage.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Monday 18 May 2026, noon in Berlin. */
const now = Date.UTC(2026, 4, 18, 10);
const operator: Actor = { is: 'operator', name: 'operator' };
const ownerId = 'p_ana';

let stage: Stage;
let book: BackTestBook;
beforeAll(async () => {
  stage = await openStage();
  book = openBackTests(stage.world, () => 0);
  const { db } = stage.world.database;
  await savePerson(db, {
    ...{ id: ownerId, telegramId: 7001, name: 'Ana', username: null, role: 'owner' as const },
    ...{ zone: 'Europe/Berlin', morning: 540, quiet: null, createdAt: 0, leftAt: null },
  });
  // Ten days, every hour: over 90 at 3:00 and at 15:00 by Berlin's clock, for an hour each; at 15:00 over 95 too.
  const events = Array.from({ length: 10 * 24 }, (_, i) => {
    const at = now - 10 * day + i * hour;
    const clock = (new Date(at).getUTCHours() + 2) % 24;
    const usage = clock === 3 ? 93 : clock === 15 ? 97 : 40;
    return { at, subject: '/home', data: { usage }, labels: { host: 'cad1' } };
  });
  await stage.push(...events);
});
afterAll(() => stage.close());

const document = (params: object = {}, rest: object = {}) => ({
  topic: 'disk.usage',
  kind: 'threshold',
  params: { field: 'usage', op: '>', limit: 90, ...params },
  ...rest,
});
async function tested(input: Partial<BackTestInput> = {}, at = now) {
  const done = await book.run(operator, { ownerId, rule: { document: document() }, ...input }, {}, at);
  if (!done.ok) throw new Error(done.text);
  return done.result;
}

it('counts what would have been told, and at night by the owner’s clock', async () => {
  const test = await tested({ days: 5 });
  expect(test).toMatchObject({ told: 10, atNight: 5, heldByQuiet: 0, burning: 0, whole: true, days: 5 });
  expect(test).toMatchObject({ limit: 90, zone: 'Europe/Berlin', events: 120, asked: 120, leftOut: 0 });
  expect(test.perDay.map(({ told }) => told)).toEqual([1, 2, 2, 2, 2, 1]);
  expect(test.first[0]).toMatchObject({
    subject: '/home',
    text: '97, limit 90',
    at: now - 5 * day + 3 * hour,
    overAt: now - 5 * day + 4 * hour,
  });
  expect(test.name).toBe('disk.usage over 90');
});

it('shows the effect of other limits, and those the kind cannot have are left out', async () => {
  const rule = { document: document({ clear: 85 }) };
  const { variants } = await tested({ days: 5, rule, limits: [95, 99, Number.NaN] });
  expect(variants).toEqual([
    { limit: 95, told: 5, atNight: 0 },
    { limit: 99, told: 0, atNight: 0 },
  ]);
  const every = { document: { topic: 'disk.usage', kind: 'every' } };
  expect(await tested({ days: 1, rule: every, limits: [5] })).toMatchObject({
    limit: null,
    variants: [],
    told: 24,
  });
});

it('is honest about what is not kept', async () => {
  const test = await tested({ days: 30 });
  expect(test).toMatchObject({ told: 20, whole: false, oldest: now - 10 * day, from: now - 10 * day });
  const none = await tested({ rule: { document: document({}, { topic: 'disk.nothing' }) } });
  expect(none).toMatchObject({ told: 0, events: 0, oldest: null, whole: false });
  const wild = await tested({ days: 2, rule: { document: document({}, { topic: '**' }) } });
  expect(wild.events).toBe(0);
  await stage.world.database.sql`insert into topics (topic, fields, count, last_at, subjects)
    values ('disk.usage', '{}', 1, now(), '{}')`;
  expect(await tested({ days: 2, rule: { document: document({}, { topic: '**' }) } })).toMatchObject({
    told: 4,
  });
});

it('knows what burned before, and does not tell it again', async () => {
  // From 15:30 to 15:30: the first alert of 15:00 burns already, the second still does.
  const half = now + 3.5 * hour - 5 * day;
  const burning = await tested({ days: 1 }, half);
  expect(burning).toMatchObject({ told: 2, burning: 1 });
  expect(burning.first.at(-1)).toMatchObject({ overAt: null });
});

it('counts what quiet hours hold, unless it breaks through', async () => {
  const { db } = stage.world.database;
  const quiet = { window: { from: 14 * 60, to: 16 * 60 }, breakthrough: 'critical' as const };
  await saveSettings(db, ownerId, { quiet });
  expect(await tested({ days: 5 })).toMatchObject({ told: 10, atNight: 5, heldByQuiet: 5 });
  const critical = { document: document({}, { severity: 'critical' }) };
  expect(await tested({ days: 5, rule: critical })).toMatchObject({ atNight: 5, heldByQuiet: 0 });
  await saveSettings(db, ownerId, { quiet: null });
});

it('keeps the first and the last of many, and counts the rest', async () => {
  const rule = { document: { topic: 'disk.usage', kind: 'every' } };
  const test = await tested({ days: 9, rule });
  expect(test.told).toBe(9 * 24);
  expect([test.first.length, test.leftOut, test.last.length]).toEqual([20, 9 * 24 - 50, 30]);
  expect(test.last.at(-1)!.at).toBe(now - hour);
  const times = [...test.first, ...test.last].map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

it('tests a rule that is kept, for its owner only', async () => {
  const { id } = await stage.rule({ ownerId, match: [{ field: 'host', op: '=', value: 'cad1' }] });
  expect(await tested({ days: 5, rule: { ruleId: id } })).toMatchObject({ told: 10 });
  const other = await book.run(operator, { ownerId: 'p_ben', rule: { ruleId: id } }, {}, now);
  expect(other).toMatchObject({ ok: false, code: 'not-found' });
  const reader: Actor = { is: 'key', sourceId: 's', name: 'key', scopes: ['read'] };
  expect(await book.run(reader, { ownerId, rule: { ruleId: id } }, {}, now)).toMatchObject({
    code: 'forbidden',
  });
});

it('refuses what cannot be a rule, with every fault, and days that are not kept', async () => {
  const bad = await book.run(operator, { ownerId, rule: { document: document({ limit: 'x' }) } }, {}, now);
  expect(bad).toMatchObject({ ok: false, code: 'invalid', faults: [{ path: 'params.limit' }] });
  for (const days of [0, 32, 1.5])
    expect(
      await book.run(operator, { ownerId, rule: { document: document() }, days }, {}, now),
    ).toMatchObject({
      code: 'invalid',
    });
});

it('tells how far it is, and ends at once when it is stopped', async () => {
  const told: number[] = [];
  await book.run(
    operator,
    { ownerId, rule: { document: document() } },
    { onProgress: (fraction) => told.push(fraction) },
    now,
  );
  expect([told[0], told.at(-1)]).toEqual([0, 1]);
  expect(told).toEqual(told.toSorted((a, b) => a - b));

  const ending = new AbortController();
  const stopped = book.run(
    operator,
    { ownerId, rule: { document: document() } },
    { onProgress: () => ending.abort(), signal: ending.signal },
    now,
  );
  expect(await stopped).toMatchObject({ ok: false, text: 'The back-test was stopped.' });
  // Nothing is left behind: the next ones find their place.
  for (let i = 0; i < 3; i++) await tested({ days: 1 });
});

it('does not begin where there is more to read than was allowed', async () => {
  const run = (most: number, topic?: string) =>
    book.run(
      operator,
      { ownerId, rule: { document: { ...document(), ...(topic ? { topic } : {}) } } },
      { most },
      now,
    );
  const whole = await run(1_000_000);
  if (!whole.ok) throw new Error(whole.text);
  const { events } = whole.result;
  expect(events).toBeGreaterThan(1);
  expect(await run(1)).toMatchObject({ ok: false, code: 'conflict' });
  expect(await run(1, '**')).toMatchObject({ ok: false, code: 'conflict' });
});

it('lets so many at once, in the order in which they came, and lets the impatient go', async () => {
  const turns = makeTurns(2);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string, signal = new AbortController().signal) =>
    turns(signal, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const impatient = new AbortController();
  const all = [work('a'), work('b'), work('c', impatient.signal).catch(() => 'gone'), work('d')];
  impatient.abort();
  expect(await all[2]).toBe('gone');
  expect(begun).toEqual(['a', 'b']);
  ends.get('b')!();
  await all[1];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'd']);
  ends.get('a')!();
  ends.get('d')!();
  await Promise.all(all);
});

it('finds what came near, and leaves out what passed its limit', async () => {
  const before = now - 9 * day;
  await stage.rule({ ownerId: 'p_near', name: 'Near', params: { field: 'usage', op: '>', limit: 100 } });
  await stage.rule({ ownerId: 'p_near', name: 'Passed', params: { field: 'usage', op: '>', limit: 90 } });
  await stage.rule({
    ownerId: 'p_near',
    name: 'Count',
    kind: 'count',
    params: { moreThan: 5, within: '1h' },
  });
  const found = await book.near({ ownerId: 'p_near', from: before, until: before + day, most: 10 });
  expect(found).toMatchObject([
    { ruleName: 'Near', subject: '/home', value: 97, limit: 100, text: '97, limit 100', times: 24 },
  ]);
  expect(found[0]!.at).toBe(before + 3 * hour);
  expect(await book.near({ ownerId: 'p_near', from: before, until: before + hour, most: 0 })).toEqual([]);
});
