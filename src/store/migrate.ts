// Brings the tables up to date: drizzle's migrations, one process at a time.
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import { type DatabaseAddress, openDatabase } from './connection.ts';

const folder = new URL('../../drizzle', import.meta.url).pathname;

/** Applies what is missing. Two processes that start together wait for each other. */
export async function migrate(address: DatabaseAddress): Promise<void> {
  const database = openDatabase(address, 1);
  try {
    await database.sql`select pg_advisory_lock(7462001)`;
    await runMigrations(database.db, { migrationsFolder: folder });
  } finally {
    await database.close();
  }
}
