// What a wizard may know while it asks: the topics really seen, their fields and last values.
import { asText } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { own } from '#core/own.ts';
import type { SeenField, SeenTopic } from '#core/seen-topic.ts';
import { topicMatches } from '#core/topic.ts';
import type { BackTest } from '#operations/back-test-book.ts';
import type { KindBook } from '#operations/kind-book.ts';

export interface Facts {
  topics: SeenTopic[];
  book: KindBook;
  /** The zone of whoever the rule is for. */
  zone: string;
  now: number;
  /** The group's title, when the wizard runs in one whose rules the person may make. */
  group?: string;
  /** Whether this is a group's chat at all. */
  inGroup?: boolean;
  /** The line that sends a first event. */
  curl: string;
  /** Whether they may give out a key for it. */
  mayGiveKeys?: boolean;
  /** Where whoever the rule is for can be told. */
  receivers?: { id: string; label: string; here: boolean }[];
  /** The lists that they keep. */
  lists?: string[];
  /** Their other rules, by name. */
  rules?: string[];
  /** What is asked again and again, by name. */
  targets?: string[];
  /** How many alerts of the edited rule are open. */
  open?: number;
  /** What the rule would have told: how far the counting is, and its result. */
  count?: { fraction: number; result?: BackTest; problem?: string };
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
      Object.defineProperty(merged.fields, name, {
        value: join(own(merged.fields, name), field),
        enumerable: true,
        configurable: true,
        writable: true,
      });
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
      const value = own(data, field);
      return value === undefined ? [] : [[subject, value]];
    });
}

/** The values of a field that were seen, newest first, as texts. */
export function seenValues(seen: SeenTopic | undefined, field: string): string[] {
  if (field === 'subject') return Object.keys(seen?.subjects ?? {}).filter((name) => name !== '');
  if (field === 'source')
    return [...new Set(Object.values(seen?.subjects ?? {}).flatMap(({ source }) => source ?? []))];
  const latest = latestValues(seen, field).map(([, value]) => asText(value) ?? '');
  const values = own(seen?.fields, field)?.values ?? [];
  return [...new Set([...latest, ...values.toReversed()])].filter(
    (value) => value !== '' && value.length <= 256,
  );
}

/** What of a number was seen: the least, the most and the last. */
export function rangeOf(
  seen: SeenTopic | undefined,
  field: string,
): { last: number; min: number; max: number } | undefined {
  const found = own(seen?.fields, field);
  if (found?.type !== 'number') return undefined;
  const last = Number(found.last);
  return { last, min: found.min ?? last, max: found.max ?? last };
}
