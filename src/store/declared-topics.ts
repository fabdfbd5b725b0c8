// What was said about topics: kept beside what was seen of them, so that neither is lost when the other changes.
import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { DeclaredTopic } from '#core/declared-topic.ts';
import type { SeenTopic } from '#core/seen-topic.ts';
import { isOwnTopic, patternSource } from '#core/topic.ts';
import type { CatalogueTopic } from '#core/topic-picture.ts';
import { among } from './among.ts';
import type { Reader } from './connection.ts';
import { declaredTopics, topics } from './schema/topics.ts';

/** Says it, or says it anew. */
export async function saveDeclared(db: Reader, declared: DeclaredTopic): Promise<void> {
  const { topic: _, ...set } = declared;
  await db.insert(declaredTopics).values(declared).onConflictDoUpdate({ target: declaredTopics.topic, set });
}

/** Says it where nothing was said yet; what people said stands. */
export async function declareUnsaid(db: Reader, declared: DeclaredTopic[]): Promise<void> {
  if (declared.length > 0) await db.insert(declaredTopics).values(declared).onConflictDoNothing();
}

/** Takes back what was said; false when nothing was. */
export async function dropDeclared(db: Reader, topic: string): Promise<boolean> {
  const gone = await db
    .delete(declaredTopics)
    .where(eq(declaredTopics.topic, topic))
    .returning({ topic: declaredTopics.topic });
  return gone.length > 0;
}

/** The topics under these patterns, by name, at most `limit`. */
export async function catalogue(
  db: Reader,
  patterns: readonly string[],
  limit: number,
): Promise<CatalogueTopic[]> {
  if (patterns.length === 0) return [];
  const under = patterns.map((pattern) => patternSource(pattern)).join('|');
  const names = await db.execute<{ topic: string }>(sql`
    select topic from (select topic from ${topics} union select topic from ${declaredTopics}) t
    where '.' || topic ~ ${under} order by topic limit ${limit}`);
  const wanted = names.map(({ topic }) => topic).filter((topic) => !isOwnTopic(topic));
  if (wanted.length === 0) return [];
  const seen = await db.select().from(topics).where(inArray(topics.topic, wanted));
  const said = await db.select().from(declaredTopics).where(inArray(declaredTopics.topic, wanted));
  const byName = new Map(seen.map((one) => [one.topic, one]));
  const saidByName = new Map(said.map((one) => [one.topic, one]));
  return wanted.map((topic) => ({ topic, seen: byName.get(topic), declared: saidByName.get(topic) }));
}

/** What was seen of one topic; undefined where none of it came. */
export async function findSeen(db: Reader, topic: string): Promise<SeenTopic | undefined> {
  const [row] = await db.select().from(topics).where(eq(topics.topic, topic));
  return row;
}

/** The topics whose events are refused when they do not keep what was said. */
export async function strictTopics(db: Reader): Promise<DeclaredTopic[]> {
  return db
    .select()
    .from(declaredTopics)
    .where(eq(declaredTopics.strict, true))
    .orderBy(asc(declaredTopics.topic));
}

/** The declared units of the fields of these topics; absent where nothing was said. */
export async function unitsOf(db: Reader, topics: string[]): Promise<Map<string, Record<string, string>>> {
  const rows = await db
    .select({ topic: declaredTopics.topic, fields: declaredTopics.fields })
    .from(declaredTopics)
    .where(among(declaredTopics.topic, topics));
  return new Map(rows.map(({ topic, fields }) => [topic, unitsIn(fields)]));
}

/** The units among these fields, by name. */
export function unitsIn(fields: DeclaredTopic['fields']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { unit }]) => (unit ? [[name, unit]] : [])),
  );
}
