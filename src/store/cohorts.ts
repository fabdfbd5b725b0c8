// The newest event of each thing: what is in a cohort, and what its people may ask about.
import { inArray, sql } from 'drizzle-orm';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { patternSource } from '#core/topic.ts';
import type { Reader } from './connection.ts';
import { events } from './schema/events.ts';

/** So many events are in memory at once. */
const page = 1_000;

/** The numbers of the newest events under a pattern, one for each topic and thing. */
export async function newestUnder(db: Reader, pattern: string): Promise<number[]> {
  const under = pattern.includes('*') ? sql`'.' || type ~ ${patternSource(pattern)}` : sql`type = ${pattern}`;
  const rows = await db.execute<{ seq: string }>(sql`
    select max(seq) as seq from ${events} where ${under} and type !~ '^tocsin([.]|$)' and quarantined is null
    group by type, subject`);
  return rows.map(({ seq }) => Number(seq));
}

/** The same for these things, under any topic. */
export async function newestAbout(db: Reader, subjects: readonly string[]): Promise<number[]> {
  if (subjects.length === 0) return [];
  const rows = await db.execute<{ seq: string }>(sql`
    select max(seq) as seq from ${events}
    where subject in (select json_array_elements_text(${JSON.stringify(subjects)}::text::json))
      and type !~ '^tocsin([.]|$)' and quarantined is null
    group by type, subject`);
  return rows.map(({ seq }) => Number(seq));
}

/** Shows the events with these numbers, a page at a time. */
export async function readEvents(
  db: Reader,
  seqs: readonly number[],
  see: (event: NewEvent) => void,
): Promise<void> {
  for (let i = 0; i < seqs.length; i += page) {
    const rows = await db
      .select()
      .from(events)
      .where(inArray(events.seq, seqs.slice(i, i + page)));
    for (const { source, type, subject, severity, status, body } of rows) {
      const { data, labels } = JSON.parse(body) as {
        data: Record<string, Json>;
        labels: Record<string, string>;
      };
      const event = { source, type, subject, data, labels };
      see({ ...event, ...(severity ? { severity } : {}), ...(status ? { status } : {}) });
    }
  }
}
