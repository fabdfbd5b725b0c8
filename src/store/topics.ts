// The catalogue of topics really seen: their fields, last values and newest subjects, gathered in memory, written seldom.
import { desc, sql } from 'drizzle-orm';
import type { Event } from '#core/event.ts';
import { mergeSeen, newSeen, noteEvent, type SeenSubject, type SeenTopic } from '#core/seen-topic.ts';
import { isOwnTopic } from '#core/topic.ts';
import { type Db, isDataFault, type Reader } from './connection.ts';
import { topics } from './schema.ts';

export interface TopicBook {
  /** Remembers what these events showed. Tells whether a topic is among them that this book never saw. */
  noteSeen(events: Event[]): boolean;
  readonly waiting: number;
  /** Adds what was gathered to the ledger's catalogue; when the ledger is away it is kept for the next time. */
  flush(db: Db): Promise<void>;
}

/** An empty book: one for each process. */
export function openTopicBook(): TopicBook {
  const known = new Set<string>();
  let gathered = new Map<string, SeenTopic>();
  return {
    noteSeen(events) {
      let isNew = false;
      for (const event of events) {
        if (isOwnTopic(event.type)) continue;
        let seen = gathered.get(event.type);
        if (!seen) {
          seen = newSeen(event.type);
          gathered.set(event.type, seen);
        }
        noteEvent(seen, event);
        if (!known.has(event.type)) isNew = true;
        known.add(event.type);
      }
      if (known.size > 50_000) known.clear();
      return isNew;
    },
    get waiting() {
      return gathered.size;
    },
    async flush(db) {
      if (gathered.size === 0) return;
      const writing = gathered;
      gathered = new Map();
      try {
        await write(db, [...writing.values()]);
      } catch (error) {
        if (isDataFault(error)) throw error;
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

async function write(db: Db, gathered: SeenTopic[]): Promise<void> {
  const sorted = gathered.toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
  for (let i = 0; i < sorted.length; i += 100) {
    const part = sorted.slice(i, i + 100);
    await db.transaction(async (tx) => {
      const empty = part.map(({ topic }) => ({ topic, fields: {}, subjects: {}, count: 0, lastAt: 0 }));
      // One that is there already is locked and read by a change that changes nothing.
      const rows = await tx
        .insert(topics)
        .values(empty)
        .onConflictDoUpdate({ target: topics.topic, set: { topic: taken('topic') } })
        .returning();
      const before = new Map(rows.map((row) => [row.topic, row]));
      const merged = part.map((seen) => mergeSeen(before.get(seen.topic) ?? newSeen(seen.topic), seen));
      await tx
        .insert(topics)
        .values(merged)
        .onConflictDoUpdate({
          target: topics.topic,
          set: {
            fields: taken('fields'),
            count: taken('count'),
            lastAt: taken('last_at'),
            subjects: taken('subjects'),
          },
        });
    });
  }
}

const taken = (column: string) => sql.raw(`excluded.${column}`);

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
