// Redis dies, forgets, is away, is silent, is full or is set wrongly: it is only the doorbell, so nobody may notice.
import type { AppProcess } from '../../harness/app-process.ts';
import { until } from '../../harness/until.ts';
import { answers } from '../answers.ts';
import { judge, quiet } from '../judge.ts';
import { crowd, history, pushAll, signUp, withoutBoards } from '../river.ts';
import { openStage, type Stage } from '../stage.ts';
import { atMost, exactly, holds, type Row, type Scenario, told } from './scenario.ts';

const sizes = {
  short: { kills: 5, flushes: 3, outageMs: 30_000, silenceMs: 10_000, events: 1_500 },
  release: { kills: 20, flushes: 10, outageMs: 600_000, silenceMs: 120_000, events: 30_000 },
};
const who = crowd(8);
const generous = 60;

export const redisFails: Scenario = {
  name: 'redis',
  title: 'Redis dies, forgets, is away, silent, full or set wrongly',
  covers: ['F9', 'F10', 'F11', 'F12', 'F13'],
  queues: ['redis'],
  async run({ seed, queue, profile, say }) {
    const size = sizes[profile];
    const stage = await openStage({ queue, people: who.length });
    const redis = stage.redis!;
    try {
      const app = await stage.program('app');
      await signUp(stage.telegram.telegram, who);
      await withoutBoards(app.url, stage.key);
      const seen = answers();
      const away = answers();
      let isAway = false;
      const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      const outage = async (begin: () => unknown, ms: number, end: () => unknown) => {
        isAway = true;
        await begin();
        await wait(ms);
        const lag = await toEvaluate(stage, app);
        slowest.away = Math.max(slowest.away ?? 0, lag);
        isAway = false;
        await end();
      };
      const slowest: Record<string, number> = {};
      const blows: [string, () => Promise<unknown>][] = [
        ...Array.from({ length: size.kills }, (): [string, () => Promise<unknown>] => [
          'kill -9',
          async () => {
            await redis.kill();
            await redis.restart();
          },
        ]),
        ...Array.from({ length: size.flushes }, (): [string, () => Promise<unknown>] => [
          'FLUSHALL',
          () => redis.flushall(),
        ]),
        ['an outage', () => outage(redis.kill, size.outageMs, redis.restart)],
        [
          'silence',
          () =>
            outage(
              () => redis.proxy.be('blackhole'),
              size.silenceMs,
              () => redis.proxy.be('pass'),
            ),
        ],
        ['forgotten connections', async () => redis.proxy.abandon()],
        [
          'a full memory',
          () =>
            outage(
              () => redis.set('maxmemory', '1'),
              6_000,
              () => redis.set('maxmemory', '0'),
            ),
        ],
      ];
      const strikes = blows.map(([name, strike], i): [number, () => Promise<void>] => [
        Math.floor(((i + 1) * size.events) / (blows.length + 1)),
        async () => {
          await strike();
          const seconds = await toEvaluate(stage, app);
          slowest[name] = Math.max(slowest[name] ?? 0, seconds);
          say(`after ${name} an event is evaluated within ${seconds} s`);
        },
      ]);
      const events = history(size.events, seed, who);
      const accepted = await pushAll(app.url, stage.key, events, strikes, {
        pauseMs: 400,
        seen(status, ms) {
          seen.note(status, ms);
          if (isAway) away.note(status, ms);
        },
      });
      await quiet(stage, profile === 'short' ? 180_000 : 3_600_000);
      return [
        told('answers', seen.all()),
        exactly('answers other than 202', events.length - seen.count(202), 0),
        told('99 % of the answers while Redis was away took at most', `${away.p99()} ms`),
        ...Object.entries(slowest).map(([name, seconds]) =>
          atMost(
            name === 'away' ? 'an event is evaluated while Redis is away within' : `after ${name}, within`,
            seconds,
            generous,
            ' s',
          ),
        ),
        ...(await judge(stage, accepted)),
        ...(await onlyBells(stage)),
        ...(await refusesForgetful(stage)),
      ];
    } finally {
      await stage.close();
    }
  },
};

/** Seconds from an event's 202 to its being evaluated. */
async function toEvaluate({ ledger, key }: Stage, app: AppProcess): Promise<number> {
  const id = `probe-${Math.round(performance.now() * 1_000)}`;
  const answer = await fetch(`${app.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id, type: 'probe.recovery', subject: id, data: {} }),
  });
  if (answer.status !== 202) throw new Error(`the probe was answered ${answer.status}`);
  const began = performance.now();
  await until(
    'the probe is evaluated',
    async () =>
      (await ledger.sql()`select 1 from events where event_id = ${id} and processed_at is not null`).length >
      0,
    120_000,
  );
  return Math.round((performance.now() - began) / 100) / 10;
}

/** What is in Redis afterwards is nothing that anybody would miss: no job waits, none was put aside as failed. */
async function onlyBells({ redis }: Stage): Promise<Row[]> {
  const left = await redis!.ask(async (one) => {
    const keys = await one.keys('bull:*');
    const lists = keys.filter((name) => /:(wait|active|delayed|failed)$/.test(name));
    return lists;
  });
  return [exactly('lists of jobs that are not empty', left.length, 0)];
}

async function refusesForgetful(stage: Stage): Promise<Row[]> {
  await stage.redis!.set('maxmemory-policy', 'allkeys-lru');
  const refused = await stage
    .program('refused', { ROLES: 'worker' })
    .then(() => 'it started')
    .catch((error: Error) => error.message);
  return [
    holds(
      'with allkeys-lru it refuses to start and says why',
      /noeviction/.test(refused),
      refused.slice(0, 100),
    ),
  ];
}
