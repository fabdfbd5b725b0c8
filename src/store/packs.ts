// Packs in the ledger: the newest version is offered, older ones tell what has changed since.
import { and, desc, eq, isNull, or, sql } from 'drizzle-orm';
import type { Pack, PackDocument } from '#core/pack.ts';
import type { Reader, Tx } from './connection.ts';
import { packs, rules } from './schema/rules.ts';

type Row = typeof packs.$inferSelect;

/** The newest version, or the one asked for; undefined when there is none, or it was withdrawn. */
export async function findPack(db: Reader, id: string, version?: number): Promise<Pack | undefined> {
  const [row] = await db
    .select()
    .from(packs)
    .where(and(eq(packs.id, id), version === undefined ? undefined : eq(packs.version, version)))
    .orderBy(desc(packs.version))
    .limit(1);
  return row && (version !== undefined || row.withdrawnAt === null) ? packOf(row) : undefined;
}

/** The pack that was shared from a rule, in its newest version. */
export async function packOfRule(db: Reader, ruleId: string): Promise<Pack | undefined> {
  const [row] = await db
    .select()
    .from(packs)
    .where(and(eq(packs.ruleId, ruleId), isNull(packs.withdrawnAt)))
    .orderBy(desc(packs.version))
    .limit(1);
  return row && packOf(row);
}

/** What is offered to this owner: everybody's packs and their own, newest first. */
export async function packsFor(db: Reader, ownerId: string, limit = 50): Promise<Pack[]> {
  const newest = db
    .selectDistinctOn([packs.id])
    .from(packs)
    .where(and(or(isNull(packs.ownerId), eq(packs.ownerId, ownerId)), isNull(packs.withdrawnAt)))
    .orderBy(packs.id, desc(packs.version))
    .as('newest');
  const rows = await db.select().from(newest).orderBy(desc(newest.createdAt), newest.id).limit(limit);
  return rows.map(packOf);
}

/** Adds a version. */
export async function addPack(tx: Tx, pack: Pack, createdBy: string): Promise<void> {
  await tx.insert(packs).values({ ...rowOf(pack), createdBy });
}

/** Takes a pack back: it is offered no longer; false when there was none. */
export async function withdrawPack(tx: Tx, id: string, now: number): Promise<boolean> {
  const rows = await tx
    .update(packs)
    .set({ withdrawnAt: now })
    .where(and(eq(packs.id, id), isNull(packs.withdrawnAt)))
    .returning({ id: packs.id });
  return rows.length > 0;
}

/** Who has rules that were taken from a pack. */
export async function takersOf(db: Reader, packId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ ownerId: rules.ownerId })
    .from(rules)
    .where(and(isNull(rules.deletedAt), sql`${rules.options}->'origin'->>'pack' = ${packId}`));
  return rows.map(({ ownerId }) => ownerId);
}

function packOf({ id, version, ownerId, ruleId, document, createdAt }: Row): Pack {
  return { id, version, ownerId, ruleId, createdAt, ...document };
}

function rowOf({ id, version, ownerId, ruleId, createdAt, title, description, asks, rules }: Pack) {
  const document: PackDocument = { title, description, asks, rules };
  return { id, version, ownerId, ruleId, createdAt, document };
}
