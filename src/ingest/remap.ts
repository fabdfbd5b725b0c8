// The job `remap`: bodies that were kept become events once the source's mapping can read them.
import type { Json } from '#core/json.ts';
import { applyMapping, type Lack } from '#core/mapping.ts';
import { topicMatches } from '#core/topic.ts';
import type { World } from '#operations/world.ts';
import { dropKept, type KeptBody, noteTried, untriedKept } from '#store/kept-bodies.ts';
import { findSource, type Source } from '#store/sources.ts';
import type { Accept } from './accept.ts';
import { bodyLimits } from './body.ts';
import { mapped } from './formats/mapped.ts';
import { toRows } from './rows.ts';

const page = 50;

/** Tries the source's mapping on everything that waits for it. Doing it twice takes nothing twice. */
export async function remapKept(world: World, accept: Accept, sourceId: string, now: number): Promise<void> {
  const { db } = world.database;
  while (!world.ending?.aborted) {
    const source = await findSource(db, sourceId);
    if (!source?.mapping || source.mappingAt === null) return;
    const waiting = await untriedKept(db, source.id, source.mappingAt, page);
    if (waiting.length === 0) return;
    for (const kept of waiting) {
      const missing = await take(world, accept, source, kept, now);
      // The ledger is away: the sweeper rings again.
      if (missing === 'away') return;
      if (missing.length === 0) await dropKept(db, kept.id);
      else await noteTried(db, kept.id, { missing, triedMapping: source.mappingAt });
    }
  }
}

/** What is missing, nothing when it is in the ledger. */
async function take(
  world: World,
  accept: Accept,
  source: Source,
  kept: KeptBody,
  now: number,
): Promise<Lack[] | 'away'> {
  const json = JSON.parse(kept.body) as Json;
  const read = applyMapping(source.mapping!, json, source.name);
  if (!read.ok) return read.lacks;
  const foreign = read.events.filter(
    ({ event }) => !kept.topics.some((one) => topicMatches(one, event.type)),
  );
  if (foreign.length > 0)
    return foreign.slice(0, 50).map(({ at, event }) => ({
      path: at,
      text: `the key that brought it may not push to ${event.type}`,
    }));
  // Its own name makes a second try harmless.
  const events = read.events.map(({ event }, index) => ({
    ...event,
    id: event.id ?? `kept-${kept.id}-${index}`,
    time: event.time ?? kept.receivedAt,
  }));
  const rows = toRows(
    events,
    read.events.map(({ at }) => at),
    {
      format: mapped,
      body: { json, text: () => kept.body, bytes: Buffer.alloc(0) },
      sourceId: source.id,
      id: () => world.id('e'),
      receivedAt: now,
    },
  );
  if (rows.some(({ body }) => body.length > bodyLimits.event))
    return [{ path: '', text: 'makes an event of more than 256 KB' }];
  const answer = await accept.take(rows);
  if (answer.is === 'taken') return [];
  if (answer.is === 'reused')
    return [{ path: '', text: 'its id names another event, which was taken before' }];
  if (answer.is === 'poison') return [{ path: '', text: 'holds what the database cannot keep' }];
  return 'away';
}
