// Between which numbers the events of a time lie: arrival has no index of its own that finds single ones.
import type postgres from 'postgres';
import type { Reader } from './connection.ts';
import { driverOf } from './driver.ts';

/** Numbers are given a little out of the order of arrival. */
const slack = 120_000;

/** Found by halving, about two dozen short questions; a little wider than the time. */
export async function seqRange(
  db: Reader | postgres.TransactionSql,
  from: number,
  to: number,
): Promise<{ first: number; last: number }> {
  const asking = driverOf(db);
  const [ends] = await asking.unsafe<{ low: string | null; high: string | null }[]>(
    'select (select min(seq) from events) as low, (select max(seq) from events) as high',
  );
  if (ends?.low == null || ends.high == null) return { first: 0, last: 0 };
  const whole = { low: Number(ends.low), high: Number(ends.high) };
  const first = await firstSince(asking, whole, from - slack);
  return { first, last: await firstSince(asking, { low: first, high: whole.high }, to + slack) };
}

async function firstSince(
  asking: postgres.ISql,
  ends: { low: number; high: number },
  instant: number,
): Promise<number> {
  let { low, high } = ends;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await asking.unsafe<{ seq: string; at: number }[]>(
      `select seq, date_part('epoch', received_at) * 1000 as at from events where seq >= $1 order by seq limit 1`,
      [middle],
    );
    if (row && row.at < instant) low = Number(row.seq) + 1;
    else high = middle;
  }
  return Math.min(low, ends.high);
}
