// Who did what: written in the transaction that did it.
import { desc, eq } from 'drizzle-orm';
import { type Actor, actorRef } from '#core/actor.ts';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { Reader } from './connection.ts';
import { audit } from './schema.ts';

/** Notes that the actor did `verb` to `target` (an id); never a secret in `detail`. */
export async function note(
  tx: Reader,
  actor: Actor,
  verb: string,
  target: string,
  detail: Json,
  now: number,
): Promise<void> {
  await tx.insert(audit).values({ at: now, actor: actorRef(actor), verb, target, detail: cleanJson(detail) });
}

/** The newest records first; only about `target` when given. */
export async function auditTrail(db: Reader, { target, limit = 100 }: { target?: string; limit?: number }) {
  return db
    .select()
    .from(audit)
    .where(target === undefined ? undefined : eq(audit.target, target))
    .orderBy(desc(audit.id))
    .limit(limit);
}
