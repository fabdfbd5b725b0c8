// Brings the tables up to date: drizzle's migrations, one process at a time.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import { type DatabaseAddress, openDatabase } from './connection.ts';

const folder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/**
 * Applies what is missing; how many changes a newer version made that this one does not know. Two processes that start
 * together wait for each other. Nothing is ever undone: an older version lives with the tables of a newer one
 * (`tests/store/beside.test.ts`).
 */
export async function migrate(address: DatabaseAddress): Promise<number> {
  const database = openDatabase(address, 1);
  try {
    await database.sql`select pg_advisory_lock(7462001)`;
    await runMigrations(database.db, { migrationsFolder: folder });
    const journal = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as {
      entries: { when: number }[];
    };
    const last = Math.max(...journal.entries.map(({ when }) => when));
    const [row] = await database.sql`
      select count(*)::int as newer from drizzle.__drizzle_migrations where created_at > ${last}`;
    return Number(row?.newer ?? 0);
  } finally {
    await database.close();
  }
}
