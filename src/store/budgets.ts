// One budget per address, shared by everything that goes there; `*` is the whole channel.
import { and, count, eq, gt, ne, sql } from 'drizzle-orm';
import { afterTurn, isFree, type Pace, paces, wholePace } from '#core/pace.ts';
import { partOf, type Slowed, shareAt, slower } from '#core/slowing.ts';
import { among } from './among.ts';
import type { Db, Tx } from './connection.ts';
import { type Move, movedPart } from './moved-turns.ts';
import { budgets } from './schema/budgets.ts';

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
  { force = false, whole }: { force?: boolean; whole?: Pace | null } = {},
): Promise<Turn> {
  const pace = typeof kind === 'string' ? paces[kind] : kind;
  const all = whole === undefined && channel === 'telegram' ? wholePace() : (whole ?? null);
  const [turn] = await takeTurns(db, channel, [{ address, pace, whole: all, force, now }]);
  return turn!;
}

/** One turn that is wanted. */
export interface Wish {
  address: string;
  pace: Pace;
  whole: Pace | null;
  force?: boolean;
  now: number;
}

/** The row of an address, as far as turns need it. */
export type Seen = Pick<Row, 'address' | 'freeAt' | 'pausedUntil' | 'share' | 'shareAt'>;

/** Of an address to which nobody ever spoke: as its row begins. */
export const unspoken = (address: string): Seen => ({
  address,
  freeAt: 0,
  pausedUntil: null,
  share: null,
  shareAt: null,
});

/** Moves rows on that are still as they were seen, the addresses of those; for whom, and which moves each of them needs. */
export type Take = (moves: Move[], takers: { wish: Wish; needs: string[] }[]) => Promise<Set<string>>;

/**
 * Takes a turn for each, in their order; who comes later finds what those before left. `known`: rows that were seen a moment
 * ago, brought up to date here. A turn may be taken on them, for a row is moved only when it is still so; none is refused.
 */
export async function takeTurns(
  db: Db,
  channel: string,
  wishes: Wish[],
  known = new Map<string, Seen>(),
  take: Take = (moves) => move(db, channel, moves),
): Promise<Turn[]> {
  const turns = new Map<Wish, Turn>();
  let open = wishes.map((wish) => ({ wish, missing: sharesOf(wish) }));
  for (let round = 0; open.length > 0; round++) {
    const addresses = [
      ...new Set(open.flatMap(({ wish }) => (wish.whole ? [wish.address, wholeChannel] : [wish.address]))),
    ];
    const isRead = round > 0 || !addresses.every((address) => known.has(address));
    if (isRead) for (const row of await budgetRows(db, channel, addresses)) known.set(row.address, row);
    const moves = new Map<string, Move>();
    const taking = open.filter(({ wish, missing }) => {
      const turn = turnOf(wish, missing, known, moves);
      if (turn && isRead) turns.set(wish, turn);
      return turn === undefined;
    });
    const takers = taking.map(({ wish, missing }) => ({ wish, needs: missing.map((one) => one.address) }));
    const taken = moves.size === 0 ? new Set<string>() : await take([...moves.values()], takers);
    for (const address of taken)
      known.set(address, { ...known.get(address)!, freeAt: moves.get(address)!.after });
    open = open.flatMap(({ wish, missing }) => {
      if (turns.has(wish)) return [];
      const goes = taking.some((one) => one.wish === wish);
      const left = goes ? missing.filter((share) => !taken.has(share.address)) : missing;
      if (left.length > 0) return [{ wish, missing: left }];
      turns.set(wish, { ok: true });
      return [];
    });
  }
  return wishes.map((wish) => turns.get(wish)!);
}

/** For whom a turn is free by what was just read, in their order, and what moves with it. */
export function freeTurns(
  wishes: Wish[],
  known: Map<string, Seen>,
): { moves: Move[]; takers: Parameters<Take>[1] } {
  const moves = new Map<string, Move>();
  const takers = wishes.flatMap((wish) => {
    const shares = sharesOf(wish);
    const needs = shares.map(({ address }) => address);
    const isKnown = needs.every((address) => known.has(address));
    return isKnown && !turnOf(wish, shares, known, moves) ? [{ wish, needs }] : [];
  });
  return { moves: [...moves.values()], takers };
}

function sharesOf({ address, pace, whole }: Wish): { address: string; pace: Pace }[] {
  return [{ address, pace }, ...(whole ? [{ address: wholeChannel, pace: whole }] : [])];
}

type Row = typeof budgets.$inferSelect;

/** Moves what this turn needs; or when to ask again. */
function turnOf(
  { address, whole, force, now }: Wish,
  missing: { address: string; pace: Pace }[],
  rows: Map<string, Seen>,
  moves: Map<string, Move>,
): Turn | undefined {
  let at = 0;
  for (const place of whole ? [address, wholeChannel] : [address]) {
    const { freeAt, pausedUntil } = rows.get(place)!;
    if (pausedUntil !== null && pausedUntil > now) at = Math.max(at, pausedUntil);
    const wanted = missing.some((share) => share.address === place);
    const free = moves.get(place)?.after ?? freeAt;
    if (!force && wanted && !isFree(free, now)) at = Math.max(at, free);
  }
  if (at > now) return { ok: false, at };
  for (const share of missing) {
    const before = rows.get(share.address)!;
    const from = moves.get(share.address)?.after ?? before.freeAt;
    const paced = afterTurn(partOf(share.pace, shareAt(slowedOf(before), now)), from, now);
    const after = Math.floor(force ? Math.min(paced, Math.max(from, now + mostDebtMs)) : paced);
    moves.set(share.address, { before, after });
  }
  return undefined;
}

async function move(db: Db, channel: string, moves: Move[]): Promise<Set<string>> {
  const rows = await db.execute<{ address: string }>(
    sql`with ${movedPart(channel, moves)} select address from moved`,
  );
  return new Set(rows.map(({ address }) => address));
}

async function budgetRows(db: Db, channel: string, addresses: string[]) {
  const read = () =>
    db
      .select()
      .from(budgets)
      .where(and(eq(budgets.channel, channel), among(budgets.address, addresses)));
  let rows = await read();
  if (rows.length < addresses.length) {
    await db
      .insert(budgets)
      .values(addresses.toSorted().map((address) => ({ channel, address, freeAt: 0 })))
      .onConflictDoNothing();
    rows = await read();
  }
  return rows;
}

/**
 * All addresses together were too fast: nothing to any before `until`, and from then on more slowly, one by one at first.
 * Told of the same moment by several, it slows down once. The part of the pace that is left.
 */
export async function slowDown(tx: Tx, channel: string, until: number, now: number): Promise<number> {
  await pauseUntil(tx, channel, wholeChannel, now);
  const whole = and(eq(budgets.channel, channel), eq(budgets.address, wholeChannel));
  const [row] = await tx.select().from(budgets).where(whole).for('update');
  const before = row ? slowedOf(row) : null;
  const { share, at } = before && now - before.at < onceMs ? before : slower(before, now);
  const pausedUntilNow = Math.max(until, row?.pausedUntil ?? 0);
  // What was saved up meanwhile is not spent at once.
  const freeAt = Math.max(row?.freeAt ?? 0, pausedUntilNow);
  await tx.update(budgets).set({ share, shareAt: at, freeAt, pausedUntil: pausedUntilNow }).where(whole);
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

function slowedOf({ share, shareAt: at }: Seen): Slowed | null {
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
