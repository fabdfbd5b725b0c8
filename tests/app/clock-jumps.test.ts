// Somebody sets the clock back: what was to come in a while comes then, once; what is told by the wall clock stays there.
import { expect, it } from 'vitest';
import { evaluateWork } from '#evaluate/worker.ts';
import { chime } from '#queue/clock.ts';
import { shareNow, slowDown } from '#store/budgets.ts';
import { lastRoundTrip, oldestWaiting } from '#store/canary.ts';
import { events } from '#store/schema/events.ts';
import { startCanary } from '../../src/app/canary.ts';
import { afterSetBack, watchClock } from '../../src/app/clock-jumps.ts';
import { until } from '../harness/until.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from '../journeys/story.ts';

const [minute, hour] = [60_000, 3_600_000];
const calm = { complaints: [/set back/], limits: 'off' as const };

const jumpsOf = ({ rooms: { world, tellOwners } }: StoryWorld) => ({
  database: world.database,
  log: world.log,
  tellOwners,
  defaultZone: 'Europe/Berlin',
});

/** Looks at a clock beside which no other time passes. */
const watching = (world: StoryWorld) => watchClock(jumpsOf(world), () => 0);

/** Between two rounds of the sweeper the clock is set, and hardly any time passes. */
async function isSet(world: StoryWorld, by: number): Promise<void> {
  const { look } = watching(world);
  await look(world.now());
  world.setsClock(by);
  await look(world.now());
  await world.settle();
}

/** Pushes it, and nobody looks at it yet. */
async function pushes(world: StoryWorld, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
  const answer = await world.app.request('/v1/events', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(202);
}

/** Ana comes and makes a rule by a line. */
async function anaWatches(world: StoryWorld, line: string, said: string): Promise<StoryWorld['ana']> {
  await world.enrols(world.ana);
  await world.ana.says(`/watch ${line}`);
  world.ana.expects(said);
  return world.ana;
}

const full = (usage: number, time?: number) => ({
  type: 'disk.usage',
  subject: '/var',
  ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
  data: { usage },
});

story(
  'what must hold for five minutes is told after five minutes, and the owner learns of the clock',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90 for 5m', 'over 90');
    await world.post(full(95));
    await world.advance('2m');
    await isSet(world, -hour);
    ana.expects('set back by 1 h');
    await world.advance('2m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('95');
    await world.advance('3h');
    ana.expectsNothing();
  },
  calm,
);

story(
  'what was taken before the clock was set back, and is judged after it, waits no longer',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90 for 5m', 'over 90');
    await pushes(world, full(95));
    await isSet(world, -hour);
    ana.expects('set back by 1 h');
    await world.advance('4m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('95');
  },
  calm,
);

story(
  'silence is noticed in time although the clock is a day behind',
  async (world) => {
    const ana = await anaWatches(world, 'backup.done absent for 1h', 'Any backup.done');
    await world.post({ type: 'backup.done', subject: 'cad', data: {} });
    await world.advance('30m');
    await isSet(world, -24 * hour);
    ana.expects('set back by 1 d');
    await world.advance('29m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('nothing for 1 h');
    await world.advance('25h');
    ana.expectsNothing();
  },
  calm,
);

story(
  'who heard before the clock was set back is reminded in time',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90', 'over 90');
    await ana.says('/settings');
    await ana.presses('Follow-up');
    await ana.presses('Remind every 15 min');
    await world.post(full(95));
    await world.advance('10m');
    ana.expects('95');
    await isSet(world, -hour);
    ana.expects('set back by 1 h');
    await world.advance('4m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('Still burning');
  },
  calm,
);

const bands = [{ when: 'Mon-Fri 09:00-18:00' }, { when: 'otherwise', params: { every: '2h' } }];
for (const [title, document] of [
  ['of a rule that counts longer than the jump', { params: { every: '1h' } }],
  ['of a rule with time bands', { params: { every: '1h' }, bands }],
] as const)
  story(
    `silence is noticed in time after a jump that is shorter than what was heard before it, ${title}`,
    async (world) => {
      const { ana } = world;
      await world.enrols(ana);
      await world.makesRule(ana, { name: 'Backup', topic: 'backup.done', kind: 'absence', ...document });
      await world.post({ type: 'backup.done', subject: 'cad', data: {} });
      await world.advance('40m');
      await isSet(world, -30 * minute);
      ana.expects('set back by 30 min');
      await world.advance('19m');
      ana.expectsNothing();
      await world.advance('2m');
      ana.expects('nothing for 1 h');
    },
    calm,
  );

story(
  'what must hold for an hour is told in time by the band that begins meanwhile',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.makesRule(ana, {
      name: 'Disk',
      topic: 'disk.usage',
      kind: 'threshold',
      params: { field: 'usage', op: '>', limit: 97 },
      for: '3h',
      bands: [{ when: 'Mon-Fri 12:40-18:00', params: { limit: 90 } }, { when: 'otherwise' }],
    });
    // It is 12:00 in Berlin.
    await world.post(full(95));
    await world.advance('30m');
    await isSet(world, -hour);
    ana.expects('set back by 1 h');
    await world.advance('149m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('95');
  },
  calm,
);

story(
  'the share of the pace grows back from now',
  async (world) => {
    const { db } = world.rooms.world.database;
    await db.transaction((tx) => slowDown(tx, 'telegram', world.now(), world.now()));
    await isSet(world, -hour);
    expect(await shareNow(db, 'telegram', world.now())).toBeLessThan(1);
    expect(await shareNow(db, 'telegram', world.now() + 5 * minute)).toBe(1);
  },
  calm,
);

story(
  'a jump is made up for once by all who saw it: those that start, and those that led or lead',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90 for 5m', 'over 90');
    const { db } = world.rooms.world.database;
    (await startCanary(world.rooms.world, () => true, world.now)).stop();
    await world.settle();
    const jumps = jumpsOf(world);
    let behind = 0;
    const elapsed = () => world.now() + behind;
    const [leads, led] = [watchClock(jumps, elapsed), watchClock(jumps, elapsed)];
    const isSetBack = (by: number) => {
      behind += by;
      world.setsClock(-by);
    };
    for (const one of [leads, led]) await one.look(world.now());
    await world.post(full(95));
    isSetBack(hour);
    await Promise.all([afterSetBack(jumps, world.now()), afterSetBack(jumps, world.now())]);
    for (const one of [leads, led]) await one.look(world.now());
    expect(await lastRoundTrip(db), 'the canary').toBeLessThanOrEqual(world.now());
    await world.settle();
    ana.expects('set back by 1 h');
    ana.expectsNothing();
    await world.advance('4m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('95');
    // The next one is made up for again.
    isSetBack(2 * hour);
    for (const one of [led, leads]) await one.look(world.now());
    await world.settle();
    ana.expects('set back by 2 h');
    ana.expectsNothing();
  },
  calm,
);

story(
  'in a backlog a jump waits for one batch, and what is left is rung for',
  async (world) => {
    const { ana } = world;
    const { db } = world.rooms.world.database;
    await world.enrols(ana);
    const hundred = Array.from({ length: 100 }, (_, i) => full(i));
    for (let i = 0; i < 7; i++) await pushes(world, hundred);
    const [{ lane } = { lane: -1 }] = await db.select({ lane: events.lane }).from(events).limit(1);
    const evaluate = { job: 'evaluate', id: String(lane) } as const;
    let draining: Promise<void> = Promise.resolve();
    const { look, waits } = watchClock(
      jumpsOf(world),
      () => 0,
      () => draining,
    );
    await look(world.now());
    let looked: Promise<void> | undefined;
    const rung: object[] = [];
    const meter = {
      observe() {},
      count(name: string) {
        if (name !== 'tocsin_events_processed_total' || looked) return;
        world.setsClock(-hour);
        looked = look(world.now());
      },
    };
    const ring = (bells: object[]) => void rung.push(...bells);
    const work = evaluateWork({ ...world.rooms.world, meter, ring }, undefined, waits);
    draining = work.evaluate(evaluate.id, world.now());
    await draining;
    await looked;
    expect(waits()).toBe(false);
    expect(await oldestWaiting(db), 'what is left').toBeDefined();
    expect(rung).toContainEqual(evaluate);
    await work.close();
    await world.settle();
    ana.expects('set back by 1 h');
  },
  calm,
);

story(
  'the sender goes on at once, and what bears its own time is not too late',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90', 'over 90');
    // Spends what the chat may take at once: the next turn lies ahead.
    for (const usage of [95, 50, 96, 51, 97]) await world.post(full(usage, world.now()));
    await world.settle();
    ana.expects('97');
    await isSet(world, -hour);
    ana.expects('set back by 1 h');
    await world.post(full(52, world.now()));
    ana.expects('over');
    await world.post(full(98, world.now()));
    ana.expects('98');
  },
  calm,
);

story(
  'a message that Telegram wanted later goes out when it wanted it',
  async (world) => {
    const ana = await anaWatches(world, 'disk.usage usage > 90', 'over 90');
    const { telegram } = world;
    telegram.faults.next(
      1,
      { status: 429, description: 'Too Many Requests: retry after 120', parameters: { retry_after: 120 } },
      { method: 'sendMessage' },
    );
    await world.post(full(95));
    ana.expectsNothing();
    await isSet(world, -hour);
    await world.advance('3m');
    ana.expects('95');
  },
  { ...calm, complaints: [/set back/, /./], refused: [/./] },
);

story(
  'Telegram is not silent for longer than it asked all to wait',
  async (world) => {
    const { ana, ben, telegram } = world;
    for (const one of [ana, ben]) {
      await world.enrols(one);
      await one.says('/watch disk.usage usage > 90');
      one.expects('over 90');
    }
    telegram.faults.next(
      2,
      { status: 429, description: 'Too Many Requests: retry after 120', parameters: { retry_after: 120 } },
      { method: 'sendMessage' },
    );
    await world.post(full(95));
    await isSet(world, -hour);
    await world.advance('3m');
    ana.expects('95');
    ben.expects('95');
  },
  { ...calm, complaints: [/set back/, /./], refused: [/./] },
);

story(
  'nor of one between what came before the clock was set forward and what came after it, judged together',
  async (world) => {
    const ana = await anaWatches(world, 'backup.done absent for 1h', 'Any backup.done');
    const done = { type: 'backup.done', subject: 'cad', data: {} };
    await pushes(world, done);
    const { look } = watching(world);
    await look(world.now());
    world.setsClock(24 * hour);
    await pushes(world, done);
    await look(world.now());
    await world.settle();
    await world.advance('59m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('nothing for 1 h');
  },
  calm,
);

story(
  'nobody is told of a silence that only the clock made, and a real one is noticed after it',
  async (world) => {
    const ana = await anaWatches(world, 'backup.done absent for 1h', 'Any backup.done');
    await world.post({ type: 'backup.done', subject: 'cad', data: {} });
    await world.advance('30m');
    await isSet(world, 24 * hour);
    await world.advance('59m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('nothing for');
  },
  calm,
);

it('a chime follows the clock that was set back, and rings once when it is set forward', async () => {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  let at = Date.UTC(2026, 4, 4, 10, 0, 30);
  let looks = 0;
  let rung = 0;
  const bell = chime(
    '0 * * * * *',
    'test',
    log,
    async () => {
      rung += 1;
    },
    () => {
      looks += 1;
      return at;
    },
  );
  at -= 24 * hour;
  const before = looks;
  await until('it has looked at the new clock', () => looks > before);
  at += minute;
  await until('it rings', () => rung === 1);
  at += 24 * hour;
  await until('it rings again', () => rung === 2);
  await expect(until('it rings for each minute that was left out', () => rung > 2, 1_500)).rejects.toThrow();
  bell.stop();
});
