// Topics as a tree: what lies under each part, and how much of it.

/** One part of a path. `topics` and `events` are of everything below, itself included. */
export interface Branch {
  /** The last part of the path. */
  part: string;
  path: string;
  /** Whether there are events of exactly this topic. */
  isTopic: boolean;
  topics: number;
  events: number;
  lastAt: number;
  below: Branch[];
}

interface Counted {
  topic: string;
  count: number;
  lastAt: number;
}

/** The tree of these topics, its branches by name. */
export function treeOf(topics: readonly Counted[], path = ''): Branch[] {
  const depth = path === '' ? 0 : path.split('.').length;
  const families = new Map<string, Counted[]>();
  for (const one of topics) {
    const part = one.topic.split('.')[depth];
    if (part === undefined) continue;
    const family = families.get(part);
    if (family) family.push(one);
    else families.set(part, [one]);
  }
  return [...families.keys()].sort().map((part): Branch => {
    const family = families.get(part)!;
    const here = path === '' ? part : `${path}.${part}`;
    return {
      part,
      path: here,
      isTopic: family.some(({ topic }) => topic === here),
      topics: family.length,
      events: family.reduce((sum, { count }) => sum + count, 0),
      lastAt: family.reduce((latest, { lastAt }) => Math.max(latest, lastAt), 0),
      below: treeOf(family, here),
    };
  });
}
