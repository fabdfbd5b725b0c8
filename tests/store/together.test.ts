// Statements that go out together: what is told of a failure is its cause, whichever of them it was.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, sqlState, type Tx } from '../../src/store/connection.ts';
import { together } from '../../src/store/together.ts';
import { freshLedger } from '../harness/database.ts';

let ledger: Awaited<ReturnType<typeof freshLedger>>;
let database: Database;
beforeAll(async () => {
  ledger = await freshLedger(2);
  database = ledger.database;
});
afterAll(() => ledger.close());

const good = async (tx: Tx) => tx.execute(sql`select 1`);
const bad = async (tx: Tx) => tx.execute(sql`select ${'{"a":"\\u0000"}'}::text::jsonb`);
const twoSteps = async (tx: Tx, first: Promise<unknown>) => {
  await first;
  await good(tx);
};
const stateOf = (work: (tx: Tx) => Promise<unknown>) =>
  database.soft.transaction(work).then(() => 'none', sqlState);

it('tells the cause, not that a later statement of another one came too late', async () => {
  const state = await stateOf((tx) => {
    const first = good(tx);
    return together([first, twoSteps(tx, first), bad(tx)]);
  });
  expect(state).toMatch(/^22/);
});

it('tells what failed first in time, not what stands first', async () => {
  const late = async () => {
    await new Promise(setImmediate);
    throw new Error('late');
  };
  await expect(together([late(), Promise.reject(new Error('early'))])).rejects.toThrow('early');
});

it('waits for what is still under way, and answers in the order given', async () => {
  let ended = false;
  const slow = async () => {
    await new Promise(setImmediate);
    ended = true;
    return 'slow';
  };
  await expect(together([slow(), Promise.reject(new Error('x'))])).rejects.toThrow('x');
  expect(ended).toBe(true);
  expect(await together([slow(), 'quick'])).toEqual(['slow', 'quick']);
});
