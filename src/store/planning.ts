// How the server plans what it is asked: by keys, and with a true idea of how large tables are.
import { sql } from 'drizzle-orm';
import type postgres from 'postgres';
import type { Db } from './connection.ts';

/**
 * Settings of our connections. What the ledger is asked, it finds by keys. A statement that comes again keeps its plan, and
 * one that was made while a table was small reads all of it when a storm has filled it. The plan is one for all values from
 * the first time on: otherwise each connection plans a statement anew five times, and again after every count of a table.
 */
export const byKeys = {
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_material: 'off',
  jit: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** For a question that looks through whole tables: planned as the server would. */
export async function widely<T>(
  pool: postgres.Sql,
  ask: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const freely = Object.keys(byKeys)
    .map((name) => `set local ${name} = ${name === 'plan_cache_mode' ? 'auto' : 'on'}`)
    .join(';');
  return (await pool.begin(async (tx) => {
    await tx.unsafe(freely);
    return ask(tx);
  })) as T;
}

/** The tables that a storm fills. */
export const filling = [
  'events',
  'rule_states',
  'alerts',
  'transitions',
  'cares',
  'notifications',
  'deliveries',
  'copies',
  'boards',
  'budgets',
  'buttons',
  'updates',
];
/** A table that holds so many times what it held when it was counted, and so many rows more, is counted anew. */
const timesLarger = 4;
const moreRows = 500;

/**
 * Has the server count anew the tables that have grown much since it last did; their names. Its own rounds are a minute
 * apart, in which a storm is over. Every connection then plans anew all that reads one of them: so they are counted seldom,
 * in one transaction, and those that would be due soon with them.
 */
export async function countAnew(db: Db): Promise<string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    with tables as materialized (
      select c.relname as name, pg_stat_get_live_tuples(c.oid) - ${moreRows}::int as live, greatest(c.reltuples, 0) as held
      from pg_class c
      where c.oid = any(array(select n::regclass from json_array_elements_text(${JSON.stringify(filling)}::text::json) n)))
    select name from tables where live > held and exists (select 1 from tables where live > held * ${timesLarger}::int)`);
  const names = rows.map(({ name }) => name);
  if (names.length > 0)
    await db.transaction(async (tx) => {
      for (const name of names) await tx.execute(sql`analyze ${sql.identifier(name)}`);
    });
  return names;
}
