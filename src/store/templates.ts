// How topics are worded: one row for each pattern, few of them.
import { asc, count, eq, sql } from 'drizzle-orm';
import type { DeclaredTopic } from '#core/declared-topic.ts';
import type { RuleOptions } from '#core/rule.ts';
import { topicMatches } from '#core/topic.ts';
import { bySpecificity, type TopicWording, type Wording } from '#core/wording.ts';
import type { Reader, Tx } from './connection.ts';
import { unitsIn } from './declared-topics.ts';
import { templates } from './schema.ts';

type Row = typeof templates.$inferSelect;

/** All of them, by topic. */
export async function templatesHere(db: Reader): Promise<TopicWording[]> {
  return (await db.select().from(templates).orderBy(asc(templates.topic))).map(wordingOf);
}

export async function countTemplates(db: Reader): Promise<number> {
  const [row] = await db.select({ count: count() }).from(templates);
  return row?.count ?? 0;
}

/** One of them, locked; undefined when there is none. */
export async function holdTemplate(tx: Tx, topic: string): Promise<TopicWording | undefined> {
  const [row] = await tx.select().from(templates).where(eq(templates.topic, topic)).for('update');
  return row && wordingOf(row);
}

/** Writes a new one, or in the place of the one with the same topic. */
export async function saveTemplate(
  tx: Tx,
  wording: TopicWording,
  updatedBy: string,
  now: number,
): Promise<void> {
  const { topic, title = null, text = null, over = null, units } = wording;
  const row = { topic, title, text, over, units, updatedBy, updatedAt: now };
  await tx.insert(templates).values(row).onConflictDoUpdate({ target: templates.topic, set: row });
}

/** False when there was none. */
export async function dropTemplate(tx: Tx, topic: string): Promise<boolean> {
  return (await tx.delete(templates).where(eq(templates.topic, topic)).returning()).length > 0;
}

/** How an alert of this rule and topic is worded: the rule's own words first, then those of its topic, part by part. */
export async function wordingFor(
  db: Reader,
  { ruleId, topic }: { ruleId: string; topic: string },
): Promise<{ rule: string | undefined; wording: Wording; units: Record<string, string> }> {
  const [row] = await db.execute<{
    rule: { name: string; options: RuleOptions } | null;
    templates: Pick<Row, 'topic' | 'title' | 'text' | 'over' | 'units'>[] | null;
    fields: DeclaredTopic['fields'] | null;
  }>(sql`select
    (select json_build_object('name', name, 'options', options) from rules
      where id = ${ruleId} and deleted_at is null) as rule,
    (select json_agg(json_build_object('topic', topic, 'title', title, 'text', body, 'over', over, 'units', units)
      order by topic) from templates) as templates,
    (select fields from declared_topics where topic = ${topic}) as fields`);
  const { rule, templates, fields } = row!;
  const all = (templates ?? [])
    .map(wordingOf)
    .filter((one) => topicMatches(one.topic, topic))
    .sort(bySpecificity);
  const wording: Wording = {};
  for (const one of [rule?.options.template ?? {}, ...all] as Wording[])
    for (const part of ['title', 'text', 'over'] as const)
      if (wording[part] === undefined && one[part] !== undefined) wording[part] = one[part];
  // What the source declared stands behind what people set.
  const units = [unitsIn(fields ?? {}), ...all.map((one) => one.units).reverse()];
  return { rule: rule?.name, wording, units: Object.assign({}, ...units) };
}

function wordingOf({
  topic,
  title,
  text,
  over,
  units,
}: Pick<Row, 'topic' | 'title' | 'text' | 'over' | 'units'>): TopicWording {
  return {
    topic,
    units,
    ...(title === null ? {} : { title }),
    ...(text === null ? {} : { text }),
    ...(over === null ? {} : { over }),
  };
}
