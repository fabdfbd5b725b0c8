// Lanes that have work at the same moment are evaluated together; one with which something is wrong goes alone.
import { setImmediate as turn } from 'node:timers/promises';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import { type Batch, evaluateTogether, type SharedBatch } from './batch.ts';
import { type Evaluation, isEventsFault, tookTooLong, transact } from './evaluation.ts';
import { type Lane, makeLane, type Turnstile } from './lane.ts';

/** So many events at once: a commit costs each little, and nobody waits long for the next. */
const atOnce = 250;
/** While rules look at few of them, and they are short: finding them and the commit is most of what they cost. */
const plenty = { events: 1_000, matched: 0.25, letters: 2_000 };
/** One under way, and one for lanes that it does not hold. */
const mostRounds = 2;

export interface Rounds {
  /**
   * Works off what waits in the lane; whether something may be left, because others wait for a turn. A lane that another
   * process has may be let go: it is rung for later. Rejects when the ledger is away.
   */
  drain(lane: number, now: number): Promise<boolean>;
}

/**
 * So many lanes that another process has are waited for at a time: each wait takes a connection, and a frozen one takes long.
 * The others are let go, and rung for when one of those waits has ended.
 */
const mostWaits = 3;

interface Heard {
  now: number;
  done: Promise<boolean>;
  tell(left: boolean): void;
  refuse(error: unknown): void;
}

/** The lanes of one process. `onBatch` hears of each batch after its commit; `crowded`: whether others wait for a turn. */
export function openRounds(
  evaluation: Evaluation,
  onBatch: (batch: Omit<Batch, 'more'>, now: number) => void,
  crowded: () => boolean,
): Rounds {
  const { world } = evaluation;
  const turnstile = makeTurnstile();
  const known = new Map<number, Lane>();
  const heard = new Map<number, Heard>();
  const busy = new Set<number>();
  const letGo = new Set<number>();
  let waits = 0;
  let rounds = 0;
  let gathering = false;
  let light = false;

  function pump(): void {
    if (gathering || rounds >= mostRounds || ![...heard.keys()].some((lane) => !busy.has(lane))) return;
    rounds++;
    void round().finally(() => {
      rounds--;
      pump();
    });
  }

  async function round(): Promise<void> {
    // What is heard in the same turn of the loop comes along.
    gathering = true;
    await turn();
    gathering = false;
    const taken = new Map([...heard].filter(([lane]) => !busy.has(lane)).sort(([a], [b]) => a - b));
    for (const lane of taken.keys()) {
      heard.delete(lane);
      busy.add(lane);
    }
    pump();
    for (const [lane, one] of taken) {
      letGo.delete(lane);
      if (laneOf(lane).trusted) continue;
      taken.delete(lane);
      void alone(lane, one);
    }
    if (taken.size > 0) await inOne(taken);
  }

  async function inOne(taken: Map<number, Heard>): Promise<void> {
    const now = Math.max(...[...taken.values()].map((one) => one.now));
    const lanes = [...taken.keys()];
    try {
      const limits = { usual: atOnce, plenty: light ? plenty.events : undefined };
      const batch = await transact(evaluation, (tx) => evaluateTogether(tx, evaluation, lanes, limits, now));
      light = isLight(batch);
      if (batch.events.length > 0) {
        failpoint('drain.after_commit');
        onBatch(batch, now);
        failpoint('drain.after_ring');
      }
      for (const [lane, one] of taken) {
        if (batch.troubled.includes(lane)) void alone(lane, one);
        else if (batch.ours.includes(lane)) ended(lane, one, batch.left.includes(lane));
        else if (waits < mostWaits) void waitFor(lane, one);
        else {
          letGo.add(lane);
          busy.delete(lane);
          one.tell(false);
        }
      }
    } catch (error) {
      if (isEventsFault(error) || tookTooLong(error)) {
        // Whose it is shows when each goes alone, and less at a time.
        world.log.warn({ lanes, error: sayError(error) }, 'a batch of events of several lanes failed');
        for (const [lane, one] of taken) void alone(lane, one);
        return;
      }
      for (const [lane, { refuse }] of taken) {
        busy.delete(lane);
        refuse(error);
      }
    }
  }

  async function waitFor(lane: number, one: Heard): Promise<void> {
    waits++;
    await alone(lane, one);
    waits--;
    const rings = [...letGo].map((id) => ({ job: 'evaluate' as const, id: String(id) }));
    letGo.clear();
    if (rings.length > 0) world.ring(rings);
  }

  async function alone(lane: number, one: Heard): Promise<void> {
    try {
      const left = await laneOf(lane).drain((batch) => onBatch(batch, one.now), one.now);
      ended(lane, one, left);
    } catch (error) {
      busy.delete(lane);
      one.refuse(error);
    }
    pump();
  }

  function ended(lane: number, one: Heard, left: boolean): void {
    const goesOn = left && !world.ending?.aborted;
    if (goesOn && !crowded()) again(lane, one);
    else {
      busy.delete(lane);
      one.tell(goesOn);
    }
  }

  function again(lane: number, one: Heard): void {
    busy.delete(lane);
    const there = heard.get(lane);
    heard.set(lane, { ...one, now: Math.max(one.now, there?.now ?? 0) });
    // Whoever rang meanwhile hears with it.
    if (there) one.done.then(there.tell, there.refuse);
  }

  function laneOf(number: number): Lane {
    const lane = known.get(number) ?? makeLane(evaluation, number, turnstile);
    known.set(number, lane);
    return lane;
  }

  return {
    drain(lane, now) {
      const there = heard.get(lane);
      if (there) {
        there.now = Math.max(there.now, now);
        return there.done;
      }
      let tell: Heard['tell'] = () => {};
      let refuse: Heard['refuse'] = () => {};
      const done = new Promise<boolean>((resolve, reject) => {
        [tell, refuse] = [resolve, reject];
      });
      heard.set(lane, { now, done, tell, refuse });
      pump();
      return done;
    },
  };
}

/** Whether there is so much, of which so little comes, that more may go at once. */
function isLight({ events, left, matched, letters }: SharedBatch): boolean {
  const { length } = events;
  return left.length > 0 && matched <= length * plenty.matched && letters <= length * plenty.letters;
}

function makeTurnstile(): Turnstile {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => {});
    return next;
  };
}
