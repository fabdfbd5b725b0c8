// Which rules ask about an event: by topic, then by a door, then by a gate; what is left is tried on those found.
import type { NewEvent } from '#core/event.ts';
import { isOwnTopic } from '#core/topic.ts';
import { type Asking, type Place, placeOf } from './asking.ts';
import type { Bucket } from './bucket.ts';
import { Groups } from './groups.ts';
import { Question } from './question.ts';
import { type Form, Slots } from './slots.ts';
import { TopicTree } from './topic-tree.ts';

export interface RuleIndex<T> {
  readonly size: number;
  /** Adds a rule, or puts its new form in place of the old one, which is returned. */
  put(item: T): T | undefined;
  /** Returns what was there. */
  remove(id: string): T | undefined;
  find(id: string): T | undefined;
  /** Puts another item of the same rule in the place of each. */
  replace(by: (item: T) => T): void;
  /**
   * The rules that ask about this event, in no order, without those that sleep: for them the event changes nothing unless
   * they remember something for its key. `sleeping`: the fields of the keys under which they sleep, one perhaps twice.
   */
  ask(event: NewEvent): { found: T[]; sleeping: readonly string[][] };
}

/** An index without rules. It keeps the items and what it needs to find them; the rest is read from them by `form`. */
export function makeRuleIndex<T>(form: Form<T, Asking>): RuleIndex<T> {
  const slots = new Slots<T>(form.idOf);
  const groups = new Groups(slots.records);
  const topics = new TopicTree<T>(slots, groups);
  const question = new Question(slots, groups);

  function remove(id: string): T | undefined {
    const slot = slots.find(id);
    if (slot < 0) return undefined;
    const item = slots.item(slot);
    const asking = form.asking(item);
    const bucket = topics.find(asking.topic);
    bucket?.remove(slot, asking, placeOf(asking));
    if (bucket?.size === 0) topics.drop(asking.topic);
    slots.remove(slot);
    return item;
  }

  return {
    get size() {
      return slots.size;
    },
    put(item) {
      // Reading it may throw: then everything is as it was.
      const asking = form.asking(item);
      const place = placeOf(asking);
      const old = remove(asking.id);
      const bucket = topics.bucket(asking.topic);
      const gated = mayGate(place, asking, bucket);
      const { gate, sleeps, compared, rest } = gated ? place : { ...place, gate: undefined, sleeps: false };
      const left = gated || !compared ? rest : [...rest, compared];
      bucket.add(slots.add(asking.id, item, left, asking.lists, gate, sleeps), asking, place);
      return old;
    },
    remove,
    find(id) {
      const slot = slots.find(id);
      return slot < 0 ? undefined : slots.item(slot);
    },
    replace: (by) => slots.replace(by),
    ask(event) {
      if (isOwnTopic(event.type)) return { found: [], sleeping: [] };
      const lead = topics.over(event.type);
      return { found: question.ask(event, lead), sleeping: lead.sleeping };
    },
  };
}

function mayGate<T>({ gate, sleeps }: Place, { key }: Asking, bucket: Bucket<T>): boolean {
  return gate !== undefined && (!sleeps || bucket.maySleep(key));
}
