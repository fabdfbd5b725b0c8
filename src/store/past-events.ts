// Events that are kept, read once more in the order in which they were taken: by topic and time, a page at a time.
import type postgres from 'postgres';
import type { Event } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { patternSource } from '#core/topic.ts';
import type { Database } from './connection.ts';
import { seqRange } from './seq-range.ts';

export interface PastQuery {
  /** A topic pattern. */
  pattern: string;
  /** Received from then until then, epoch milliseconds. */
  from: number;
  to: number;
  /** Those counted are received from then on. */
  counted: number;
  /** Of each of these lists, one text must be somewhere in the event; what an equality of the rule asks for. */
  needles: string[][];
  /** With more than so many under the pattern nothing is read. */
  most?: number;
}

export interface PastPage {
  events: Event[];
  /** How far through the time asked for, from 0 to 1. */
  done: number;
}

export interface Past {
  /** When the oldest event under the pattern that is kept was received, however long ago; null: none is. */
  oldest: number | null;
  /** How many were received since `counted`, whatever the needles leave. */
  count: number;
}

type Sql = postgres.TransactionSql;

/** Rows of a page: many small events fill it, few large ones do, so that a page is never much to hold. */
const [fewest, most, pageLetters] = [50, 2000, 1_000_000];
/** A pattern with at most so many topics is read topic by topic and merged; with more, everything is read and tried. */
const mostMerged = 40;
/** Where the topics are too many to name, a bounded reading passes over at most so many events for each it may read. */
const passedOver = 20;

/**
 * Reads what matches, in order, on a read-only transaction of its own that takes no locks. `see` is told the facts first
 * (`past`), then each page; when `signal` is aborted, no further page is read and the promise rejects with its reason. False:
 * there are more than `most`, and nothing was told.
 */
export async function readPast(
  database: Database,
  query: PastQuery,
  see: { past(past: Past): void; page(page: PastPage): Promise<void> },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return database.sql.begin('isolation level repeatable read read only', async (tx) => {
    await tx.unsafe(
      `select set_config('statement_timeout', '20s', true), set_config('idle_in_transaction_session_timeout', '60s', true),
        set_config('application_name', 'tocsin back-test', true)`,
    );
    const topics = await topicsUnder(tx, query.pattern);
    const range = await seqRange(tx, query.from, query.to);
    signal?.throwIfAborted();
    if (query.most !== undefined && (await hasMore(tx, query.pattern, topics, range, query.most)))
      return false;
    const found = statement(query, topics, range);
    see.past(await pastOf(tx, query, topics, range));
    if (!found) return true;
    await tx.unsafe(`declare past no scroll cursor for ${found.text}`, found.values);
    const fetch = (rows: number) => {
      const page = tx.unsafe<Row[]>(`fetch forward ${rows} from past`).execute();
      // Awaited a page later; whatever ends this first must not leave it unheard.
      page.catch(() => {});
      return page;
    };
    let size = 200;
    for (let next = fetch(size); ; ) {
      signal?.throwIfAborted();
      const rows = await next;
      signal?.throwIfAborted();
      const last = rows.at(-1);
      if (!last) return true;
      const letters = rows.reduce((sum, row) => sum + row.body.length, 0);
      size = Math.max(fewest, Math.min(most, Math.floor((pageLetters * rows.length) / (letters + 1))));
      next = fetch(size);
      const done = (Number(last.seq) - range.first) / Math.max(1, range.last - range.first);
      await see.page({ events: rows.map(eventOf), done: Math.min(1, done) });
    }
  });
}

interface Row {
  seq: string;
  event_id: string;
  fingerprint: string;
  source: string;
  type: string;
  subject: string;
  time: number | null;
  severity: Exclude<Event['severity'], undefined> | null;
  status: Exclude<Event['status'], undefined> | null;
  ends_at: number | null;
  body: string;
  received_at: number;
}

const columns = `seq, event_id, fingerprint, source, type, subject, date_part('epoch', time) * 1000 as time, severity,
  status, date_part('epoch', ends_at) * 1000 as ends_at, body, date_part('epoch', received_at) * 1000 as received_at`;

function eventOf(row: Row): Event {
  const { data, labels } = JSON.parse(row.body) as {
    data: Record<string, Json>;
    labels: Record<string, string>;
  };
  const { fingerprint, source, type, subject } = row;
  const event: Event = {
    seq: Number(row.seq),
    id: row.event_id,
    fingerprint,
    source,
    type,
    subject,
    data,
    labels,
    receivedAt: Math.round(row.received_at),
  };
  if (row.time !== null) event.time = Math.round(row.time);
  if (row.severity !== null) event.severity = row.severity;
  if (row.status !== null) event.status = row.status;
  if (row.ends_at !== null) event.endsAt = Math.round(row.ends_at);
  return event;
}

/** The topics under the pattern that were ever seen; undefined: too many to name. */
async function topicsUnder(tx: Sql, pattern: string): Promise<string[] | undefined> {
  if (!pattern.includes('*')) return [pattern];
  const rows = await tx.unsafe<{ topic: string }[]>(
    `select topic from topics where '.' || topic ~ $1 limit ${mostMerged + 1}`,
    [patternSource(pattern)],
  );
  return rows.length > mostMerged ? undefined : rows.map(({ topic }) => topic);
}

interface Statement {
  text: string;
  values: (string | number)[];
}

/** Without a sort: each topic's index gives its events in order, and so does the table's own. */
function statement(
  { pattern, from, to, needles }: PastQuery,
  topics: string[] | undefined,
  { first, last }: { first: number; last: number },
): Statement | undefined {
  const values: (string | number)[] = [];
  const value = (given: string | number) => `$${values.push(given)}`;
  const between = `seq between ${value(first)} and ${value(last)}
    and received_at >= ${value(iso(from))}::timestamptz and received_at <= ${value(iso(to))}::timestamptz`;
  const holding = needles.map((texts) => {
    const tests = texts.map((text) => {
      const needle = `${value(text)}::text`;
      return `strpos(body, ${needle}) > 0 or subject = ${needle} or source = ${needle} or type = ${needle}
        or severity = ${needle} or status = ${needle}`;
    });
    return ` and (${tests.join(' or ') || 'false'})`;
  });
  const where = `${between} and quarantined is null${holding.join('')}`;
  if (topics === undefined) {
    const own = `'.' || type ~ ${value(patternSource(pattern))} and type !~ '^tocsin([.]|$)'`;
    return { text: `select ${columns} from events where ${own} and ${where} order by seq`, values };
  }
  const named = topics.map(
    (topic) => `(select ${columns} from events where type = ${value(topic)} and ${where} order by seq)`,
  );
  if (named.length === 0) return undefined;
  return { text: named.length === 1 ? named[0]! : `${named.join(' union all ')} order by seq`, values };
}

// Looks at no more than it has to: a count of all would itself be the long part.
async function hasMore(
  tx: Sql,
  pattern: string,
  topics: string[] | undefined,
  { first, last }: { first: number; last: number },
  most: number,
): Promise<boolean> {
  if (topics === undefined && last - first > most * passedOver) return true;
  const under = topics === undefined ? `'.' || e.type ~ $1` : 'e.type = t.topic';
  const from =
    topics === undefined
      ? 'events e'
      : 'json_array_elements_text($1::text::json) t(topic) cross join events e';
  const [found] = await tx.unsafe<{ n: number }[]>(
    `select count(*)::int as n from (select 1 from ${from} where ${under} and e.seq between $2 and $3
      limit ${most + 1}) seen`,
    [topics ? JSON.stringify(topics) : patternSource(pattern), first, last],
  );
  return (found?.n ?? 0) > most;
}

async function pastOf(
  tx: Sql,
  { pattern, counted, to }: PastQuery,
  topics: string[] | undefined,
  { first, last }: { first: number; last: number },
): Promise<Past> {
  const under =
    topics === undefined
      ? `'.' || type ~ $1`
      : 'type = any(array(select json_array_elements_text($1::text::json)))';
  const given = topics ? JSON.stringify(topics) : patternSource(pattern);
  const [oldest] = await tx.unsafe<{ at: number }[]>(
    `select min(o.at) as at from ${
      topics === undefined
        ? `(select date_part('epoch', received_at) * 1000 as at from events where ${under} order by seq limit 1) o`
        : `json_array_elements_text($1::text::json) t cross join lateral (select date_part('epoch', received_at) * 1000 as at from events
            where type = t order by seq limit 1) o`
    }`,
    [given],
  );
  const [count] = await tx.unsafe<{ n: number }[]>(
    `select count(*)::int as n from events where ${under} and seq between $2 and $3
      and received_at >= $4::timestamptz and received_at <= $5::timestamptz`,
    [given, first, last, iso(counted), iso(to)],
  );
  return { oldest: oldest?.at == null ? null : Math.round(oldest.at), count: count?.n ?? 0 };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
