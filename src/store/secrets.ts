// What is kept sealed: secrets of the installation by name, the canary that proves the keys, and sealing anew.
import { eq, sql } from 'drizzle-orm';
import type { Db, Reader } from './connection.ts';
import { isSealedWith, type Keyring, type Place } from './keyring.ts';
import { secrets } from './schema/installation.ts';

type Chance = (bytes: number) => Uint8Array;
const placeOf = (name: string): Place => ({ table: 'secrets', column: 'sealed', row: name });
const canary = 'canary';

/** Thrown for stored data that the keys do not open. */
export class CannotOpen extends Error {
  override name = 'CannotOpen';
}

/** The plain text of something sealed; throws `CannotOpen`. */
export function mustOpen(keyring: Keyring, sealed: string, place: Place): string {
  const opened = keyring.open(sealed, place);
  if (!opened.ok)
    throw new CannotOpen(`${place.table}.${place.column} of ${place.row} cannot be read: ${opened.why}`);
  return opened.plain;
}

/** The secret of this name; undefined when there is none. */
export async function readSecret(db: Reader, keyring: Keyring, name: string): Promise<string | undefined> {
  const [row] = await db.select().from(secrets).where(eq(secrets.name, name));
  return row && mustOpen(keyring, row.sealed, placeOf(name));
}

/** The secret of this name; `make` is asked when there is none yet. Two processes at once agree on one. */
export async function keepSecret(
  db: Reader,
  keyring: Keyring,
  name: string,
  make: () => string,
  chance: Chance,
): Promise<string> {
  const read = async () => (await db.select().from(secrets).where(eq(secrets.name, name)))[0]?.sealed;
  let sealed = await read();
  if (sealed === undefined) {
    const made = keyring.seal(make(), placeOf(name), chance(12));
    await db.insert(secrets).values({ name, sealed: made }).onConflictDoNothing();
    sealed = await read();
  }
  return mustOpen(keyring, sealed!, placeOf(name));
}

/** Why the keys given are not those of this ledger; undefined when they are. Leaves the canary when there is none yet. */
export async function keysFault(db: Db, keyring: Keyring, chance: Chance): Promise<string | undefined> {
  try {
    await keepSecret(db, keyring, canary, () => canary, chance);
    return undefined;
  } catch (error) {
    if (error instanceof CannotOpen) return error.message;
    throw error;
  }
}

/** Every column that holds sealed texts: its table, its name, and the column that names the row. */
const sealedColumns = [
  { table: 'secrets', column: 'sealed', id: 'name' },
  { table: 'sources', column: 'secret', id: 'id' },
  { table: 'sources', column: 'old_secret', id: 'id' },
  { table: 'receivers', column: 'contact', id: 'id' },
  { table: 'targets', column: 'secret', id: 'id' },
  { table: 'actions', column: 'secret', id: 'id' },
] as const;

/** Seals everything with the active key that is sealed with another; how many there were. Safe beside a running program. */
export async function sealAnew(db: Db, keyring: Keyring, chance: Chance): Promise<number> {
  let count = 0;
  const active = keyring.active() ?? '';
  for (const { table, column, id } of sealedColumns) {
    const [from, what, key] = [sql.identifier(table), sql.identifier(column), sql.identifier(id)];
    const rows = await db.execute<{ id: string; sealed: string }>(
      sql`select ${key} as id, ${what} as sealed from ${from} where ${what} is not null`,
    );
    for (const row of rows.filter(({ sealed }) => !isSealedWith(sealed, active))) {
      const place = { table, column, row: row.id };
      const anew = keyring.seal(mustOpen(keyring, row.sealed, place), place, chance(12));
      // Only what was read: somebody may have written something newer meanwhile.
      await db.execute(
        sql`update ${from} set ${what} = ${anew} where ${key} = ${row.id} and ${what} = ${row.sealed}`,
      );
      count++;
    }
  }
  return count;
}
