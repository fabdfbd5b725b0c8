// An older version beside this one on the same tables: what it writes is taken, what it reads is there.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connection.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';

/**
 * The oldest tables that a program beside this one may know. Raise it when a migration takes away what no version beside
 * can need any more, and say so in docs/scaling.md: that upgrade is a stop and a start.
 */
const oldest = 27;

interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default?: unknown;
}
interface Table {
  name: string;
  columns: Record<string, Column>;
  indexes: Record<string, { isUnique: boolean; columns: { expression: string }[] }>;
}

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../drizzle/meta/${path}`, import.meta.url), 'utf8'));
const newest: number = read('_journal.json').entries.at(-1).idx;
const tablesOf = (version: number): Table[] =>
  Object.values(read(`${String(version).padStart(4, '0')}_snapshot.json`).tables as Record<string, Table>);
const before = Array.from({ length: newest - oldest }, (_, i) => oldest + i);

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase(fresh.connection, 4);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

/** Some value of the type. */
function sample(type: string): string {
  if (/^(big|small)?(int|integer|serial)|^(double|real|numeric)/.test(type)) return '1';
  if (type === 'boolean') return 'true';
  if (type === 'jsonb') return `'{}'`;
  if (type.startsWith('timestamptz')) return 'now()';
  if (type === 'xid8') return 'pg_current_xact_id()';
  if (type === 'text') return `'x'`;
  throw new Error(`a value of ${type}: teach this test one`);
}

/** What went wrong with the statements, each in a transaction that leaves nothing. */
async function faultOf(statements: string[]): Promise<string | undefined> {
  const undone = new Error('undone');
  return database.sql
    .begin(async (tx) => {
      // Other tables' rows are not there; that is not what is asked.
      await tx.unsafe('set local session_replication_role = replica');
      for (const statement of statements) await tx.unsafe(statement);
      throw undone;
    })
    .then(
      () => undefined,
      (error) => (error === undone ? undefined : (error as Error).message),
    );
}

describe.each(before)('a version that knows the tables as of %i', (version) => {
  const tables = tablesOf(version);

  it('writes, changes and reads each of them as it always did', async () => {
    const faults: string[] = [];
    for (const { name, columns } of tables) {
      const all = Object.values(columns);
      const given = all.filter(({ type }) => !type.endsWith('serial'));
      const needed = given.filter((column) => column.notNull && column.default === undefined);
      const names = (list: Column[]) => list.map((column) => `"${column.name}"`).join(', ');
      const values = (list: Column[]) => list.map(({ type }) => sample(type)).join(', ');
      const insert = (list: Column[]) =>
        list.length === 0
          ? `insert into "${name}" default values`
          : `insert into "${name}" (${names(list)}) values (${values(list)})`;
      const changes = given.map((column) => `"${column.name}" = ${sample(column.type)}`).join(', ');
      for (const statements of [
        [insert(given), `update "${name}" set ${changes}`, `select ${names(all)} from "${name}"`],
        [insert(needed)],
      ]) {
        const fault = await faultOf(statements);
        if (fault !== undefined) faults.push(`${name}: ${fault}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('is not refused by a uniqueness that it does not know', () => {
    const now = new Map(tablesOf(newest).map((table) => [table.name, table]));
    const added = tables.flatMap((table) => {
      const { indexes = {}, columns = {} } = now.get(table.name) ?? {};
      // What the older one leaves empty is never the same as another's.
      const leftEmpty = ({ expression: name }: { expression: string }) =>
        !(name in table.columns) && columns[name]?.notNull === false && columns[name].default === undefined;
      return Object.entries(indexes)
        .filter(([index, { isUnique }]) => isUnique && !(index in table.indexes))
        .filter(([, { columns: of }]) => !of.some(leftEmpty))
        .map(([index]) => index);
    });
    expect(added).toEqual([]);
  });
});

it('starts on tables that a newer version has changed, changes nothing, and says so', async () => {
  expect(await migrate(fresh.connection)).toBe(0);
  await database.sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of tomorrow', 99999999999999)`;
  expect(await migrate(fresh.connection)).toBe(1);
  const [row] = await database.sql`select count(*)::int as n from drizzle.__drizzle_migrations`;
  expect(row?.n).toBe(newest + 2);
});
