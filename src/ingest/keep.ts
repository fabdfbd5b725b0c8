// A body that cannot be read yet is kept, and its sender told what is missing.
import type { World } from '#operations/world.ts';
import { keepBody } from '#store/kept-bodies.ts';
import type { Source } from '#store/sources.ts';
import { bounds } from './accept.ts';
import { type Body, bodyLimits } from './body.ts';
import type { Around, Fault } from './format.ts';
import type { Caller } from './key-book.ts';
import { within } from './patience.ts';
import { type Problem, problems } from './problem.ts';
import type { Taken } from './taken.ts';

/** More than a person looks through, and little enough for any disk. */
const mostKept = 1_000;

/** What a format is told about who pushes. */
export function sourceOf({ name, mapping }: Source): Around['source'] {
  return mapping === null ? { name } : { name, mapping };
}

/** Keeps the body for a later mapping; a refusal where there is no more room. */
export async function keep(
  world: World,
  { source, topics }: Caller,
  body: Body,
  missing: Fault[],
  now: number,
): Promise<Taken | Problem> {
  const text = body.text();
  if (text.length > bodyLimits.event)
    return problems.tooLarge('A body that is kept for a mapping has at most 256 KB.');
  const row = {
    sourceId: source.id,
    body: text,
    topics,
    missing,
    triedMapping: source.mappingAt,
    receivedAt: now,
  };
  try {
    const id = await within(bounds.patienceMs, keepBody(world.database.db, row, mostKept));
    if (id === undefined)
      return {
        ...problems.invalid(missing),
        detail: `${mostKept.toLocaleString('en-US')} bodies of this source wait for a mapping; no more are kept.`,
      };
    world.meter.count('events_kept');
    return { accepted: 0, duplicates: 0, events: [], fingerprints: [], kept: { id, missing } };
  } catch {
    return problems.away();
  }
}
