// Who did what: written in the transaction that did it.
import { and, desc, eq, gte, lt, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { type Actor, actorRef } from '#core/actor.ts';
import { cleanJson } from '#core/clean.ts';
import type { Json } from '#core/json.ts';
import type { Reader } from './connection.ts';
import { insertMany } from './insert-many.ts';
import type { Unsent } from './lastly.ts';
import { audit } from './schema/audit.ts';
import { people } from './schema/people.ts';
import { sources } from './schema/sources.ts';

/** What somebody did: `verb` to `target` (an id); never a secret in `detail`. */
export interface Deed {
  actor: Actor;
  verb: string;
  target: string;
  detail: Json;
}

/** Notes what was done, in this order; at least one deed. Unsent until it is waited for. */
export function noting(tx: Reader, deeds: Deed[], now: number): Unsent<unknown> {
  const rows = deeds.map(({ actor, verb, target, detail }) => ({
    at: now,
    actor: actorRef(actor),
    verb,
    target,
    detail: cleanJson(detail),
  }));
  return tx.execute(insertMany(audit, rows));
}

/** Notes what was done, in this order. */
export async function noteAll(tx: Reader, deeds: Deed[], now: number): Promise<void> {
  if (deeds.length > 0) await noting(tx, deeds, now);
}

/** Notes one deed. */
export function note(
  tx: Reader,
  actor: Actor,
  verb: string,
  target: string,
  detail: Json,
  now: number,
): Promise<void> {
  return noteAll(tx, [{ actor, verb, target, detail }], now);
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

/** Whether this was done to it on this occasion, as the detail names it. */
export async function hasDone(
  db: Reader,
  { verb, target, once }: { verb: string; target: string; once: string },
): Promise<boolean> {
  const rows = await db
    .select({ id: audit.id })
    .from(audit)
    .where(and(eq(audit.target, target), eq(audit.verb, verb), sql`${audit.detail} ->> 'once' = ${once}`))
    .limit(1);
  return rows.length > 0;
}

export interface AuditQuery {
  /** As the trail names it: `person:p_…`, `key:s_…`, `operator`, `clock`. A person's are also those that a key did for them. */
  actor?: string | undefined;
  verb?: string | undefined;
  target?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
  /** Only records before this number. */
  before?: number | undefined;
  limit: number;
}

const wished = alias(people, 'wished');
// A key that acted for somebody left their reference in the detail; other deeds may mean something else by the word.
const wisher = sql<
  string | null
>`case when ${audit.detail} ->> 'for' like 'person:%' then ${audit.detail} ->> 'for' end`;

/**
 * Records that match, newest first, each with what its actor is called now, and the person for whom a key did it. Of a
 * person are also the deeds that were done for them.
 */
export async function listAudit(db: Reader, query: AuditQuery) {
  const { actor, verb, target, since, until, before, limit } = query;
  return db
    .select({
      id: audit.id,
      at: audit.at,
      actor: audit.actor,
      name: sql<string | null>`coalesce(${people.name}, ${sources.name})`,
      for: wisher,
      forName: wished.name,
      verb: audit.verb,
      target: audit.target,
      detail: audit.detail,
    })
    .from(audit)
    .leftJoin(people, sql`${audit.actor} = 'person:' || ${people.id}`)
    .leftJoin(sources, sql`${audit.actor} = 'key:' || ${sources.id}`)
    .leftJoin(wished, sql`${wisher} = 'person:' || ${wished.id}`)
    .where(
      and(
        actor === undefined ? undefined : or(eq(audit.actor, actor), sql`${wisher} = ${actor}`),
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
