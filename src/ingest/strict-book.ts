// The topics that refuse what does not keep their declaration, remembered for a second: asked about at every event.
import { type DeclaredTopic, declarationFaults } from '#core/declared-topic.ts';
import type { NewEvent } from '#core/event.ts';
import type { World } from '#operations/world.ts';
import { strictTopics } from '#store/declared-topics.ts';

/** What is wrong with the event at this place of the request. */
export interface Breach {
  place: number;
  path: string;
  text: string;
}

export interface StrictBook {
  /** Whether it is known at this moment that no topic refuses anything. */
  isIdle(now: number): boolean;
  /** What is wrong with these events. Throws without a database. */
  breaches(events: readonly NewEvent[], now: number): Promise<Breach[]>;
}

const rememberedMs = 1_000;
const mostFaults = 50;

/** Opens it; the first event reads. */
export function openStrictBook(world: World): StrictBook {
  let known: { until: number; topics: Promise<Map<string, DeclaredTopic>>; none?: boolean } | undefined;

  async function read(): Promise<Map<string, DeclaredTopic>> {
    const rows = await strictTopics(world.database.db);
    return new Map(rows.map((row) => [row.topic, row]));
  }

  function topics(now: number) {
    if (known && isFresh(known, now)) return known.topics;
    const entry: NonNullable<typeof known> = { until: now + rememberedMs, topics: read() };
    entry.topics.then(
      ({ size }) => {
        entry.none = size === 0;
      },
      () => {
        if (known === entry) known = undefined;
      },
    );
    known = entry;
    return entry.topics;
  }

  return {
    isIdle: (now) => known?.none === true && isFresh(known, now),
    async breaches(events, now) {
      const strict = await topics(now);
      if (strict.size === 0) return [];
      const found: Breach[] = [];
      for (const [place, event] of events.entries()) {
        const declared = strict.get(event.type);
        if (!declared) continue;
        for (const { path, text } of declarationFaults(declared, event))
          found.push({ place, path, text: `${text} in ${event.type}` });
        if (found.length >= mostFaults) break;
      }
      return found.slice(0, mostFaults);
    },
  };
}

function isFresh({ until }: { until: number }, now: number): boolean {
  return now < until && now >= until - rememberedMs;
}
