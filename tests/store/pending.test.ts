// What the sweeper rings for: those who wait longest are never left out because many others wait, too.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pendingWork } from '#store/pending.ts';
import { freshLedger } from '../harness/database.ts';

let ledger: Awaited<ReturnType<typeof freshLedger>>;
beforeAll(async () => {
  ledger = await freshLedger(2);
});
afterAll(() => ledger.close());

it('rings for those who wait longest when more wait than one look takes', async () => {
  const { db, sql } = ledger.database;
  // By name the last are the first that came.
  const name = `to_char(10000 - i, 'FM00000')`;
  const waits = (table: string, columns: string, values: string) =>
    sql.unsafe(`insert into ${table} (${columns}) select ${values} from generate_series(1, 600) i`);
  const moment = `to_timestamp(i)`;
  await waits(
    'receivers',
    'id, owner_id, channel, address, label, created_at',
    `'v_' || ${name}, 'p_' || i, 'telegram', ${name}, '', ${moment}`,
  );
  const told = 'kind, receiver_id, severity, status, created_at';
  await waits('notifications', told, `'note', 'p_' || ${name}, 'info', 'pending', ${moment}`);
  await waits('notifications', told, `'note', 'v_' || ${name}, 'info', 'ready', ${moment}`);
  await waits('updates', 'update_id, chat_key, payload, received_at', `i, ${name}, '{}', ${moment}`);
  const pending = await pendingWork(db, 10_000_000);
  for (const [job, id] of [
    ['notify', 'p_09999'],
    ['deliver', 'telegram|09999'],
    ['updates', '09999'],
  ]) {
    const ids = pending.filter((one) => one.job === job).map((one) => one.id);
    expect([ids.length, ids.includes(id!)]).toEqual([500, true]);
  }
});
