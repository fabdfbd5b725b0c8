// One event with its trace, and the one of the same situation that came before it.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Trace } from '#core/trace.ts';
import type { Reader } from './connection.ts';
import { events } from './schema/events.ts';

/** Looked through for the one before: a situation that is told of more seldom has none that is near. */
const mostLooked = 2_000;

/** Undefined: there is no event with this number any more. */
export async function eventWithBefore(
  db: Reader,
  seq: number,
): Promise<{ event: NewEvent; trace: Trace | null; before: NewEvent | undefined } | undefined> {
  const [row] = await db.select(columns).from(events).where(eq(events.seq, seq));
  if (!row) return undefined;
  const recent = db
    .select(columns)
    .from(events)
    .where(and(eq(events.type, row.type), lt(events.seq, seq)))
    .orderBy(desc(events.seq))
    .limit(mostLooked)
    .as('recent');
  const [before] = await db
    .select()
    .from(recent)
    .where(sql`${recent.fingerprint} = ${row.fingerprint}`)
    .orderBy(desc(recent.seq))
    .limit(1);
  return { event: eventOf(row), trace: row.trace, before: before && eventOf(before) };
}

const columns = {
  seq: events.seq,
  type: events.type,
  source: events.source,
  subject: events.subject,
  fingerprint: events.fingerprint,
  severity: events.severity,
  status: events.status,
  body: events.body,
  trace: events.trace,
};

interface Row extends Pick<NewEvent, 'type' | 'source' | 'subject' | 'fingerprint'> {
  severity: NewEvent['severity'] | null;
  status: NewEvent['status'] | null;
  body: string;
}

function eventOf({ body, severity, status, type, source, subject }: Row): NewEvent {
  const { data, labels } = JSON.parse(body) as { data: Record<string, Json>; labels: Record<string, string> };
  return {
    ...{ type, source, subject, data, labels },
    ...(severity ? { severity } : {}),
    ...(status ? { status } : {}),
  };
}
