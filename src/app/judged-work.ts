// The work of the rooms, in which nothing is judged by a clock that was set and not yet looked at.
import type { Work } from '#core/doorbell.ts';
import { oneAtATime } from '#queue/solo.ts';
import type { Locks } from '#store/locks.ts';
import { type ClockWatch, type JumpDeps, watchClock } from './clock-jumps.ts';
import type { Starting } from './starting.ts';

export interface JudgedWork {
  work: Work;
  clock: ClockWatch;
}

/** The same work; `evaluate` and `due` look at the clock first, where this process is the one that looks. */
export function judgedWork(
  rooms: Work,
  jumps: JumpDeps,
  locks: Locks,
  { elapsed, now }: Starting,
): JudgedWork {
  const judging = new Set<Promise<void>>();
  const clock = watchClock(jumps, elapsed, () => Promise.allSettled(judging));
  // Before an event is judged by the new clock, too, where we are the ones who look.
  const judged = (job: 'evaluate' | 'due') => async (id: string) => {
    if (locks.holds('sweeper')) await clock.look(now());
    const done = rooms[job](id, now());
    judging.add(done);
    await done.finally(() => judging.delete(done));
  };
  return { work: oneAtATime({ ...rooms, evaluate: judged('evaluate'), due: judged('due') }, now), clock };
}
