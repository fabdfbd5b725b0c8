// Every target and how it is: what a list in the chat or over HTTP shows.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { allTargets, type Target } from '#store/targets.ts';
import { mayKeepSources } from './create-source.ts';
import type { World } from './world.ts';

/** `late`: it should have been asked long ago, so nobody asks at all. */
export type TargetState = 'waiting' | 'up' | 'down' | 'late' | 'paused';

export interface ListedTarget
  extends Omit<Target, 'secret' | 'memory' | 'leaseUntil' | 'upToldAt' | 'up' | 'paused'> {
  state: TargetState;
  /** Whether a user and password, or a token, is sent. */
  login: boolean;
}

/** The targets by name, for those who may add some. Passwords are never shown. */
export async function listTargets(
  world: World,
  actor: Actor,
  now: number,
): Promise<Outcome<{ targets: ListedTarget[] }>> {
  const { db } = world.database;
  if (!(await mayKeepSources(db, actor))) return refuse('forbidden', 'Only admins can see the targets.');
  return { ok: true, targets: (await allTargets(db)).map((target) => listed(target, now)) };
}

function listed(target: Target, now: number): ListedTarget {
  const { secret, memory: _memory, leaseUntil: _lease, upToldAt: _told, up, paused, ...rest } = target;
  const isLate = now - rest.nextAt > 3 * rest.everyMs + 60_000;
  const answered = up === null ? 'waiting' : up ? 'up' : 'down';
  return { ...rest, state: paused ? 'paused' : isLate ? 'late' : answered, login: secret !== null };
}
