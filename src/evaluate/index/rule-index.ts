// Which rules ask about an event: a trie of topic patterns, and under each pattern a bucket.
import type { NewEvent } from '#core/event.ts';
import { isOwnTopic } from '#core/topic.ts';
import { type Asking, type Bucket, collect, emptyBucket, putIn, takeOut } from './bucket.ts';

export interface RuleIndex<T> {
  readonly size: number;
  /** Adds a rule, or puts its new form in place of the old one. */
  put(rule: Asking, item: T): void;
  remove(id: string): void;
  find(id: string): T | undefined;
  /** The rules that ask about this event, in no order. */
  ask(event: NewEvent): T[];
}

interface Node<T> {
  parts: Map<string, Node<T>>;
  /** `*`: one part. */
  one: Node<T> | undefined;
  /** `**`: any number of parts. */
  many: Node<T> | undefined;
  bucket: Bucket<T> | undefined;
}

/** An index without rules. */
export function makeRuleIndex<T>(): RuleIndex<T> {
  const root = emptyNode<T>();
  const known = new Map<string, { rule: Asking; item: T }>();
  let questions = 0;

  function remove(id: string): void {
    const there = known.get(id);
    if (!there) return;
    known.delete(id);
    prune(root, there.rule.topic.split('.'), 0, there.rule);
  }

  return {
    get size() {
      return known.size;
    },
    put(rule, item) {
      remove(rule.id);
      const { id, topic, match, lists } = rule;
      const kept: Asking = { id, topic, match, ...(lists ? { lists } : {}) };
      known.set(rule.id, { rule: kept, item });
      let node = root;
      for (const part of rule.topic.split('.')) node = child(node, part);
      node.bucket ??= emptyBucket<T>();
      putIn(node.bucket, kept, item);
    },
    remove,
    find: (id) => known.get(id)?.item,
    ask(event) {
      const found: T[] = [];
      if (isOwnTopic(event.type)) return found;
      questions++;
      walk(root, event.type.split('.'), 0, event, questions, found);
      return found;
    },
  };
}

function walk<T>(
  node: Node<T>,
  topic: string[],
  at: number,
  event: NewEvent,
  question: number,
  found: T[],
): void {
  if (node.many)
    for (let to = at; to <= topic.length; to++) walk(node.many, topic, to, event, question, found);
  if (at === topic.length) {
    if (!node.bucket || node.bucket.asked === question) return;
    node.bucket.asked = question;
    collect(node.bucket, event, found);
    return;
  }
  const exact = node.parts.get(topic[at]!);
  if (exact) walk(exact, topic, at + 1, event, question, found);
  if (node.one) walk(node.one, topic, at + 1, event, question, found);
}

/** Removes the rule and the nodes that hold nothing any more; true when this node is one of them. */
function prune<T>(node: Node<T>, parts: string[], at: number, rule: Asking): boolean {
  const part = parts[at];
  if (part === undefined) {
    if (node.bucket) takeOut(node.bucket, rule);
    if (node.bucket?.size === 0) node.bucket = undefined;
  } else {
    const next = part === '*' ? node.one : part === '**' ? node.many : node.parts.get(part);
    if (next && prune(next, parts, at + 1, rule)) {
      if (part === '*') node.one = undefined;
      else if (part === '**') node.many = undefined;
      else node.parts.delete(part);
    }
  }
  return !node.bucket && !node.one && !node.many && node.parts.size === 0;
}

function child<T>(node: Node<T>, part: string): Node<T> {
  if (part === '*') {
    node.one ??= emptyNode();
    return node.one;
  }
  if (part === '**') {
    node.many ??= emptyNode();
    return node.many;
  }
  const known = node.parts.get(part);
  if (known) return known;
  const made = emptyNode<T>();
  node.parts.set(part, made);
  return made;
}

function emptyNode<T>(): Node<T> {
  return { parts: new Map(), one: undefined, many: undefined, bucket: undefined };
}
