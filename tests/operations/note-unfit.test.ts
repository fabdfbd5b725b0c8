// Rules that look at what never comes: said at once where it is asked, and after a week by one note to the owner.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Rule } from '#core/rule.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { editRule } from '#operations/edit-rule.ts';
import { noteUnfit } from '#operations/note-unfit.ts';
import { ruleHints } from '#operations/rule-hints.ts';
import { notifications } from '#store/schema/notifications.ts';
import { openTopicBook } from '#store/topics.ts';
import { eventWith } from '../evaluate/stage.ts';
import { addPerson, addRule, noon, openStage, operator, type Stage } from './stage.ts';

const day = 86_400_000;
let stage: Stage;
let ownerId: string;
beforeAll(async () => {
  stage = await openStage();
  ownerId = (await addPerson(stage.world, 'Ana')).person.id;
  const book = openTopicBook();
  book.noteSeen([
    eventWith({ data: { usage: 50, disk: { free: 3 }, tags: ['a'] }, labels: { host: 'cad1' } }),
    eventWith({ type: 'disk.inodes', data: { used: 5 } }),
  ]);
  await book.flush(stage.world.database.db);
});
afterAll(() => stage.end());

const looking = (given: Partial<Rule>) => ({
  topic: 'disk.usage',
  match: [],
  kind: 'every',
  params: {},
  key: ['source', 'subject'],
  ...given,
});
const hints = (given: Partial<Rule>) =>
  ruleHints(stage.world.database.db, kindBook, { ...looking(given), ownerId: 'p_1' });
const threshold = (field: string) => ({ kind: 'threshold', params: { field, op: '>', limit: 90 } });

it('names the nearest field to one that no event has', async () => {
  expect(await hints(threshold('usgae'))).toEqual([{ is: 'no-field', field: 'usgae', near: 'usage' }]);
  expect(await hints({ match: [{ field: 'labels.hosd', op: '=', value: 'x' }] })).toEqual([
    { is: 'no-field', field: 'hosd', near: 'host' },
  ]);
  expect(await hints({ key: ['temperature'] })).toEqual([{ is: 'no-field', field: 'temperature' }]);
});

it('says nothing of what came, of the event’s own names, or of what the catalogue cannot know', async () => {
  for (const field of ['usage', 'data.usage', 'host', 'disk.free', 'disk', 'tags', 'subject', 'a.b.c.d'])
    expect(await hints(threshold(field)), field).toEqual([]);
  expect(await hints({ ...threshold('used'), topic: 'disk.**' })).toEqual([]);
  expect(await hints({ ...threshold('used'), topic: 'cpu.*' })).toEqual([{ is: 'no-events' }]);
});

it('tells the owner once, a week after the last edit', async () => {
  const { db } = stage.world.database;
  const notes = async () =>
    (await db.select().from(notifications).orderBy(notifications.id))
      .map(({ body }) => body)
      .filter((body) => body?.includes('old'));
  const rule = await addRule(stage.world, ownerId, {
    topic: 'disk.usage',
    ...threshold('usgae'),
    name: 'Full',
  });
  await addRule(stage.world, ownerId, { topic: 'disk.usage', ...threshold('usage'), name: 'Fine' });
  await noteUnfit(stage.world, kindBook, noon);
  await noteUnfit(stage.world, kindBook, noon + 6 * day);
  expect(await notes()).toEqual([]);
  await noteUnfit(stage.world, kindBook, noon + 7 * day);
  await noteUnfit(stage.world, kindBook, noon + 8 * day);
  expect(await notes()).toEqual([
    'Your rule “Full” is a week old and has never looked at anything: no event of disk.usage has a field “usgae”. The nearest that does is “usage”. /rules changes it.',
  ]);
  await editRule(
    stage.world,
    operator,
    { ruleId: rule.id, changes: { topic: 'cpu.load' }, book: kindBook },
    noon + 9 * day,
  );
  await noteUnfit(stage.world, kindBook, noon + 16 * day);
  expect(await notes()).toHaveLength(2);
});
