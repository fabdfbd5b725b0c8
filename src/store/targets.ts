// Targets in the ledger: software that is scraped, when it is due, who asks it now, and what came of it.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { at } from './at.ts';
import type { Db, Reader, Tx } from './connection.ts';
import type { Place } from './keyring.ts';
import { targets } from './schema/targets.ts';

export type Target = typeof targets.$inferSelect;
type NewTarget = Omit<
  Target,
  'memory' | 'up' | 'upSince' | 'upToldAt' | 'error' | 'lastAt' | 'found' | 'leaseUntil'
>;

/** What came of one scrape. `leaseUntil` is the claim under which it was made. */
export interface Scraped {
  id: string;
  leaseUntil: number;
  nextAt: number;
  memory: Target['memory'];
  up: boolean;
  upSince: number;
  upToldAt: number;
  error: string | null;
  lastAt: number;
  found: number;
}

/** Where a target's password is sealed for. */
export const secretPlace = (id: string): Place => ({ table: 'targets', column: 'secret', row: id });

/** How long after its time-out a claim is still believed: writing takes a moment, too. */
export const leaseSlackMs = 15_000;

/** Claims up to `most` targets that are due and that nobody asks, the longest waiting first. */
export async function claimTargets(db: Db, most: number, now: number): Promise<Target[]> {
  const moment = at(now);
  const claimed = await db
    .update(targets)
    .set({
      leaseUntil: sql`${moment} + make_interval(secs => (${targets.timeoutMs} * 2 + ${leaseSlackMs}::int) / 1000.0)`,
    })
    .where(
      sql`${targets.id} in (select id from ${targets} where not paused and next_at <= ${moment}
        and (lease_until is null or lease_until <= ${moment}) order by next_at limit ${most} for update skip locked)`,
    )
    .returning();
  return claimed.toSorted((a, b) => a.nextAt - b.nextAt);
}

/** Writes what came of scrapes, in one statement; claims that were lost meanwhile change nothing. */
export async function finishTargets(db: Reader, scraped: Scraped[]): Promise<void> {
  if (scraped.length === 0) return;
  const instant = (ms: number) => new Date(ms).toISOString();
  const rows = scraped.map((one) => ({
    id: one.id,
    lease: instant(one.leaseUntil),
    next: instant(one.nextAt),
    memory: one.memory,
    up: one.up,
    since: instant(one.upSince),
    told: instant(one.upToldAt),
    error: one.error,
    last: instant(one.lastAt),
    found: one.found,
  }));
  await db.execute(sql`
    update targets t set lease_until = null, next_at = greatest(v.next, t.next_at), memory = v.memory, up = v.up,
      up_since = v.since, up_told_at = v.told, error = v.error, last_at = v.last, found = v.found
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as v(id text, lease timestamptz, next timestamptz,
      memory jsonb, up boolean, since timestamptz, told timestamptz, error text, last timestamptz, found int)
    where t.id = v.id and t.lease_until = v.lease`);
}

/** Every target, by name. */
export function allTargets(db: Reader): Promise<Target[]> {
  return db.select().from(targets).orderBy(asc(targets.name));
}

/** What the targets are called. */
export async function targetNames(db: Reader): Promise<string[]> {
  const rows = await db.select({ name: targets.name }).from(targets).orderBy(asc(targets.name));
  return rows.map(({ name }) => name);
}

/** The target with this id or name, or undefined. */
export async function findTarget(db: Reader, idOrName: string): Promise<Target | undefined> {
  const found = await db
    .select()
    .from(targets)
    .where(sql`${targets.id} = ${idOrName} or ${targets.name} = ${idOrName}`);
  return found.find(({ id }) => id === idOrName) ?? found[0];
}

/** Adds a target unless one has its name; whether it did. */
export async function addTarget(tx: Tx, target: NewTarget): Promise<boolean> {
  const added = await tx.insert(targets).values(target).onConflictDoNothing().returning({ id: targets.id });
  return added.length > 0;
}

/** Takes targets out; what they told stays. */
export async function removeTargets(tx: Tx, ids: string[]): Promise<void> {
  await tx.delete(targets).where(inArray(targets.id, ids));
}

/** Stops asking, or asks again at `nextAt`. */
export async function setPaused(tx: Tx, id: string, paused: boolean, nextAt: number): Promise<void> {
  await tx.update(targets).set({ paused, nextAt, leaseUntil: null }).where(eq(targets.id, id));
}
