// A new key for a source. Its text is shown once; only the digest is kept.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { patternFault } from '#core/topic.ts';
import { keyHash, keyText } from '#store/key-text.ts';
import { addKey, addSource } from '#store/sources.ts';
import { mayKeepSources, nameFault } from './create-source.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const scopes = ['ingest', 'read', 'admin'] as const;

export interface KeyInput {
  /** The source's name; a source that is not there yet is added with the usual rate. */
  source: string;
  /** Default: `ingest`. */
  scopes?: string[];
  /** Patterns of the topics it may push to and read; default: all. */
  topics?: string[];
  /** Epoch milliseconds; absent: it does not end by itself. */
  expiresAt?: number;
}

/** Makes a key. Returns its text, which nobody can see again. */
export async function createKey(
  world: World,
  actor: Actor,
  input: KeyInput,
  now: number,
): Promise<Outcome<{ id: string; key: string }>> {
  const { source: name, scopes: wanted = ['ingest'], topics = ['**'], expiresAt = null } = input;
  const fault = nameFault(name) ?? scopeFault(wanted) ?? topicsFault(topics);
  if (fault) return refuse('invalid', fault);
  if (expiresAt !== null && !(expiresAt > now)) return refuse('invalid', 'That time is already over.');
  return write(world, actor, 'create-key', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can give out keys.');
    const id = world.id('k');
    const text = keyText(id, world.token() + world.token());
    const row = { id: world.id('s'), name, ratePerSecond: 200, burst: 2_000, createdAt: now };
    const { source } = await addSource(tx, row);
    await addKey(tx, {
      id,
      sourceId: source.id,
      hash: keyHash(text),
      scopes: [...new Set(wanted)],
      topics,
      createdAt: now,
      createdBy: actorRef(actor),
      expiresAt,
    });
    const detail = { source: name, scopes: wanted, topics, expiresAt };
    return { ok: true, result: { id, key: text }, target: id, detail };
  });
}

function scopeFault(wanted: string[]): string | undefined {
  const wrong = wanted.find((scope) => !(scopes as readonly string[]).includes(scope));
  if (wrong !== undefined)
    return `There is no scope “${wrong.slice(0, 40)}”; there are ${scopes.join(', ')}.`;
  return wanted.length === 0 ? 'A key needs at least one scope.' : undefined;
}

function topicsFault(topics: string[]): string | undefined {
  if (topics.length === 0 || topics.length > 50) return 'A key has 1 to 50 topic patterns.';
  for (const pattern of topics) {
    const fault = patternFault(pattern);
    if (fault) return `The topic “${pattern.slice(0, 40)}” cannot be used: ${fault}.`;
  }
  return undefined;
}
