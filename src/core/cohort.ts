// Who watches a thing: the owners of the rules that ask about its events. Found without trying every rule on every event.
import { holds, isMatcher } from './condition.ts';
import type { NewEvent } from './event.ts';
import { asText, readField } from './field.ts';
import type { Rule } from './rule.ts';
import { topicMatches } from './topic.ts';

type Asking = Pick<Rule, 'ownerId' | 'topic' | 'match' | 'lists' | 'paused'>;

/** Whoever asks about events, found by what their rules say a field must equal. */
export type WhoAsks = (event: NewEvent) => string[];

/** Rules that are paused ask nothing. */
export function whoAsks(rules: readonly Asking[]): WhoAsks {
  const byTopic = new Map<string, ReturnType<typeof shelve>>();
  const awake = rules.filter(({ paused }) => !paused);
  return (event) => {
    let shelf = byTopic.get(event.type);
    if (!shelf) {
      shelf = shelve(awake.filter(({ topic }) => topicMatches(topic, event.type)));
      byTopic.set(event.type, shelf);
    }
    const owners = new Set<string>();
    for (const { ownerId, match, lists } of candidates(shelf, event))
      if (!owners.has(ownerId) && match.every((one) => holds(one, event, lists))) owners.add(ownerId);
    return [...owners];
  };
}

/** Field → value → the rules that ask for exactly this; and those that name no such field. */
function shelve(rules: Asking[]) {
  const named = new Map<string, Map<string, Asking[]>>();
  const others: Asking[] = [];
  for (const rule of rules) {
    const equal = rule.match.find((one) => isMatcher(one) && one.op === '=' && one.value !== '');
    if (!equal || !isMatcher(equal)) {
      others.push(rule);
      continue;
    }
    const values = named.get(equal.field) ?? new Map<string, Asking[]>();
    named.set(equal.field, values.set(equal.value, [...(values.get(equal.value) ?? []), rule]));
  }
  return { named, others };
}

function candidates({ named, others }: ReturnType<typeof shelve>, event: NewEvent): Asking[] {
  const found = [...named].flatMap(
    ([field, values]) => values.get(asText(readField(event, field)) ?? '') ?? [],
  );
  return [...others, ...found];
}
