// Declared actions, and which of them an alert carries.
import { asc, eq, or, sql } from 'drizzle-orm';
import type { Reader, Tx } from './connection.ts';
import type { Place } from './keyring.ts';
import { actions } from './schema/actions.ts';

export type Action = typeof actions.$inferSelect;

/** The place of an action's sealed secret. */
export const actionPlace = (id: string): Place => ({ table: 'actions', column: 'secret', row: id });

/** Every action, by name. */
export async function allActions(db: Reader): Promise<Action[]> {
  return db.select().from(actions).orderBy(asc(actions.name));
}

/** The action with this name or id. */
export async function findAction(db: Reader, named: string): Promise<Action | undefined> {
  const [row] = await db
    .select()
    .from(actions)
    .where(or(eq(actions.name, named), eq(actions.id, named)));
  return row;
}

/** Writes it whole; declarations of one name come one after the other. */
export async function saveAction(tx: Tx, action: Action): Promise<void> {
  const { id: _id, name: _name, createdAt: _at, createdBy: _by, ...changes } = action;
  await tx.insert(actions).values(action).onConflictDoUpdate({ target: actions.name, set: changes });
}

/** Keeps declarations apart until the transaction ends; how many there are. */
export async function lockActions(tx: Tx): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(7466)`);
  const [row] = await tx.select({ count: sql<number>`count(*)::int` }).from(actions);
  return row?.count ?? 0;
}

/** False when there was none. */
export async function dropAction(tx: Tx, id: string): Promise<boolean> {
  return (await tx.delete(actions).where(eq(actions.id, id)).returning({ id: actions.id })).length > 0;
}
