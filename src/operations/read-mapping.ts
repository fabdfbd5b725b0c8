// A source's mapping, what waits for one, and a first guess from the newest sample: what a wizard begins with.
import type { Actor } from '#core/actor.ts';
import { type Guess, guessMapping } from '#core/guess-mapping.ts';
import type { Json } from '#core/json.ts';
import type { Lack, Mapping } from '#core/mapping.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { countKept, newestKept } from '#store/kept-bodies.ts';
import { findSource } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';

export interface MappingView {
  mapping: Mapping | null;
  mappingAt: number | null;
  /** How many bodies are kept because they could not be read. */
  waiting: number;
  /** The newest of them, and what was missing. */
  samples: { id: number; receivedAt: number; sample: Json; missing: Lack[] }[];
  /** From the newest sample; null without one. */
  guess: Guess | null;
}

const shown = 5;

/** The view, for those who may add sources. */
export async function readMapping(
  world: World,
  actor: Actor,
  { source: name }: { source: string },
  _now: number,
): Promise<Outcome<MappingView>> {
  const { db } = world.database;
  if (!(await mayKeepSources(db, actor))) return refuse('forbidden', 'Only admins can see mappings.');
  const source = await findSource(db, name);
  if (!source) return refuse('not-found', `There is no source called ${name.slice(0, 100)}.`);
  const samples = (await newestKept(db, source.id, shown)).map(({ id, receivedAt, body, missing }) => ({
    id,
    receivedAt,
    sample: JSON.parse(body) as Json,
    missing,
  }));
  const [newest] = samples;
  return {
    ok: true,
    mapping: source.mapping,
    mappingAt: source.mappingAt,
    waiting: await countKept(db, source.id),
    samples,
    guess: newest === undefined ? null : guessMapping(newest.sample, topicOf(source.name)),
  };
}

function topicOf(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 60);
}
