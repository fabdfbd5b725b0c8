// The catalogue of topics: what several processes saw is added up, whoever wrote last, and what is new is told apart.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTopicBook, topicsSeen } from '#store/topics.ts';
import { eventWith, openStage, type Stage } from '../evaluate/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const saw = (value: number, at: number, given: { type?: string; data?: Record<string, number> } = {}) =>
  eventWith({ subject: `/${value}`, receivedAt: at, ...given, data: { usage: value, ...given.data } });
const catalogue = async () => {
  const rows = await topicsSeen(stage.world.database.db, { limit: 1_000 });
  return new Map(rows.map((row) => [row.topic, row]));
};

it('what two processes saw in turns is added up, and nothing is written over', async () => {
  const { soft } = stage.world.database;
  const books = [openTopicBook(), openTopicBook()];
  for (let i = 0; i < 6; i++) {
    const book = books[i === 3 ? 0 : i % 2]!;
    book.noteSeen([saw(i, 1000 + i), saw(i, 1000 + i, { type: 'other' })]);
    await book.flush(soft);
  }
  const seen = await catalogue();
  for (const topic of ['disk.usage', 'other']) {
    expect(seen.get(topic)).toMatchObject({
      count: 6,
      lastAt: 1005,
      fields: { usage: { last: 5, count: 6, min: 0, max: 5 } },
    });
    expect(Object.keys(seen.get(topic)!.subjects)).toHaveLength(6);
  }
});

it('two that write at the same moment both count', async () => {
  const { soft } = stage.world.database;
  const books = Array.from({ length: 4 }, () => openTopicBook());
  for (let i = 0; i < 5; i++) {
    for (const book of books) book.noteSeen([saw(i, 1000 + i)]);
    await Promise.all(books.map((book) => book.flush(soft)));
  }
  expect((await catalogue()).get('disk.usage')).toMatchObject({
    count: 20,
    fields: { usage: { count: 20 } },
  });
});

it('a row that is gone is made anew', async () => {
  const { soft, sql } = stage.world.database;
  const book = openTopicBook();
  book.noteSeen([saw(1, 1000)]);
  await book.flush(soft);
  await sql`delete from topics`;
  book.noteSeen([saw(2, 2000)]);
  await book.flush(soft);
  expect((await catalogue()).get('disk.usage')).toMatchObject({ count: 1, lastAt: 2000 });
});

it('tells of a topic and of a field that it never saw, and of no other', async () => {
  const { soft } = stage.world.database;
  const book = openTopicBook();
  expect(book.noteSeen([saw(1, 1000)])).toBe(true);
  await book.flush(soft);
  expect(book.noteSeen([saw(2, 2000)])).toBe(false);
  expect(book.noteSeen([saw(2, 2000, { data: { inodes: 3 } })])).toBe(true);
  await book.flush(soft);
  expect(book.noteSeen([saw(2, 3000, { data: { inodes: 4 } })])).toBe(false);
  expect(book.noteSeen([saw(2, 3000, { type: 'other' })])).toBe(true);
});

it('what could not be written is written the next time, once', async () => {
  const { soft, sql } = stage.world.database;
  const book = openTopicBook();
  // The first hundred can be written, the rest cannot.
  const many = Array.from({ length: 150 }, (_, i) =>
    saw(i, 1000, { type: `t${String(i).padStart(3, '0')}` }),
  );
  await sql.unsafe(
    `create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
  );
  await sql.unsafe(`create trigger refuse before insert on topics for each row
    when (new.topic = 't120') execute function refuse()`);
  book.noteSeen(many);
  await expect(book.flush(soft)).rejects.toThrow();
  await sql`drop trigger refuse on topics`;
  book.noteSeen(many);
  await book.flush(soft);
  const seen = await catalogue();
  expect(seen.size).toBe(150);
  expect([...seen.values()].filter(({ count }) => count !== 2)).toEqual([]);
});
