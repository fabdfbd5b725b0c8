// The topics that are alive, as a tree: how many lie under each part, and the pattern that holds them all.
import type { SeenTopic } from '#core/seen-topic.ts';

export interface Offer {
  /** A topic, or the pattern of all below a part. */
  pattern: string;
  topics: SeenTopic[];
  /** The part of the tree that opens, where there is more to choose below. */
  branch?: string;
}

const fewTopics = 8;

/**
 * What to choose from below a branch (undefined: the whole tree): first all of it, then each part. A tree of few topics
 * is shown whole, with the patterns that hold several.
 */
export function offersOf(topics: readonly SeenTopic[], branch?: string): Offer[] {
  const under = branch === undefined ? topics : topics.filter(({ topic }) => isUnder(topic, branch));
  const parts = partsOf(under, branch);
  if (branch === undefined) return under.length <= fewTopics ? parts.flatMap(opened) : parts;
  const all: Offer = { pattern: `${branch}.**`, topics: [...under] };
  return under.length < 2 ? parts : [all, ...parts];
}

function opened(offer: Offer): Offer[] {
  if (offer.branch === undefined) return [offer];
  const single = offer.topics.map((seen) => ({ pattern: seen.topic, topics: [seen] }));
  const all = { pattern: offer.pattern, topics: offer.topics };
  return offer.topics.length < 3 ? single : [all, ...single];
}

/** The parts one step below a branch, in the order in which they were alive. */
function partsOf(topics: readonly SeenTopic[], branch: string | undefined): Offer[] {
  const depth = branch === undefined ? 1 : branch.split('.').length + 1;
  const families = new Map<string, SeenTopic[]>();
  for (const seen of topics) {
    const name = seen.topic.split('.').slice(0, depth).join('.');
    families.set(name, [...(families.get(name) ?? []), seen]);
  }
  return [...families].map(([name, found]): Offer => {
    const [only] = found;
    return found.length === 1
      ? { pattern: only!.topic, topics: found }
      : { pattern: `${name}.**`, topics: found, branch: name };
  });
}

function isUnder(topic: string, branch: string): boolean {
  return topic === branch || topic.startsWith(`${branch}.`);
}
