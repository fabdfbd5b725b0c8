// The catalogue of topics really seen: their fields, last values and newest subjects, gathered in memory, written seldom.
import { desc, sql } from 'drizzle-orm';
import type { Event } from '#core/event.ts';
import { isFull, mergeSeen, newSeen, noteEvent, type SeenSubject, type SeenTopic } from '#core/seen-topic.ts';
import { isOwnTopic } from '#core/topic.ts';
import { type Db, isDataFault, type Reader } from './connection.ts';
import { insertMany } from './insert-many.ts';
import { topics } from './schema/topics.ts';

export interface TopicBook {
  /** Remembers what these events showed. Tells whether a topic or a field is among them that this book never saw. */
  noteSeen(events: Event[]): boolean;
  readonly waiting: number;
  /** Adds what was gathered to the ledger's catalogue; when the ledger is away it is kept for the next time. */
  flush(db: Db): Promise<void>;
}

/** A topic as the ledger has it, and by which its row is known again when nobody else has written it. */
interface Written {
  seen: SeenTopic;
  form: string;
}

/** So many topics are remembered as they were written; the others are read once more. */
const mostWritten = 500;
/** So many rows at a time: none may take for ever. */
const atOnce = 100;

/** An empty book: one for each process. */
export function openTopicBook(): TopicBook {
  const known = new Set<string>();
  const written = new Map<string, Written>();
  let gathered = new Map<string, SeenTopic>();

  function remember(forms: Iterable<Written>): void {
    for (const one of forms) {
      written.delete(one.seen.topic);
      written.set(one.seen.topic, one);
    }
    for (const topic of written.keys()) {
      if (written.size <= mostWritten) break;
      written.delete(topic);
    }
  }

  async function write(db: Db, part: SeenTopic[]): Promise<void> {
    const foreseen = part.flatMap((seen) => {
      const before = written.get(seen.topic);
      return before ? [{ seen: mergeSeen(before.seen, seen), form: before.form }] : [];
    });
    const done = await writeForms(db, foreseen);
    const there = new Set(done.map(({ seen }) => seen.topic));
    const others = part.filter(({ topic }) => !there.has(topic));
    remember(done);
    if (others.length > 0) remember(await writeAnew(db, others));
  }

  return {
    noteSeen(events) {
      let isNew = false;
      const touched = new Set<SeenTopic>();
      for (const event of events) {
        if (isOwnTopic(event.type)) continue;
        let seen = gathered.get(event.type);
        if (!seen) {
          seen = newSeen(event.type);
          gathered.set(event.type, seen);
        }
        noteEvent(seen, event);
        touched.add(seen);
        if (!known.has(event.type)) isNew = true;
        known.add(event.type);
      }
      if (known.size > 50_000) known.clear();
      return isNew || [...touched].some((seen) => bringsField(written.get(seen.topic)?.seen, seen));
    },
    get waiting() {
      return gathered.size;
    },
    async flush(db) {
      if (gathered.size === 0) return;
      const writing = gathered;
      gathered = new Map();
      const sorted = [...writing.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1));
      let part: SeenTopic[] = [];
      try {
        for (let i = 0; i < sorted.length; i += atOnce) {
          part = sorted.slice(i, i + atOnce);
          await write(db, part);
          for (const { topic } of part) writing.delete(topic);
        }
      } catch (error) {
        // What the ledger cannot take is left out, and comes not again with what it can.
        if (isDataFault(error)) for (const { topic } of part) writing.delete(topic);
        for (const later of gathered.values()) {
          const earlier = writing.get(later.topic);
          writing.set(later.topic, earlier ? mergeSeen(earlier, later) : later);
        }
        gathered = writing;
        throw error;
      }
    },
  };
}

function bringsField(before: SeenTopic | undefined, seen: SeenTopic): boolean {
  if (!before) return false;
  for (const name in seen.fields) if (!Object.hasOwn(before.fields, name)) return !isFull(before);
  return false;
}

/** Writes those rows that are still as they were; which these were, in their new form. One statement, no transaction. */
async function writeForms(db: Reader, forms: Written[]): Promise<Written[]> {
  if (forms.length === 0) return [];
  const rows = forms.map(({ seen: { lastAt, ...seen }, form }) => ({
    ...seen,
    form,
    last_at: new Date(lastAt).toISOString(),
  }));
  const done = await db.execute<{ topic: string; form: string }>(sql`
    update ${topics} t set fields = v.fields, count = v.count, last_at = v.last_at, subjects = v.subjects
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as v(topic text, form text, fields jsonb, count bigint, last_at timestamptz, subjects jsonb)
    where t.topic = v.topic and t.xmin = v.form::xid
    returning t.topic, t.xmin::text as form`);
  const known = new Map(done.map(({ topic, form }) => [topic, form]));
  return forms.flatMap(({ seen }) => {
    const form = known.get(seen.topic);
    return form === undefined ? [] : [{ seen, form }];
  });
}

/** Reads what the ledger has, and adds what was seen. */
function writeAnew(db: Db, gathered: SeenTopic[]): Promise<Written[]> {
  return db.transaction(async (tx) => {
    const empty = gathered.map(({ topic }) => ({ topic, fields: {}, subjects: {}, count: 0, lastAt: 0 }));
    // One that is there already is locked and read by a change that changes nothing.
    const rows = await tx.execute<Omit<SeenTopic, 'lastAt'> & { last_at: number; form: string }>(sql`
      ${insertMany(topics, empty)} on conflict (topic) do update set topic = excluded.topic
      returning topic, fields, count::float8 as count, extract(epoch from last_at)::float8 * 1000 as last_at, subjects,
        xmin::text as form`);
    const before = new Map(
      rows.map(({ last_at: at, ...row }) => [row.topic, { ...row, lastAt: Math.round(at) }]),
    );
    return writeForms(
      tx,
      gathered.map((seen) => {
        const { form, ...found } = before.get(seen.topic)!;
        return { seen: mergeSeen(found, seen), form };
      }),
    );
  });
}

/** The topics that were alive last, newest first. */
export async function topicsSeen(db: Reader, { limit }: { limit: number }): Promise<SeenTopic[]> {
  return db.select().from(topics).orderBy(desc(topics.lastAt), topics.topic).limit(limit);
}

/** What was seen last of these subjects, by `topic subject`; absent: not among the newest of its topic. */
export async function lastSeen(
  db: Reader,
  wanted: { topic: string; subject: string }[],
): Promise<Map<string, SeenSubject>> {
  const names = JSON.stringify(wanted);
  const rows = await db.execute<{ name: string; seen: SeenSubject }>(sql`
    select distinct t.topic || ' ' || w.subject as name, t.subjects -> w.subject as seen
    from json_to_recordset(${names}::text::json) as w(topic text, subject text)
    join ${topics} t on t.topic = w.topic where t.subjects ? w.subject`);
  return new Map(rows.map(({ name, seen }) => [name, seen]));
}
