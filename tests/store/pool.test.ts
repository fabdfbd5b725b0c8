// The pool outlives lost connections: nothing is thrown where nobody catches it, and every place can be used again.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { expect, it } from 'vitest';
import { openPool } from '../../src/store/pool.ts';
import { freshDatabase } from '../harness/database.ts';

// An error that nobody catches fails the whole run, so that need not be looked at here.
it.each(['by its own statement', 'between two statements'])(
  'rejects a transaction whose connection ends %s, more often than it has places',
  async (when) => {
    const fresh = await freshDatabase();
    const pool = openPool({ ...fresh.connection, max: 2, connect_timeout: 5, onnotice: () => {} });
    const killer = openPool({ ...fresh.connection, max: 1 });
    const db = drizzle(pool);
    for (let i = 0; i < 6; i++) {
      const lost = db.transaction(async (tx) => {
        if (when === 'by its own statement')
          return tx.execute(sql`select pg_terminate_backend(pg_backend_pid()), ${i}::int`);
        const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
        const gone = pool.options.max;
        await killer`select pg_terminate_backend(${row!.pid})`;
        // Another connection sees it go; then this one is used once more.
        for (let left = 1; left > 0; )
          left = (await killer`select 1 from pg_stat_activity where pid = ${row!.pid}`).length;
        return tx.execute(sql`select ${gone}::int`);
      });
      await expect(lost).rejects.toThrow();
    }
    const answers = await Promise.all([1, 2, 3, 4].map((n) => pool`select ${n}::int as n`));
    expect(answers.map(([row]) => row?.n)).toEqual([1, 2, 3, 4]);
    await expect(db.transaction((tx) => tx.execute(sql`select 1 / 0`))).rejects.toThrow();
    expect(await db.transaction((tx) => tx.execute(sql`select now() as at`))).toMatchObject([
      { at: expect.any(String) },
    ]);
    await Promise.all([pool.end({ timeout: 5 }), killer.end({ timeout: 5 })]);
    await fresh.drop();
  },
);
