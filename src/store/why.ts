// The decision trace for those who ask why: of an event, of an alert, and of what an owner was told in a period.
import { and, between, desc, eq, gt, gte, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import type { Event } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { type NotAsking, whyNotAsking } from '#core/not-asking.ts';
import type { Reading } from '#core/reading.ts';
import { type Trace, type TraceRow, textOf } from '#core/trace.ts';
import { at } from './at.ts';
import { titleTold } from './broadcasts.ts';
import type { Reader } from './connection.ts';
import { past } from './notifications.ts';
import { rulesOf } from './rules.ts';
import { alerts } from './schema/alerts.ts';
import { events } from './schema/events.ts';
import { notifications } from './schema/notifications.ts';
import { rules } from './schema/rules.ts';
import { seqRange } from './seq-range.ts';

/** What one rule read of one event. */
export interface Read {
  ruleId: string;
  key: string;
  is: Reading['is'];
  value: number | string | null;
  limit: number | string | null;
  text: string;
  /** The time band that held; -1: the rule as written; absent: it has none. */
  band?: number;
}

/** The rows of a trace with their names. */
export function readsOf(trace: Trace | null): Read[] {
  return (trace?.rows ?? []).map(readOf);
}

function readOf(row: TraceRow): Read {
  const [ruleId, key, is, value, limit, , band] = row;
  return { ruleId, key, is, value, limit, text: textOf(row), ...(band === undefined ? {} : { band }) };
}

export interface WhyEvent {
  /** Undefined: not yet, or it was put aside. */
  processedAt: number | null;
  quarantined: string | null;
  /** What these owners' rules read, each with its name. */
  looked: (Read & { ruleName: string })[];
  /** These owners' rules under the topic that did not look, and what did not fit. */
  passed: ({ ruleId: string; ruleName: string; madeLater: boolean } & NotAsking)[];
  /** How many more looked than were kept. */
  more: number;
}

/** What these owners' rules made of an event; undefined when there is none with this number. */
export async function whyEvent(db: Reader, seq: number, ownerIds: string[]): Promise<WhyEvent | undefined> {
  const [row] = await db.select().from(events).where(eq(events.seq, seq));
  if (!row) return undefined;
  const { data, labels } = JSON.parse(row.body) as { data: Record<string, Json>; labels: Event['labels'] };
  const { source, type, subject } = row;
  const event = {
    source,
    type,
    subject,
    data,
    labels,
    ...(row.severity ? { severity: row.severity } : {}),
    ...(row.status ? { status: row.status } : {}),
  };
  const own = await rulesOf(db, ownerIds);
  const names = new Map(own.map(({ id, name }) => [id, name]));
  const looked = readsOf(row.trace).flatMap((read) => {
    const ruleName = names.get(read.ruleId);
    return ruleName === undefined ? [] : [{ ...read, ruleName }];
  });
  const there = new Set(looked.map(({ ruleId }) => ruleId));
  const later = await madeAfter(db, row.receivedAt, ownerIds);
  const passed = own.flatMap((rule) => {
    const why = there.has(rule.id) ? undefined : whyNotAsking(rule, event);
    if (!why) return [];
    return [{ ruleId: rule.id, ruleName: rule.name, madeLater: later.has(rule.id), ...why }];
  });
  const { processedAt, quarantined } = row;
  return { processedAt, quarantined, looked, passed: passed.slice(0, 100), more: row.trace?.more ?? 0 };
}

async function madeAfter(db: Reader, at: number, ownerIds: string[]): Promise<Set<string>> {
  if (ownerIds.length === 0) return new Set();
  const rows = await db
    .select({ id: rules.id })
    .from(rules)
    .where(and(inArray(rules.ownerId, ownerIds), isNull(rules.deletedAt), gt(rules.createdAt, at)));
  return new Set(rows.map(({ id }) => id));
}

/** What the rule read of the alert's events while it lasted, newest first; at most `limit`. */
export async function readingsOfAlert(
  db: Reader,
  alert: Alert,
  now: number,
  limit = 50,
): Promise<(Read & { seq: number; at: number })[]> {
  const asked = JSON.stringify([[alert.ruleId]]);
  const until = (alert.resolvedAt ?? now) + 1;
  const { first, last } = await seqRange(db, alert.since, until);
  const rows = await db
    .select({ seq: events.seq, at: events.receivedAt, trace: events.trace })
    .from(events)
    .where(
      and(
        eq(events.type, alert.topic),
        between(events.seq, first, last),
        gte(events.receivedAt, alert.since),
        lt(events.receivedAt, until),
        sql`${events.trace}->'rows' @> ${asked}::jsonb`,
      ),
    )
    .orderBy(desc(events.seq))
    .limit(limit * 10);
  // A long key is shortened in the trace.
  const mine = (read: Read) =>
    read.ruleId === alert.ruleId && alert.key.startsWith(read.key.replace(/…$/, ''));
  return rows
    .flatMap(({ seq, at, trace }) =>
      readsOf(trace)
        .filter(mine)
        .map((read) => ({ ...read, seq, at })),
    )
    .slice(0, limit);
}

/** What came near, and was not told because it was not enough. */
export interface NearMiss extends Read {
  ruleName: string;
  /** How often it was read so. */
  times: number;
  /** The event that came nearest. */
  seq: number;
  at: number;
}

export interface WhyPeriod {
  /** How many notifications came to which end, by kind, status and reason. */
  counts: { kind: string; status: string; reason: string | null; count: number }[];
  /** The newest of them; before those that came to nothing, those that were told or still may be. */
  notifications: {
    id: number;
    kind: string;
    status: string;
    reason: string | null;
    detail: string | null;
    /** While it is held: until when. */
    until: number | null;
    at: number;
    alertId: string | null;
    title: string | null;
    subject: string | null;
    topic: string | null;
  }[];
  misses: NearMiss[];
  /** False when there were more events than are looked through: the misses are those of the newest. */
  complete: boolean;
}

const mostEvents = 20_000;

/**
 * What these receivers were told and not told from `from` until before `until`, and what these owners' rules nearly told.
 * `names`: the newest are those whose title, subject or topic holds it, so that a storm of others hides none.
 */
export async function whyPeriod(
  db: Reader,
  { ownerIds, receiverIds }: { ownerIds: string[]; receiverIds: string[] },
  from: number,
  until: number,
  names = '',
): Promise<WhyPeriod> {
  const within = and(
    inArray(notifications.receiverId, receiverIds),
    past,
    gte(notifications.createdAt, from),
    lt(notifications.createdAt, until),
  );
  const nobody = receiverIds.length === 0;
  const counts = nobody
    ? []
    : await db
        .select({
          kind: notifications.kind,
          status: notifications.status,
          reason: notifications.reason,
          count: sql<number>`count(*)::int`,
        })
        .from(notifications)
        .where(within)
        .groupBy(notifications.kind, notifications.status, notifications.reason)
        .orderBy(sql`4 desc`);
  const newest = nobody
    ? []
    : await db
        .select({
          id: notifications.id,
          kind: notifications.kind,
          status: notifications.status,
          reason: notifications.reason,
          detail: notifications.detail,
          until: notifications.notBefore,
          at: notifications.createdAt,
          alertId: notifications.alertId,
          title: titleTold,
          subject: alerts.subject,
          topic: alerts.topic,
        })
        .from(notifications)
        .leftJoin(alerts, eq(alerts.id, notifications.alertId))
        .where(and(within, names === '' ? undefined : holds(names)))
        .orderBy(sql`${notifications.status} in ('suppressed', 'dead')`, desc(notifications.id))
        .limit(200);
  newest.sort((a, b) => b.id - a.id);
  return { counts, notifications: newest, ...(await nearMisses(db, ownerIds, from, until)) };
}

function holds(names: string): SQL {
  const has = (text: SQL) => sql`strpos(lower(${text}), lower(${names})) > 0`;
  return sql`(${has(titleTold)} or ${has(sql`${alerts.subject}`)} or ${has(sql`${alerts.topic}`)})`;
}

async function nearMisses(
  db: Reader,
  ownerIds: string[],
  from: number,
  until: number,
): Promise<Pick<WhyPeriod, 'misses' | 'complete'>> {
  if (ownerIds.length === 0) return { misses: [], complete: true };
  const { first, last } = await seqRange(db, from, until);
  // One row also where nothing came near: it says how much was looked at.
  const rows = await db.execute<{
    looked: number;
    row: TraceRow | null;
    name: string;
    times: number;
    seq: string;
    at: string;
  }>(sql`
    with recent as materialized (select seq, received_at, trace from ${events}
        where seq between ${first} and ${last} and received_at >= ${at(from)} and received_at < ${at(until)}
          and trace is not null
        order by seq desc limit ${mostEvents + 1}),
      read as (select seq, received_at, r, u.name,
          case when jsonb_typeof(r->3) = 'number' and jsonb_typeof(r->4) = 'number'
            then abs((r->>3)::float8 - (r->>4)::float8) end as apart
        from recent, jsonb_array_elements(trace->'rows') r join ${rules} u on u.id = r->>0
        where u.owner_id in (select json_array_elements_text(${JSON.stringify(ownerIds)}::text::json))
          and u.deleted_at is null and r->>2 <> 'unknown'),
      near as (select (array_agg(r order by apart nulls last, seq desc))[1] as row, name, count(*)::int as times,
          (array_agg(seq order by apart nulls last, seq desc))[1] as seq,
          (array_agg(extract(epoch from received_at) * 1000 order by apart nulls last, seq desc))[1]::float8 as at,
          min(apart) as apart
        from read group by r->>0, r->>1, name having bool_and(r->>2 = 'unmet')
        order by min(apart) nulls last, count(*) desc limit 50)
    select whole.looked, near.* from (select count(*)::int as looked from recent) whole left join near on true
    order by near.apart nulls last, near.times desc`);
  return {
    misses: rows.flatMap(({ row, name: ruleName, times, seq, at }) =>
      row ? [{ ...readOf(row), ruleName, times, seq: Number(seq), at: Math.round(Number(at)) }] : [],
    ),
    complete: rows[0]!.looked <= mostEvents,
  };
}
