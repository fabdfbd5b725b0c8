// The rival: what matching costs when only these rules and events exist and no rule ever changes; flat arrays, no strings.
import type { Event } from '#core/event.ts';
import type { Rule } from '#core/rule.ts';

/** Finds the numbers of the rules that ask about an event and whose threshold it passes. */
export interface FlatIndex {
  ask(event: Event): number;
  /** What the last question found. */
  found: Int32Array;
}

/** Builds the prototype for rules as `many-rules.ts` makes them. */
export function makeFlatIndex(count: number, ruleAt: (i: number) => Rule): FlatIndex {
  const names = new Map<string, number>();
  const numberOf = (name: string) => {
    let number = names.get(name);
    if (number === undefined) {
      number = names.size + 1;
      names.set(name, number);
    }
    return number;
  };
  const size = 2 ** Math.ceil(Math.log2(count * 2 + 2));
  const heads = new Int32Array(size).fill(-1);
  const topics = new Int32Array(count);
  const subjects = new Int32Array(count);
  const envs = new Int32Array(count);
  const limits = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const nexts = new Int32Array(count);
  const placeOf = (topic: number, subject: number) => {
    const hash = Math.imul(topic, 0x9e3779b1) ^ Math.imul(subject, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & (size - 1);
  };
  // Thresholds without an equality stand in order of their limits, so that a chain ends at the first that is too high.
  const order = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const { topic, match, params } = ruleAt(i);
    topics[i] = numberOf(topic);
    for (const one of match)
      if ('value' in one) (one.field === 'subject' ? subjects : envs)[i] = numberOf(one.value);
    if ('limit' in params) limits[i] = params.limit as number;
    order[i] = subjects[i] === 0 ? limits[i]! : 0;
  }
  const sorted = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => order[b]! - order[a]!);
  for (const i of sorted) {
    const place = placeOf(topics[i]!, subjects[i]!);
    nexts[i] = heads[place]!;
    heads[place] = i;
  }
  const found = new Int32Array(10_000);
  let size_ = 0;
  const chain = (topic: number, subject: number, env: number, value: number) => {
    for (let i = heads[placeOf(topic, subject)]!; i >= 0; i = nexts[i]!) {
      if (topics[i] !== topic || subjects[i] !== subject) continue;
      if (limits[i]! >= value) {
        if (subject === 0) break;
        continue;
      }
      if (envs[i] === 0 || envs[i] === env) found[size_++] = i;
    }
  };
  return {
    found,
    ask({ type, subject, labels, data }) {
      size_ = 0;
      const host = names.get(subject) ?? -1;
      const env = names.get(labels.env ?? '') ?? -1;
      const value = data.value as number;
      const topic = names.get(type);
      if (topic !== undefined) {
        chain(topic, host, env, value);
        chain(topic, 0, env, value);
      }
      for (let end = type.indexOf('.'); ; end = type.indexOf('.', end + 1)) {
        const prefix = names.get(`${end < 0 ? type : type.slice(0, end)}.**`);
        if (prefix !== undefined) {
          chain(prefix, host, env, value);
          chain(prefix, 0, env, value);
        }
        if (end < 0) break;
      }
      return size_;
    },
  };
}
