// What happened for an owner between two instants: a few bounded questions, whatever the ledger holds.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Alert } from '#core/alert.ts';
import { type CatchUp, type ChangeMade, type Counted, perPage } from '#core/catch-up.ts';
import { deedsFor } from '#core/deed-words.ts';
import { topicMatches } from '#core/topic.ts';
import { at } from './at.ts';
import type { Reader } from './connection.ts';
import { rulesOf } from './rules.ts';
import { alerts } from './schema/alerts.ts';

/** So many of the newest rows are looked at, at most. */
const window = { audit: 5_000, events: 100_000, alerts: 50_000 };
const most = { changes: 8, noisiest: 5, topics: 20, reasons: 8 };

export interface CatchUpAsked {
  ownerId: string;
  /** Also what concerns the whole installation. */
  staff: boolean;
  since: number;
  until: number;
  page?: number;
  onlyCritical?: boolean;
}

/** Reads it all. A page beyond the last is the last. */
export async function readCatchUp(db: Reader, asked: CatchUpAsked): Promise<CatchUp> {
  const { since, until, onlyCritical = false } = asked;
  const changed = onlyCritical ? [] : await changes(db, asked);
  return {
    since,
    until,
    onlyCritical,
    burning: await burning(db, asked),
    changed: changed.slice(0, most.changes),
    changedMore: Math.max(0, changed.length - most.changes),
    ...(await fired(db, asked)),
    ...(onlyCritical ? { events: [], eventsCut: false, held: [] } : await rest(db, asked)),
  };
}

async function burning(
  db: Reader,
  { ownerId, onlyCritical, page: wanted = 0 }: CatchUpAsked,
): Promise<CatchUp['burning']> {
  const open = and(
    eq(alerts.ownerId, ownerId),
    inArray(alerts.status, ['firing', 'acknowledged']),
    onlyCritical ? eq(alerts.severity, 'critical') : undefined,
  );
  const [tally] = await db
    .select({
      count: sql<number>`count(*)::int`,
      unattended: sql<number>`(count(*) filter (where ${alerts.status} = 'firing'))::int`,
    })
    .from(alerts)
    .where(open);
  const count = tally?.count ?? 0;
  const pages = Math.max(1, Math.ceil(count / perPage));
  const page = Math.min(Math.max(0, wanted), pages - 1);
  const shown: Alert[] = await db
    .select()
    .from(alerts)
    .where(open)
    .orderBy(
      sql`array_position(array['critical','warning','info'], ${alerts.severity})`,
      alerts.since,
      alerts.id,
    )
    .limit(perPage)
    .offset(page * perPage);
  return { count, unattended: tally?.unattended ?? 0, shown, page, pages };
}

async function fired(db: Reader, { ownerId, since, until, onlyCritical }: CatchUpAsked) {
  const rows = await db.execute<{
    rule_id: string;
    title: string;
    topic: string;
    n: number;
    over: number;
  }>(sql`
    select rule_id, max(title) as title, topic, count(*)::int as n,
      (count(*) filter (where status = 'resolved'))::int as over
    from (select rule_id, title, topic, status from alerts where owner_id = ${ownerId}
        and fired_at >= ${at(since)} and fired_at < ${at(until)}
        ${onlyCritical ? sql`and severity = 'critical'` : sql``} limit ${window.alerts}) told
    group by rule_id, topic order by 4 desc, 2 limit 500`);
  const names = new Map((await rulesOf(db, [ownerId])).map(({ id, name }) => [id, name]));
  const sum = (key: 'rule_id' | 'topic', of: 'n' | 'over') => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(row[key], (counts.get(row[key]) ?? 0) + row[of]);
    return [...counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  };
  const titleOf = (id: string) => names.get(id) ?? rows.find((row) => row.rule_id === id)?.title ?? '';
  return {
    fired: rows.reduce((count, { n }) => count + n, 0),
    noisiest: sum('rule_id', 'n')
      .slice(0, most.noisiest)
      .map(([id, count]): Counted => ({ name: titleOf(id), count })),
    passed: sum('topic', 'over')
      .slice(0, most.topics)
      .map(([name, count]): Counted => ({ name, count })),
  };
}

async function rest(db: Reader, { ownerId, since, until }: CatchUpAsked) {
  const watched = (await rulesOf(db, [ownerId])).map(({ topic }) => topic);
  const counts = await db.execute<{ type: string; n: number }>(sql`
    select type, count(*)::int as n from (select type, received_at from events order by seq desc limit ${window.events}) newest
    where received_at >= ${at(since)} and received_at < ${at(until)}
    group by type order by 2 desc, 1 limit 2000`);
  const events = counts
    .filter(({ type }) => watched.some((pattern) => topicMatches(pattern, type)))
    .map(({ type, n }): Counted => ({ name: type, count: n }));
  const held = await db.execute<{ name: string; count: number }>(sql`
    select coalesce(reason, 'held') as name, count(*)::int as count from notifications
    where receiver_id = any(array(select id from receivers where owner_id = ${ownerId})) and id > 0
      and created_at >= ${at(since)} and created_at < ${at(until)}
      and alert_id is not null and status in ('held', 'suppressed')
      and coalesce(reason, '') not in ('never-told', 'superseded', 'repeat', 'in-summary', 'storm')
    group by 1 order by 2 desc, 1 limit ${most.reasons}`);
  const looked = counts.reduce((count, { n }) => count + n, 0);
  return {
    events: events.slice(0, most.topics),
    eventsCut: looked >= window.events,
    held: [...held].map(({ name, count }): Counted => ({ name: name.replaceAll('-', ' '), count })),
  };
}

async function changes(db: Reader, { ownerId, staff, since, until }: CatchUpAsked): Promise<ChangeMade[]> {
  const { open, own } = deedsFor(staff);
  const rows = await db.execute<{
    at: string | Date;
    who: string;
    verb: string;
    what: string;
    n: number;
  }>(sql`
    with told as (
      select * from (select id, at, actor, verb, target from audit order by id desc limit ${window.audit}) newest
      where at >= ${at(since)} and at < ${at(until)}
        and verb in (select json_array_elements_text(${JSON.stringify([...open, ...own])}::text::json)))
    select max(t.at) as at, t.verb, count(*)::int as n,
      coalesce(max(p.name), max(ks.name), case t.actor when 'operator' then 'The operator' else 'Tocsin' end) as who,
      coalesce(max(r.name), max(rp.name), max(g.title), max(s.name), max(tg.name), max(h.name), max(v.label),
        max(k.document->>'title'), '') as what
    from told t
    left join people p on t.actor like 'person:%' and p.id = substr(t.actor, 8)
    left join sources ks on t.actor like 'key:%' and ks.id = substr(t.actor, 5)
    left join rules r on r.id = t.target
    left join people rp on rp.id = t.target and t.verb <> 'join'
    left join groups g on g.id = t.target
    left join keys sk on sk.id = t.target
    left join sources s on s.id = coalesce(sk.source_id, t.target)
    left join targets tg on tg.id = t.target
    left join heartbeats h on h.id = t.target
    left join receivers v on v.id = t.target
    left join packs k on k.id = t.target
    left join silences z on z.id = t.target
    where t.verb in (select json_array_elements_text(${JSON.stringify(open)}::text::json))
      or ${ownerId} in (t.target, coalesce(r.owner_id, v.owner_id, h.owner_id, z.owner_id, k.owner_id))
    group by t.actor, t.verb, t.target order by 1 desc limit 200`);
  return [...rows].map(({ at, who, verb, what, n }) => ({
    at: new Date(at).getTime(),
    who,
    verb,
    what,
    count: n,
  }));
}
