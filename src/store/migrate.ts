// Brings the tables up to date: drizzle's migrations, one process at a time.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import { type Database, type DatabaseAddress, openDatabase, sqlState } from './connection.ts';

const folder = fileURLToPath(new URL('../../drizzle', import.meta.url));
const noTable = '42P01';

/**
 * Applies what is missing; how many changes a newer version made that this one does not know. Two processes that start
 * together wait for each other. Nothing is ever undone: an older version lives with the tables of a newer one
 * (`tests/store/beside.test.ts`).
 */
export async function migrate(address: DatabaseAddress): Promise<number> {
  const database = openDatabase(address, 1);
  try {
    // The first connection is one for transactions: a pooler that drops what makes them safe is refused here.
    await database.sql.begin((tx) => tx`select 1`);
    const before = await newerThanOurs(database);
    if (before !== undefined) return before;
    await database.sql`select pg_advisory_lock(7462001)`;
    await runMigrations(database.db, { migrationsFolder: folder });
    return (await newerThanOurs(database)) ?? 0;
  } finally {
    await database.close();
  }
}

/** How many changes are newer than our last one; undefined while that is missing. */
async function newerThanOurs({ sql }: Database): Promise<number | undefined> {
  const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as {
    entries: { when: number }[];
  };
  const last = Math.max(...journal.entries.map(({ when }) => when));
  try {
    const [row] = await sql<{ newer: number; done: boolean }[]>`
      select count(*) filter (where created_at > ${last})::int as newer, coalesce(max(created_at) >= ${last}, false) as done
      from drizzle.__drizzle_migrations`;
    return row?.done ? row.newer : undefined;
  } catch (error) {
    if (sqlState(error) === noTable) return undefined;
    throw error;
  }
}
