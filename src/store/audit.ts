// Who did what: written in the transaction that did it.
import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import { type Actor, actorRef } from '#core/actor.ts';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { Reader } from './connection.ts';
import { audit, people, sources } from './schema.ts';

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

export interface AuditQuery {
  /** As the trail names it: `person:p_…`, `key:s_…`, `operator`, `clock`. */
  actor?: string | undefined;
  verb?: string | undefined;
  target?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Only records before this number. */
  before?: number | undefined;
  limit: number;
}

/** Records that match, newest first, each with what its actor is called now. */
export async function listAudit(db: Reader, query: AuditQuery) {
  const { actor, verb, target, since, until, before, limit } = query;
  return db
    .select({
      id: audit.id,
      at: audit.at,
      actor: audit.actor,
      name: sql<string | null>`coalesce(${people.name}, ${sources.name})`,
      verb: audit.verb,
      target: audit.target,
      detail: audit.detail,
    })
    .from(audit)
    .leftJoin(people, sql`${audit.actor} = 'person:' || ${people.id}`)
    .leftJoin(sources, sql`${audit.actor} = 'key:' || ${sources.id}`)
    .where(
      and(
        actor === undefined ? undefined : eq(audit.actor, actor),
        verb === undefined ? undefined : eq(audit.verb, verb),
        target === undefined ? undefined : eq(audit.target, target),
        since === undefined ? undefined : gte(audit.at, since),
        until === undefined ? undefined : lt(audit.at, until),
        before === undefined ? undefined : lt(audit.id, before),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(limit);
}
