// The sweeper's judgement: who sweeps, when it works itself, and that no failure ends it.
import { expect, it } from 'vitest';
import type { Doorbell, JobName, Work } from '#core/doorbell.ts';
import { oneAtATime } from '#queue/solo.ts';
import { startSweeper } from '#queue/sweeper.ts';
import { until } from '../harness/until.ts';

const bell = { job: 'notify', id: 'v_1' } as const;

function setUp(
  changes: {
    up?: () => boolean;
    lead?: () => Promise<boolean>;
    pending?: () => Promise<Doorbell[]>;
    work?: Partial<Work>;
    /** Whether somebody takes what was rung. */
    taken?: boolean;
  } = {},
) {
  let now = 1_000_000;
  const rung: Doorbell[] = [];
  const done: string[] = [];
  const said: string[] = [];
  const note = (job: JobName) => async (id: string) => {
    done.push(`${job} ${id}`);
  };
  const work: Work = {
    evaluate: note('evaluate'),
    due: note('due'),
    notify: note('notify'),
    deliver: note('deliver'),
    updates: note('updates'),
    scrape: note('scrape'),
    remap: note('remap'),
    timetable: note('timetable'),
    act: note('act'),
    ...changes.work,
  };
  const say = (_fields: object, text: string) => void said.push(text);
  let rounds = 0;
  const sweeper = startSweeper({
    lead: changes.lead ?? (async () => true),
    pending: async () => {
      rounds++;
      return changes.pending ? changes.pending() : [bell];
    },
    work,
    queue: {
      ring: (bells) => void rung.push(...bells),
      up: changes.up ?? (() => true),
      waiting: async (job) => (changes.taken === false ? rung.filter((bell) => bell.job === job).length : 0),
    },
    now: () => now,
    log: { debug: say, info: say, warn: say, error: say },
    meter: { count() {}, observe() {} },
    everyMs: 4,
    downAfterMs: 3_000,
    overdueMs: 10_000,
    roundMs: 100,
  });
  const more = async (count: number) => {
    const wanted = rounds + count;
    await until(`${count} more rounds`, () => rounds >= wanted);
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { sweeper, rung, done, said, more, pass };
}

it('rings for what waits, and leaves the work to the workers while the queue is well', async () => {
  const { sweeper, rung, done, more } = setUp();
  await more(5);
  await sweeper.stop();
  expect(rung.length).toBeGreaterThanOrEqual(4);
  expect(rung[0]).toEqual(bell);
  expect(done).toEqual([]);
});

it('does nothing while another process leads', async () => {
  let asked = 0;
  const { sweeper, rung } = setUp({
    lead: async () => {
      asked++;
      return false;
    },
  });
  await until('it asked', () => asked > 3);
  await sweeper.stop();
  expect(rung).toEqual([]);
});

it('works itself when the queue has been away for three seconds, not before, and says so once', async () => {
  let up = false;
  const { sweeper, done, said, more, pass } = setUp({ up: () => up });
  await more(3);
  pass(2_999);
  await more(3);
  expect([done, sweeper.degraded()]).toEqual([[], false]);
  pass(1);
  await more(3);
  expect(done).toContain('notify v_1');
  expect(sweeper.degraded()).toBe(true);
  up = true;
  await more(2);
  await sweeper.stop();
  expect(sweeper.degraded()).toBe(false);
  expect(said).toEqual(['the queue is away: working directly', 'the queue is back: working through it']);
});

it('works itself on a bell that nobody answers although the queue seems well', async () => {
  const { sweeper, done, more, pass } = setUp();
  await more(2);
  pass(9_000);
  await more(3);
  expect(done).toEqual([]);
  pass(1_000);
  await more(3);
  await sweeper.stop();
  expect(done).toContain('notify v_1');
});

it('survives a database that is away, telling it once, and goes on', async () => {
  let away = true;
  const { sweeper, rung, said, more } = setUp({
    pending: async () => {
      if (away) throw new Error('connection refused');
      return [bell];
    },
  });
  await more(4);
  away = false;
  await more(2);
  await sweeper.stop();
  expect(rung.length).toBeGreaterThan(0);
  expect(said).toEqual([
    'the sweeper cannot read the ledger; it keeps trying',
    'the sweeper is back at work',
  ]);
});

it('gives up a round that never answers', async () => {
  let hangs = true;
  const { sweeper, rung } = setUp({
    pending: () => {
      if (!hangs) return Promise.resolve([bell]);
      hangs = false;
      return new Promise(() => {});
    },
  });
  await until('it rings', () => rung.length > 0);
  await sweeper.stop();
});

it('looks again, once, at a bell that rang while it was worked on', async () => {
  const began: (() => void)[] = [];
  const times: number[] = [];
  let clock = 1;
  const slow = async (_id: string, now: number) => {
    times.push(now);
    await new Promise<void>((resolve) => began.push(resolve));
  };
  const work = oneAtATime(
    {
      evaluate: slow,
      due: slow,
      notify: slow,
      deliver: slow,
      updates: slow,
      scrape: slow,
      remap: slow,
      timetable: slow,
      act: slow,
    },
    () => clock,
  );
  const first = work.notify('v_1', clock);
  await work.notify('v_1', clock);
  await work.notify('v_1', clock);
  expect(times).toEqual([1]);
  clock = 2;
  began[0]!();
  await until('it looks again', () => times.length > 1);
  expect(times).toEqual([1, 2]);
  began[1]!();
  await first;
  expect(times).toEqual([1, 2]);
});

it('does not fill a queue from which nobody takes, and still rings for the other jobs', async () => {
  const crowd = Array.from({ length: 500 }, (_, id) => ({ job: 'notify', id: `v_${id}` }) as const);
  const other = { job: 'updates', id: '7' } as const;
  const { sweeper, rung, more } = setUp({ pending: async () => [...crowd, other], taken: false });
  await more(20);
  await sweeper.stop();
  expect(rung.filter(({ job }) => job === 'notify').length).toBeLessThanOrEqual(1_500);
  expect(rung.filter(({ job }) => job === 'updates').length).toBeGreaterThan(15);
});

it('while it works itself, a slow job holds up no other', async () => {
  let release = () => {};
  const stuck = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Doorbell = { job: 'deliver', id: 'telegram|1' };
  const { sweeper, done, more, pass } = setUp({
    up: () => false,
    pending: async () => [slow, bell],
    work: { deliver: () => stuck },
  });
  await more(2);
  pass(3_000);
  await more(4);
  expect(done).toContain('notify v_1');
  release();
  await sweeper.stop();
});
