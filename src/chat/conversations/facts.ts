// What a wizard may know while it asks: the topics really seen, their fields and last values.
import type { Json } from '#core/json.ts';
import type { SeenField, SeenTopic } from '#core/seen-topic.ts';
import { topicMatches } from '#core/topic.ts';

export interface Facts {
  topics: SeenTopic[];
  /** The group's title, when the wizard runs in one whose rules the person may make. */
  group?: string;
  /** Whether this is a group's chat at all. */
  inGroup?: boolean;
  /** The line that sends a first event. */
  curl: string;
  /** `usage over 90`, once the draft says enough. */
  sentence: string;
}

/** The topics under a pattern as one: fields merged, subjects of all. */
export function topicsUnder(facts: Facts, pattern: string): SeenTopic | undefined {
  const under = facts.topics.filter(({ topic }) => topicMatches(pattern, topic));
  if (under.length < 2) return under[0];
  const merged: SeenTopic = { topic: pattern, fields: {}, count: 0, lastAt: 0, subjects: {} };
  for (const seen of under) {
    merged.count += seen.count;
    merged.lastAt = Math.max(merged.lastAt, seen.lastAt);
    Object.assign(merged.subjects, seen.subjects);
    for (const [name, field] of Object.entries(seen.fields))
      merged.fields[name] = join(merged.fields[name], field);
  }
  return merged;
}

function join(one: SeenField | undefined, two: SeenField): SeenField {
  if (!one || one.type !== two.type) return one ?? two;
  const values = [...new Set([...(one.values ?? []), ...(two.values ?? [])])];
  return {
    ...two,
    ...(two.min === undefined ? {} : { min: Math.min(two.min, one.min ?? two.min) }),
    ...(two.max === undefined ? {} : { max: Math.max(two.max, one.max ?? two.max) }),
    ...(values.length > 0 ? { values } : {}),
  };
}

/** Topics worth one button: each by itself, and a pattern where many share their first part. */
export function topicOffers(facts: Facts): { pattern: string; topics: SeenTopic[] }[] {
  const families = new Map<string, SeenTopic[]>();
  for (const seen of facts.topics) {
    const first = seen.topic.split('.')[0]!;
    families.set(first, [...(families.get(first) ?? []), seen]);
  }
  return [...families].flatMap(([first, topics]) =>
    topics.length < 3
      ? topics.map((seen) => ({ pattern: seen.topic, topics: [seen] }))
      : [
          { pattern: `${first}.**`, topics },
          ...topics.map((seen) => ({ pattern: seen.topic, topics: [seen] })),
        ],
  );
}

/** The fields that a rule can be about, numbers first; names that no rule could hold are left out. */
export function usableFields(seen: SeenTopic | undefined): [string, SeenField][] {
  const fields = Object.entries(seen?.fields ?? {}).filter(([name]) =>
    /^[\p{L}\p{N}_][\p{L}\p{N}_.\-/ ]{0,99}$/u.test(name),
  );
  const order = ['number', 'text', 'truth'];
  return fields
    .filter(([, { type }]) => order.includes(type))
    .sort(([, a], [, b]) => order.indexOf(a.type) - order.indexOf(b.type));
}

/** The newest value of a field for each subject, newest first. */
export function latestValues(seen: SeenTopic | undefined, field: string): [string, Json][] {
  return Object.entries(seen?.subjects ?? {})
    .sort(([, a], [, b]) => b.at - a.at)
    .flatMap(([subject, { data }]): [string, Json][] => {
      const value = Object.hasOwn(data, field) ? data[field] : undefined;
      return value === undefined ? [] : [[subject, value]];
    });
}
