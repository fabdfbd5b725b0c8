// Edits that are written while alerts change: both touch many messages, and neither may wait for the other in a circle.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import { type Database, sqlState } from '#store/connection.ts';
import { markOver, markStale, shown } from '#store/copies.ts';
import { freshLedger } from '../harness/database.ts';

let ledger: Awaited<ReturnType<typeof freshLedger>>;
let database: Database;
beforeEach(async () => {
  ledger = await freshLedger(8);
  database = ledger.database;
});
afterEach(() => ledger.close());

const ids = Array.from({ length: 40 }, (_, i) => `a_${String(i).padStart(3, '0')}`);
const now = Date.UTC(2026, 5, 10);

/** Each of these alerts is heard of by two. */
async function everyoneHears() {
  await database.sql`
    insert into copies (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after, heard_at)
    select a, r, 'telegram', r || a, '1', 1, 1, now(), now() from json_array_elements_text(${JSON.stringify(ids)}::text::json) a, unnest(array['v_1', 'v_2']) r`;
}

it('edits that are written, alerts that change and ends that are told do not wait for each other in a circle', async () => {
  await everyoneHears();
  const { soft } = database;
  let circles = 0;
  const counted = (writing: Promise<unknown>) =>
    writing.catch((error) => {
      if (sqlState(error) !== '40P01') throw error;
      circles++;
    });
  for (let rev = 2; rev < 42; rev++) {
    // In the order in which they were asked for, which is any.
    const order = rev % 2 ? ids : ids.toReversed();
    const pairs = order.map((alertId) => ({ alertId, receiverId: 'v_1' }));
    const changed = ids.map((id) => ({ id, rev })) as Alert[];
    await Promise.all([
      counted(soft.transaction((tx) => markStale(tx, changed, new Set(), now))),
      counted(
        shown(
          soft,
          pairs.map((copy) => ({ copy, rev: rev - 1, editAfter: now })),
        ),
      ),
      counted(markOver(database.db, pairs, now)),
    ]);
  }
  expect(circles).toBe(0);
}, 60_000);

it('what is written so is all that was to be written, and no more', async () => {
  await everyoneHears();
  const [first = '', second = ''] = ids;
  const copies = [first, second].map((alertId) => ({ copy: { alertId, receiverId: 'v_1' } }));
  const changed = [first, second].map((id) => ({ id, rev: 3 })) as Alert[];
  const heard = await database.db.transaction((tx) => markStale(tx, changed, new Set([first]), now));
  expect(heard.map(({ alertId, receiverId }) => `${alertId} ${receiverId}`).toSorted()).toEqual(
    [first, second].flatMap((id) => [`${id} v_1`, `${id} v_2`]),
  );
  await shown(
    database.db,
    copies.map((one) => ({ ...one, rev: 2, editAfter: now + 5000 })),
  );
  await markOver(database.db, [copies[1]!.copy], now);
  const rows = await database.sql`
    select alert_id, receiver_id, shown_rev, wanted_rev, edit_after = ${new Date(now + 5000).toISOString()} as later, over_at is not null as over
    from copies where wanted_rev > 1 order by 1, 2`;
  expect(rows.map((row) => Object.values(row))).toEqual([
    [first, 'v_1', 2, 3, true, false],
    [first, 'v_2', 1, 3, false, false],
    [second, 'v_1', 2, 3, true, true],
    [second, 'v_2', 1, 3, false, false],
  ]);
  expect(await database.db.transaction((tx) => markStale(tx, changed, new Set(), now))).toEqual([]);
});
