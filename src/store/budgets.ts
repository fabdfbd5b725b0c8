// One budget per address, shared by everything that goes there; `*` is the whole channel.
import { and, count, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import { afterTurn, isFree, type Pace, paces, wholePace } from '#core/pace.ts';
import { partOf, type Slowed, shareAt, slower } from '#core/slowing.ts';
import type { Db, Tx } from './connection.ts';
import { budgets } from './schema.ts';

/** The address that stands for the channel as a whole. */
export const wholeChannel = '*';

/** However much was answered in a chat, an alert there waits no longer for it; beyond that the channel's own limit decides. */
const mostDebtMs = 8_000;

/** What several are told so soon after each other is one refusal. */
const onceMs = 1_000;

export type Turn = { ok: true } | { ok: false; at: number };

/**
 * Takes one turn at an address, and one of the whole channel's (Telegram has such a limit), or says when to ask again.
 * With `force` the turn is taken though the pace says later (an answer to somebody waiting); a pause holds all the same.
 */
export async function takeTurn(
  db: Db,
  channel: string,
  address: string,
  kind: 'group' | 'private' | Pace,
  now: number,
  options: { force?: boolean; whole?: Pace | null } = {},
): Promise<Turn> {
  const pace = typeof kind === 'string' ? paces[kind] : kind;
  const whole = options.whole === undefined && channel === 'telegram' ? wholePace() : (options.whole ?? null);
  const shares = [{ address, pace }, ...(whole ? [{ address: wholeChannel, pace: whole }] : [])];
  for (let missing = shares; ; ) {
    const rows = await budgetRows(
      db,
      channel,
      shares.map((share) => share.address),
    );
    let at = 0;
    for (const row of rows.values()) {
      if (row.pausedUntil !== null && row.pausedUntil > now) at = Math.max(at, row.pausedUntil);
      const wanted = missing.some(({ address: one }) => one === row.address);
      if (!options.force && wanted && !isFree(row.freeAt, now)) at = Math.max(at, row.freeAt);
    }
    if (at > now) return { ok: false, at };
    const taken = await take(
      db,
      channel,
      missing.map((share) => {
        const row = rows.get(share.address)!;
        const before = row.freeAt;
        const paced = afterTurn(partOf(share.pace, shareAt(slowedOf(row), now)), before, now);
        const after = options.force ? Math.min(paced, Math.max(before, now + mostDebtMs)) : paced;
        return { address: share.address, before, after };
      }),
    );
    missing = missing.filter((share) => !taken.has(share.address));
    if (missing.length === 0) return { ok: true };
  }
}

/** Moves each row on unless somebody else did since it was read; the addresses that were. */
async function take(
  db: Db,
  channel: string,
  moves: { address: string; before: number; after: number }[],
): Promise<Set<string>> {
  const instant = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  const values = moves.map(
    ({ address, before, after }) => sql`(${address}, ${instant(before)}, ${instant(after)})`,
  );
  const rows = await db.execute<{ address: string }>(sql`
    update budgets b set free_at = v.after from (values ${sql.join(values, sql`, `)}) as v(address, before, after)
    where b.channel = ${channel} and b.address = v.address and b.free_at = v.before
    returning b.address`);
  return new Set(rows.map(({ address }) => address));
}

async function budgetRows(db: Db, channel: string, addresses: string[]) {
  const read = () =>
    db
      .select()
      .from(budgets)
      .where(and(eq(budgets.channel, channel), inArray(budgets.address, addresses)));
  let rows = await read();
  if (rows.length < addresses.length) {
    await db
      .insert(budgets)
      .values(addresses.map((address) => ({ channel, address, freeAt: 0 })))
      .onConflictDoNothing();
    rows = await read();
  }
  return new Map(rows.map((row) => [row.address, row]));
}

/**
 * All addresses together were too fast: nothing to any before `until`, and from then on more slowly. Told of the same moment
 * by several, it slows down once. The part of the pace that is left.
 */
export async function slowDown(tx: Tx, channel: string, until: number, now: number): Promise<number> {
  await pauseUntil(tx, channel, wholeChannel, now);
  const whole = and(eq(budgets.channel, channel), eq(budgets.address, wholeChannel));
  const [row] = await tx.select().from(budgets).where(whole).for('update');
  const before = row ? slowedOf(row) : null;
  const { share, at } = before && now - before.at < onceMs ? before : slower(before, now);
  const pausedUntilNow = Math.max(until, row?.pausedUntil ?? 0);
  await tx.update(budgets).set({ share, shareAt: at, pausedUntil: pausedUntilNow }).where(whole);
  return share;
}

/** The part of a channel's pace that is spoken now; 1 unless it was refused in the last minutes. */
export async function shareNow(db: Db, channel: string, now: number): Promise<number> {
  const [row] = await db
    .select()
    .from(budgets)
    .where(and(eq(budgets.channel, channel), eq(budgets.address, wholeChannel)));
  return row ? shareAt(slowedOf(row), now) : 1;
}

function slowedOf({ share, shareAt: at }: typeof budgets.$inferSelect): Slowed | null {
  return share === null || at === null ? null : { share, at };
}

/** The channel said: nothing to this address (`*`: to none) before `until`. A longer pause stays. */
export async function pauseUntil(
  db: Db | Tx,
  channel: string,
  address: string,
  until: number,
): Promise<void> {
  await db
    .insert(budgets)
    .values({ channel, address, freeAt: 0, pausedUntil: until })
    .onConflictDoUpdate({
      target: [budgets.channel, budgets.address],
      set: { pausedUntil: sql`greatest(${budgets.pausedUntil}, excluded.paused_until)` },
    });
}

/** Somebody wants it tried now, whatever was said before. */
export async function liftPause(db: Db | Tx, channel: string, address: string): Promise<void> {
  await db
    .update(budgets)
    .set({ pausedUntil: null })
    .where(and(eq(budgets.channel, channel), eq(budgets.address, address)));
}

/** How many addresses of the channel are paused now, the whole channel not counted. */
export async function pausedAddresses(db: Db | Tx, channel: string, now: number): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(budgets)
    .where(
      and(eq(budgets.channel, channel), ne(budgets.address, wholeChannel), gt(budgets.pausedUntil, now)),
    );
  return row?.n ?? 0;
}
