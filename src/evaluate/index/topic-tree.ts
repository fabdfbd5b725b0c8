// Buckets by topic pattern: plain topics by name, patterns with * and ** in a tree of their parts.
import { Bucket } from './bucket.ts';
import type { Groups } from './groups.ts';
import type { Lead } from './question.ts';
import type { Slots } from './slots.ts';

interface Node<T> {
  parts: Map<string, Node<T>> | undefined;
  /** `*`: one part. */
  one: Node<T> | undefined;
  /** `**`: any number of parts. */
  many: Node<T> | undefined;
  bucket: Bucket<T> | undefined;
}

// Topics come again and again: where each leads is found once, for this many and as many as rules name.
const mostResolved = 4_096;

export class TopicTree<T> {
  private readonly resolved = new Map<string, Lead>();
  private readonly plain = new Map<string, Bucket<T>>();
  private root = emptyNode<T>();
  private readonly slots: Slots<T>;
  private readonly groups: Groups;

  constructor(slots: Slots<T>, groups: Groups) {
    this.slots = slots;
    this.groups = groups;
  }

  /** The pattern's bucket, made when there is none. */
  bucket(pattern: string): Bucket<T> {
    if (isPlain(pattern)) {
      let bucket = this.plain.get(pattern);
      if (!bucket) {
        bucket = this.newBucket();
        this.plain.set(pattern, bucket);
      }
      return bucket;
    }
    let node = this.root;
    for (const part of pattern.split('.')) node = child(node, part);
    node.bucket ??= this.newBucket();
    return node.bucket;
  }

  find(pattern: string): Bucket<T> | undefined {
    if (isPlain(pattern)) return this.plain.get(pattern);
    let node: Node<T> | undefined = this.root;
    for (const part of pattern.split('.')) node = node && next(node, part);
    return node?.bucket;
  }

  /** Forgets a bucket that is empty. */
  drop(pattern: string): void {
    if (isPlain(pattern)) this.plain.delete(pattern);
    else if (prune(this.root, pattern.split('.'), 0)) this.root = emptyNode();
  }

  /** Where a topic leads: to every bucket whose pattern holds it, each once. */
  over(topic: string): Lead {
    const known = this.resolved.get(topic);
    if (known) return known;
    const found = new Set<Bucket<T>>();
    const plain = this.plain.get(topic);
    if (plain) found.add(plain);
    walk(this.root, topic.split('.'), 0, found);
    const lead: Lead = { doors: [], sleeping: [] };
    for (const bucket of found) bucket.lead(lead);
    if (this.resolved.size >= mostResolved + this.plain.size) this.resolved.clear();
    this.resolved.set(topic, lead);
    return lead;
  }

  private newBucket(): Bucket<T> {
    return new Bucket(this.slots, this.groups, this.forget);
  }

  private readonly forget = (): void => {
    if (this.resolved.size > 0) this.resolved.clear();
  };
}

function isPlain(pattern: string): boolean {
  return !pattern.includes('*');
}

function walk<T>(node: Node<T>, topic: string[], at: number, found: Set<Bucket<T>>): void {
  if (node.many) for (let to = at; to <= topic.length; to++) walk(node.many, topic, to, found);
  if (at === topic.length) {
    if (node.bucket) found.add(node.bucket);
    return;
  }
  const exact = node.parts?.get(topic[at]!);
  if (exact) walk(exact, topic, at + 1, found);
  if (node.one) walk(node.one, topic, at + 1, found);
}

/** Forgets the bucket at the end and the nodes that lead to nothing any more; true when this node is one of them. */
function prune<T>(node: Node<T>, parts: string[], at: number): boolean {
  const part = parts[at];
  if (part === undefined) {
    node.bucket = undefined;
  } else {
    const there = next(node, part);
    if (there && prune(there, parts, at + 1)) {
      if (part === '*') node.one = undefined;
      else if (part === '**') node.many = undefined;
      else {
        node.parts?.delete(part);
        if (node.parts?.size === 0) node.parts = undefined;
      }
    }
  }
  return !node.bucket && !node.one && !node.many && !node.parts;
}

function next<T>(node: Node<T>, part: string): Node<T> | undefined {
  return part === '*' ? node.one : part === '**' ? node.many : node.parts?.get(part);
}

function child<T>(node: Node<T>, part: string): Node<T> {
  const known = next(node, part);
  if (known) return known;
  const made = emptyNode<T>();
  if (part === '*') node.one = made;
  else if (part === '**') node.many = made;
  else {
    node.parts ??= new Map();
    node.parts.set(part, made);
  }
  return made;
}

function emptyNode<T>(): Node<T> {
  return { parts: undefined, one: undefined, many: undefined, bucket: undefined };
}
