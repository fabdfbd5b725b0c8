// What the fields of a source's JSON mean, said by somebody who knows it; what was kept until now is read again.
import type { Actor } from '#core/actor.ts';
import type { Json } from '#core/json.ts';
import { type Lack, type Mapping, mappingSchema } from '#core/mapping.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { countKept } from '#store/kept-bodies.ts';
import { changeSource, lockSource } from '#store/sources.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface MappingInput {
  /** The source's name or id. */
  source: string;
  /** A mapping as somebody wrote it; null takes it away. */
  mapping: unknown;
}

/** Sets the mapping; `waiting` bodies are tried with it from now on. Faults name each field. */
export async function setMapping(
  world: World,
  actor: Actor,
  { source: name, mapping: given }: MappingInput,
  now: number,
): Promise<Outcome<{ mapping: Mapping | null; waiting: number }> | (Refusal & { faults: Lack[] })> {
  const read = given === null ? { success: true as const, data: null } : mappingSchema.safeParse(given);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      text: issue.code === 'unrecognized_keys' ? `there is no field ${issue.keys.join(', ')}` : issue.message,
    }));
    return { ...refuse('invalid', 'The mapping has faults; the one before stays.'), faults };
  }
  const mapping = read.data;
  return write(world, actor, 'set-mapping', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can set mappings.');
    const source = await lockSource(tx, name);
    if (!source) return refuse('not-found', `There is no source called ${name.slice(0, 100)}.`);
    // Each mapping has an instant of its own, also two within one millisecond.
    const mappingAt = Math.max(now, (source.mappingAt ?? 0) + 1);
    await changeSource(tx, source.id, { mapping, mappingAt });
    return {
      ok: true,
      result: { mapping, waiting: await countKept(tx, source.id) },
      target: source.id,
      detail: { mapping: JSON.parse(JSON.stringify(mapping)) as Json },
      rings: mapping === null ? [] : [{ job: 'remap', id: source.id }],
    };
  });
}
