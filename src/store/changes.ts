// Changes of alerts in the order of their commits, for those who follow them: none is skipped, none comes twice.
import { sql } from 'drizzle-orm';
import type { Status, Transition } from '#core/alert.ts';
import type { Severity } from '#core/severity.ts';
import type { StreamCursor } from '#core/stream-cursor.ts';
import type { Db, Reader } from './connection.ts';
import { alerts, transitions } from './schema/alerts.ts';
import { notifications } from './schema/notifications.ts';
import { receivers } from './schema/receivers.ts';
import { rules } from './schema/rules.ts';

/** Rung by every commit that records a change. */
export const changesBell = 'tocsin_changes';

/** A transition, and the alert that it is of. */
export interface StreamedChange extends Transition {
  id: number;
  alert: {
    id: string;
    ruleId: string;
    ownerId: string;
    topic: string;
    subject: string;
    title: string;
    labels: Record<string, string>;
    severity: Severity;
    since: number;
    fields: Record<string, string>;
  };
  /** Whether its rule is only tried out, and tells nobody. */
  trial: boolean;
  /** Besides the owner, the people and groups who are told of it. */
  told: string[];
}

/** Which transactions are visible now. */
export async function snapshotNow(db: Reader): Promise<string> {
  const [row] = await db.execute<{ now: string }>(sql`select pg_current_snapshot()::text as now`);
  return row!.now;
}

/**
 * What is committed is on disk when this resolves. A commit through `soft` is seen before it is there; when PostgreSQL
 * dies in between, the number of its transaction is given again, and whoever knows it by that number skips the next one.
 */
export async function reachDisk(db: Db): Promise<void> {
  const [row] = await db.execute<{ there: boolean }>(
    sql`select pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() as there`,
  );
  if (row!.there) return;
  // A commit that waits for the disk waits for all before it. In a transaction: the answer to a lone statement may come
  // before its commit.
  await db.transaction((tx) => tx.execute(sql`select pg_logical_emit_message(true, 'tocsin', '')`));
}

/** At most so many changes that `upto` sees and the cursor has not, by their numbers: the changes of one alert in order. */
export async function changesAfter(
  db: Reader,
  { seen, after }: Pick<StreamCursor, 'seen' | 'after'>,
  upto: string,
  limit: number,
): Promise<StreamedChange[]> {
  const [from, to] = [sql`${seen}::text::pg_snapshot`, sql`${upto}::text::pg_snapshot`];
  const rows = await db.execute<Raw>(sql`
    select t.id, t.alert_id, t.rev, t."from", t."to", t.change, t.at, t.by, t.by_ref, t.reading, t.seq, t.note,
      a.rule_id, a.owner_id, a.topic, a.subject, a.title, a.labels, a.severity, a.since, a.fields,
      coalesce(u.options ->> 'shadow', '') = 'true' as trial,
      array(select distinct r.owner_id from ${notifications} n join ${receivers} r on r.id = n.receiver_id
        where n.alert_id = t.alert_id) as told
    from ${transitions} t join ${alerts} a on a.id = t.alert_id left join ${rules} u on u.id = a.rule_id
    where t.xid >= pg_snapshot_xmin(${from}) and t.xid < pg_snapshot_xmax(${to}) and t.id > ${after}
      and not pg_visible_in_snapshot(t.xid, ${from}) and pg_visible_in_snapshot(t.xid, ${to})
    order by t.id limit ${limit}`);
  return rows.map(changeOf);
}

type Raw = Record<string, unknown> & {
  labels: Record<string, string>;
  fields: Record<string, string>;
  trial: boolean;
  told: string[];
};

const instantOf = (value: unknown) => new Date(value as string).getTime();
const numberOf = (value: unknown) => (value === null ? null : Number(value));

function changeOf(row: Raw): StreamedChange {
  return {
    id: Number(row.id),
    alertId: row.alert_id as string,
    rev: Number(row.rev),
    from: row.from as Status | null,
    to: row.to as Status,
    change: row.change as Transition['change'],
    at: instantOf(row.at),
    by: row.by as string | null,
    byRef: row.by_ref as string | null,
    reading: row.reading as Transition['reading'],
    seq: numberOf(row.seq),
    note: row.note as string | null,
    alert: {
      id: row.alert_id as string,
      ruleId: row.rule_id as string,
      ownerId: row.owner_id as string,
      topic: row.topic as string,
      subject: row.subject as string,
      title: row.title as string,
      labels: row.labels,
      severity: row.severity as Severity,
      since: instantOf(row.since),
      fields: row.fields,
    },
    trial: row.trial,
    told: row.told,
  };
}
