// Statements in a row: one connection, the order given, and each its own transaction.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase, sqlState } from '#store/connection.ts';
import { inARow, type Line } from '#store/in-a-row.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.connection, 4);
  await database.sql`create table kept (n int primary key)`;
});
beforeEach(async () => {
  await database.sql`truncate kept`;
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const insert = (line: Line, n: number) => line.execute(sql`insert into kept (n) values (${n}::int)`);
const seen = async (line: Line) =>
  await line.execute<{ pid: number; numbers: number[] | null }>(
    sql`select pg_backend_pid() as pid, (select json_agg(n order by n) from kept where n < ${100}::int) as numbers`,
  );

it('each sees what those before it have committed, on one connection', async () => {
  // Also before the server knows them, and once it does.
  for (let turn = 0; turn < 5; turn++) {
    const [before, , after] = await inARow(database, (line) =>
      Promise.all([seen(line), insert(line, turn), seen(line)]),
    );
    const had = Array.from({ length: turn }, (_, i) => i);
    expect(before[0]).toMatchObject({ numbers: turn === 0 ? null : had });
    expect(after[0]).toEqual({ pid: before[0]!.pid, numbers: [...had, turn] });
  }
});

it('what comes after one that failed is done all the same', async () => {
  await insert(database.db, 1);
  const [failed, done] = await inARow(database, (line) =>
    Promise.allSettled([insert(line, 1), insert(line, 2)]),
  );
  expect(sqlState((failed as PromiseRejectedResult).reason)).toBe('23505');
  expect(done.status).toBe('fulfilled');
  expect((await seen(database.db))[0]).toMatchObject({ numbers: [1, 2] });
});

it('what nobody waited for goes on, and the connection is nobody else’s meanwhile', async () => {
  let late: PromiseLike<unknown> | undefined;
  await inARow(database, async (line) => {
    const first = insert(line, 1);
    late = line.execute(sql`insert into kept (n) select ${2}::int from pg_sleep(0.2)`);
    await first;
  });
  const next = await inARow(database, seen);
  await late;
  expect(next[0]).toMatchObject({ numbers: [1] });
  expect((await seen(database.db))[0]).toMatchObject({ numbers: [1, 2] });
});

it('when the connection is lost all of them fail, and others go on', async () => {
  const both = inARow(database, (line) =>
    Promise.allSettled([
      line.execute(sql`select pg_terminate_backend(pg_backend_pid()) where ${1}::int = 1`),
      insert(line, 3),
    ]),
  );
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await insert(database.db, 4);
  expect((await inARow(database, seen))[0]).toMatchObject({ numbers: [4] });
});
