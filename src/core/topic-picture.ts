// One topic as people and programs are shown it: what was said about it and what was seen of it, field by field.
import { type DeclaredField, type DeclaredTopic, lacking } from './declared-topic.ts';
import { own } from './own.ts';
import type { SeenField, SeenSubject, SeenTopic } from './seen-topic.ts';

/** A topic of the catalogue: what was seen of it, what was said about it, or both. */
export interface CatalogueTopic {
  topic: string;
  seen: SeenTopic | undefined;
  declared: DeclaredTopic | undefined;
}

export interface PicturedField {
  name: string;
  declared: DeclaredField | undefined;
  seen: SeenField | undefined;
  /** How many events since the declaration lacked it although it is required. */
  lackedBy: number;
}

export interface TopicPicture {
  topic: string;
  title: string | null;
  description: string | null;
  /** Whether events that do not keep what was said are refused. */
  strict: boolean;
  count: number;
  /** Epoch milliseconds; null: nothing came yet. */
  lastAt: number | null;
  /** The declared ones first. */
  fields: PicturedField[];
}

/** What is known of the topic. */
export function pictureOf({ topic, seen, declared }: CatalogueTopic): TopicPicture {
  const names = new Set([...Object.keys(declared?.fields ?? {}), ...Object.keys(seen?.fields ?? {})]);
  const lacks = declared ? lacking(declared, seen) : {};
  return {
    topic,
    title: declared?.title ?? null,
    description: declared?.description ?? null,
    strict: declared?.strict ?? false,
    count: seen?.count ?? 0,
    lastAt: seen?.lastAt ?? null,
    fields: [...names].map((name) => ({
      name,
      declared: own(declared?.fields, name),
      seen: own(seen?.fields, name),
      lackedBy: own(lacks, name) ?? 0,
    })),
  };
}

/** How much of the topic came, and when the last of it; 0: never. */
export function countedOf({ topic, seen }: CatalogueTopic): { topic: string; count: number; lastAt: number } {
  return { topic, count: seen?.count ?? 0, lastAt: seen?.lastAt ?? 0 };
}

/** The subjects that are remembered, whoever spoke last first. */
export function newestSubjects(seen: SeenTopic | undefined): (SeenSubject & { subject: string })[] {
  return Object.entries(seen?.subjects ?? {})
    .map(([subject, last]) => ({ subject, ...last }))
    .sort((a, b) => b.at - a.at);
}
