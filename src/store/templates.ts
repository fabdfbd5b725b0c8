// How topics are worded: one row for each pattern, few of them.
import { asc, count, eq, type SQL, sql } from 'drizzle-orm';
import type { DeclaredTopic } from '#core/declared-topic.ts';
import type { RuleOptions } from '#core/rule.ts';
import { topicMatches } from '#core/topic.ts';
import { bySpecificity, type TopicWording, type Wording } from '#core/wording.ts';
import type { Reader, Tx } from './connection.ts';
import { unitsIn } from './declared-topics.ts';
import { templates } from './schema/topics.ts';

type Row = typeof templates.$inferSelect;

/** All of them, by topic. */
export async function templatesHere(db: Reader): Promise<TopicWording[]> {
  return (await db.select().from(templates).orderBy(asc(templates.topic))).map(wordingOf);
}

/** How many there are. */
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

export interface Worded {
  /** The rule's name. */
  rule: string | undefined;
  wording: Wording;
  units: Record<string, string>;
}

interface Wanted {
  ruleId: string;
  topic: string;
}

/** How an alert of this rule and topic is worded. */
export async function wordingFor(db: Reader, wanted: Wanted): Promise<Worded> {
  const [worded] = await wordingsFor(db, [wanted]);
  return worded!;
}

/** How alerts of these rules and topics are worded: a rule's own words first, then those of its topic, part by part. */
export async function wordingsFor(db: Reader, wanted: Wanted[]): Promise<Worded[]> {
  const list = (part: keyof Wanted) => {
    const names = JSON.stringify([...new Set(wanted.map((one) => one[part]))]);
    return sql`(select json_array_elements_text(${names}::text::json))`;
  };
  const [row] = await db.execute<WordingRows>(sql`select ${wordingPart(list('ruleId'), list('topic'))}`);
  return wordingsIn(row!, wanted);
}

/** What `wordingPart` selects. */
export type WordingRows = {
  rules: { id: string; name: string; options: RuleOptions }[] | null;
  templates: Pick<Row, 'topic' | 'title' | 'text' | 'over' | 'units'>[] | null;
  declared: { topic: string; fields: DeclaredTopic['fields'] }[] | null;
};

/** Columns of a select: all that says how alerts of these rules and topics are worded, each given as a select of names. */
export function wordingPart(ruleIds: SQL, topics: SQL): SQL {
  return sql`
    (select json_agg(json_build_object('id', id, 'name', name, 'options', options)) from rules
      where id = any(array${ruleIds}) and deleted_at is null) as rules,
    (select json_agg(json_build_object('topic', topic, 'title', title, 'text', body, 'over', over, 'units', units)
      order by topic) from templates) as templates,
    (select json_agg(json_build_object('topic', topic, 'fields', fields)) from declared_topics
      where topic = any(array${topics})) as declared`;
}

/** How each is worded, read from that. */
export function wordingsIn(row: WordingRows, wanted: Wanted[]): Worded[] {
  const rules = new Map((row.rules ?? []).map((rule) => [rule.id, rule]));
  const declared = new Map((row.declared ?? []).map(({ topic, fields }) => [topic, unitsIn(fields)]));
  const templates = (row.templates ?? []).map(wordingOf);
  return wanted.map(({ ruleId, topic }) => {
    const rule = rules.get(ruleId);
    const all = templates.filter((one) => topicMatches(one.topic, topic)).sort(bySpecificity);
    const wording: Wording = {};
    for (const one of [rule?.options.template ?? {}, ...all] as Wording[])
      for (const part of ['title', 'text', 'over'] as const)
        if (wording[part] === undefined && one[part] !== undefined) wording[part] = one[part];
    // What the source declared stands behind what people set.
    const units = [declared.get(topic), ...all.map((one) => one.units).reverse()];
    return { rule: rule?.name, wording, units: Object.assign({}, ...units) };
  });
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
