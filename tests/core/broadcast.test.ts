// The course of a broadcast over random lives: nobody twice in a round, and whoever is still concerned is not forgotten.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Course, fateOf, type Reached, takeTurn } from '#core/broadcast.ts';

const hour = 3_600_000;
const course = (given: Partial<Course> = {}): Course => ({
  id: 'n_1',
  status: 'running',
  next: 'first',
  nextAt: 0,
  round: 0,
  firstPercent: null,
  restAfterMs: null,
  everyMs: null,
  endsAt: 1000 * hour,
  ...given,
});
const owners = Array.from({ length: 20 }, (_, i) => `p_${i}`);

/** What the ledger keeps of it. */
function open(start: Course) {
  let now = start;
  const reached = new Map<string, Reached>();
  const told: { ownerId: string; round: number }[] = [];
  return {
    told,
    reached,
    get course() {
      return now;
    },
    step(concerned: string[], at: number) {
      const turn = takeTurn(now, concerned, [...reached.values()], at);
      for (const ownerId of turn.joined)
        reached.set(ownerId, { ownerId, round: 0, seenAt: null, leftAt: null });
      for (const ownerId of turn.left) reached.get(ownerId)!.leftAt = at;
      for (const ownerId of turn.back) Object.assign(reached.get(ownerId)!, { leftAt: null, seenAt: null });
      for (const ownerId of turn.tell) {
        reached.get(ownerId)!.round = turn.course.round;
        told.push({ ownerId, round: turn.course.round });
      }
      now = { ...now, ...turn.course };
      return turn;
    },
  };
}

it('tells all at once, and is done', () => {
  const life = open(course());
  expect(life.step(owners, 0).tell).toEqual(owners);
  expect(life.course).toMatchObject({ status: 'done', round: 1 });
});

it('tells a tenth first, the same tenth whoever asks, and the others when somebody says so', () => {
  const life = open(course({ firstPercent: 10 }));
  const first = life.step(owners, 0).tell;
  expect(first).toHaveLength(2);
  expect(takeTurn(course({ firstPercent: 10 }), [...owners].reverse(), [], 0).tell.sort()).toEqual(
    [...first].sort(),
  );
  expect(life.course).toMatchObject({ status: 'running', next: 'rest', nextAt: 1000 * hour });
  expect(life.step(owners, hour).tell.sort()).toEqual(owners.filter((one) => !first.includes(one)).sort());
  expect(life.course.status).toBe('done');
});

it('another broadcast begins with others', () => {
  const first = (id: string) => takeTurn(course({ id, firstPercent: 10 }), owners, [], 0).tell.join();
  expect(new Set(['a', 'b', 'c', 'd', 'e'].map(first)).size).toBeGreaterThan(1);
});

it('tells one person at least, and waits for nobody when that is everybody', () => {
  const life = open(course({ firstPercent: 1 }));
  expect(life.step(['p_1'], 0).tell).toEqual(['p_1']);
  expect(life.course.status).toBe('done');
});

it('is repeated to those who stayed and did not confirm, until nobody is left', () => {
  const life = open(course({ everyMs: 24 * hour }));
  life.step(['p_1', 'p_2', 'p_3'], 0);
  life.reached.get('p_1')!.seenAt = 1;
  const second = life.step(['p_1', 'p_2', 'p_4'], 24 * hour);
  expect(second).toMatchObject({ tell: ['p_2', 'p_4'], left: ['p_3'], joined: ['p_4'] });
  expect(life.step(['p_1'], 48 * hour)).toMatchObject({ tell: [], left: ['p_2', 'p_4'] });
  expect(life.course.status).toBe('done');
});

it('who comes back is concerned anew', () => {
  const life = open(course({ everyMs: hour }));
  life.step(['p_1', 'p_2'], 0);
  life.reached.get('p_1')!.seenAt = 1;
  life.step(['p_2'], hour);
  expect(life.step(['p_1', 'p_2'], 2 * hour).tell).toEqual(['p_1', 'p_2']);
});

it('at its end nobody is told any more, also not the rest', () => {
  const life = open(course({ firstPercent: 50, endsAt: 10 }));
  life.step(owners, 0);
  expect(life.step(owners, 10).tell).toEqual([]);
  expect(life.course.status).toBe('done');
});

it('over random lives: once a round at most, everyone concerned at a round unless confirmed, and it always ends', () => {
  const somebody = fc.subarray(owners);
  fc.assert(
    fc.property(
      fc.record({
        firstPercent: fc.option(fc.integer({ min: 1, max: 99 })),
        restAfterMs: fc.option(fc.integer({ min: 1, max: 5 * hour })),
        everyMs: fc.option(fc.integer({ min: hour, max: 50 * hour })),
        endsAt: fc.integer({ min: 1, max: 300 * hour }),
      }),
      fc.array(fc.tuple(somebody, fc.nat({ max: 2 })), { minLength: 1, maxLength: 30 }),
      (given, steps) => {
        const life = open(course(given));
        let now = 0;
        for (const [concerned, seers] of steps) {
          if (life.course.status !== 'running') break;
          const { next } = life.course;
          life.step(concerned, now);
          if (next !== 'first' && life.course.status === 'running')
            for (const ownerId of concerned) {
              const one = life.reached.get(ownerId)!;
              expect(one.seenAt !== null || one.round === life.course.round).toBe(true);
            }
          for (const ownerId of concerned.slice(0, seers)) life.reached.get(ownerId)!.seenAt ??= now;
          now = Math.max(now, life.course.nextAt);
        }
        const marks = life.told.map(({ ownerId, round }) => `${ownerId} ${round}`);
        expect(new Set(marks).size).toBe(marks.length);
        // With nobody confirming, its end date is the last of its steps.
        for (let i = 0; i < 1000 && life.course.status === 'running'; i++)
          life.step(owners, life.course.nextAt);
        expect(life.course.status).toBe('done');
      },
    ),
  );
});

it.each([
  [{ round: 0, seenAt: null, leftAt: null }, null, 'waiting'],
  [{ round: 1, seenAt: null, leftAt: null }, null, 'unreachable'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'sent', reason: null }, 'told'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'held', reason: 'quiet-hours' }, 'held'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'retry', reason: null }, 'on-its-way'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'dead', reason: null }, 'unreachable'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'suppressed', reason: 'opted-out' }, 'opted-out'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'suppressed', reason: 'stopped' }, 'stopped'],
  [{ round: 1, seenAt: null, leftAt: null }, { status: 'suppressed', reason: 'not-at-home' }, 'unreachable'],
  [{ round: 1, seenAt: 5, leftAt: null }, { status: 'sent', reason: null }, 'seen'],
  [{ round: 1, seenAt: 5, leftAt: 6 }, { status: 'sent', reason: null }, 'left'],
] as const)('%o, %o is %s', (receipt, told, fate) => {
  expect(fateOf(receipt, told)).toBe(fate);
});
