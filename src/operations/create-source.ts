// A new source: something that may push events.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Reader } from '#store/connection.ts';
import { addSource, type Source } from '#store/sources.ts';
import { roleOf } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface SourceInput {
  /** 1-100 characters, used in messages and as the events' default `source`. */
  name: string;
  /** Events a second on average (200), and how many at once (2,000). */
  ratePerSecond?: number;
  burst?: number;
}

/** Adds a source. Refuses a name that is taken, and people who are not admins. */
export async function createSource(
  world: World,
  actor: Actor,
  input: SourceInput,
  now: number,
): Promise<Outcome<{ source: Source }>> {
  const { name, ratePerSecond = 200, burst = Math.max(2_000, ratePerSecond) } = input;
  const fault = nameFault(name) ?? rateFault(ratePerSecond) ?? rateFault(burst);
  if (fault) return refuse('invalid', fault);
  return write(world, actor, 'create-source', now, async (tx) => {
    if (!(await mayKeepSources(tx, actor))) return refuse('forbidden', 'Only admins can add sources.');
    const row = { id: world.id('s'), name, ratePerSecond, burst, createdAt: now };
    const { source, added } = await addSource(tx, row);
    if (!added) return refuse('conflict', `There is already a source called ${name}.`);
    return { ok: true, result: { source }, target: source.id, detail: { name, ratePerSecond, burst } };
  });
}

/** Whether the actor may add sources and give out keys: admins, owners, the operator, keys with the scope `admin`. */
export async function mayKeepSources(db: Reader, actor: Actor): Promise<boolean> {
  const role = await roleOf(db, actor);
  return role === 'admin' || role === 'owner';
}

/** Why this is no name for a source, or undefined. */
export function nameFault(name: string): string | undefined {
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._/:-]{0,99}$/u.test(name)) return undefined;
  return 'A source’s name has 1 to 100 letters, digits, spaces or . _ / : -';
}

function rateFault(rate: number): string | undefined {
  if (Number.isInteger(rate) && rate >= 1 && rate <= 1_000_000) return undefined;
  return 'A rate is a whole number from 1 to 1,000,000.';
}
