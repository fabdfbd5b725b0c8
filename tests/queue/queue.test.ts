// The same promises on both backends: bells arrive, storms are gathered, nothing waits for a server that is away.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type JobName, jobNames } from '#core/doorbell.ts';
import type { Log, Meter } from '#core/log.ts';
import { openQueue, type Queue } from '#queue/queue.ts';
import { startSweeper } from '#queue/sweeper.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { type RedisServer, redisAvailable, startRedis } from '../harness/redis.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const meter: Meter = { count() {}, observe() {} };
const deps = { log: silent, meter, pulse: 100, timing: { lockDuration: 2_000, stalledInterval: 1_000 } };
const nothing = async () => {};
const idle = Object.fromEntries(jobNames.map((job) => [job, nothing])) as Record<JobName, typeof nothing>;
const until = (check: () => unknown, timeout = 20_000) =>
  vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout, interval: 10 });

describe.each(['redis', 'postgres'] as const)('the queue on %s', (backend) => {
  const skipped = backend === 'redis' && !redisAvailable();
  describe.skipIf(skipped)('', () => {
    let redis: RedisServer;
    let database: FreshDatabase;
    let place: Parameters<typeof openQueue>[0];
    const open: Queue[] = [];
    const queue = async () => {
      const opened = await openQueue(place, deps);
      open.push(opened);
      return opened;
    };
    beforeEach(async () => {
      if (backend === 'redis') {
        redis = await startRedis();
        place = { redisUrl: redis.url };
      } else {
        database = await freshDatabase();
        place = { postgres: database.connection };
      }
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close(1_000)));
      await redis?.stop();
      await database?.drop();
    });

    it('brings bells of every job to their work, from one process to another', async () => {
      const heard: string[] = [];
      const note = (job: string) => async (id: string) => void heard.push(`${job} ${id}`);
      const [ringer, worker] = [await queue(), await queue()];
      await worker.consume(
        {
          evaluate: note('evaluate'),
          due: note('due'),
          notify: note('notify'),
          deliver: note('deliver'),
          updates: note('updates'),
          scrape: note('scrape'),
          remap: note('remap'),
          timetable: note('timetable'),
          act: note('act'),
        },
        () => 1,
      );
      ringer.ring([
        { job: 'evaluate', id: '7' },
        { job: 'deliver', id: 'telegram|-100:5' },
        { job: 'notify', id: 'v_1' },
        { job: 'updates', id: '42' },
        { job: 'due', id: 'all' },
      ]);
      await until(() => heard.length === 5);
      expect(heard.toSorted()).toEqual([
        'deliver telegram|-100:5',
        'due all',
        'evaluate 7',
        'notify v_1',
        'updates 42',
      ]);
    });

    it('knows how many bells nobody has taken', async () => {
      const one = await queue();
      one.ring(Array.from({ length: 30 }, (_, id) => ({ job: 'notify', id: `v_${id}` })));
      await until(async () => (await one.waiting('notify')) === 30);
      expect(await one.waiting('updates')).toBe(0);
    });

    it('keeps a bounded number of bells while nobody takes them; whoever comes back finds what was left out', async () => {
      let [rounds, spared] = [0, 0];
      const count = (name: string) => {
        if (/^tocsin_bells_(lost|rung)_total$/.test(name)) rounds++;
        if (name === 'tocsin_bells_lost_total') spared++;
      };
      const ringer = await openQueue(place, { ...deps, meter: { ...meter, count } });
      open.push(ringer);
      const left = new Set<string>();
      while (spared < 3) {
        const round = rounds;
        const bells = Array.from({ length: 100 }, (_, i) => `${round}_${i}`);
        for (const id of bells) left.add(id);
        ringer.ring(bells.map((id) => ({ job: 'notify' as const, id })));
        await until(() => rounds > round);
        expect(rounds).toBeLessThan(20);
      }
      expect(await ringer.waiting('notify')).toBeLessThan(2_000);
      const worker = await queue();
      await worker.consume({ notify: async (id) => void left.delete(id) }, () => Date.now());
      const sweeper = startSweeper({
        lead: async () => true,
        pending: async () => [...left].slice(0, 500).map((id) => ({ job: 'notify', id })),
        work: { ...idle, notify: async (id) => void left.delete(id) },
        queue: worker,
        now: () => Date.now(),
        log: silent,
        meter,
        everyMs: 1_000,
      });
      await until(() => left.size === 0);
      await sweeper.stop();
      // There is room again, and it is seen.
      left.add('again');
      await until(() => {
        ringer.ring([{ job: 'notify', id: 'again' }]);
        return !left.has('again');
      });
    });

    it('makes a storm of one bell few jobs, and works on a bell once at a time', async () => {
      const one = await queue();
      let running = 0;
      let most = 0;
      let calls = 0;
      await one.consume(
        {
          evaluate: async () => {
            running++;
            calls++;
            most = Math.max(most, running);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
          },
        },
        () => 1,
      );
      for (let i = 0; i < 5_000; i++) one.ring([{ job: 'evaluate', id: String(i % 2) }]);
      await until(() => calls >= 2);
      expect(calls).toBeLessThan(20);
      expect(most).toBeLessThanOrEqual(2);
    });

    it('goes on after work that failed', async () => {
      const one = await queue();
      const heard: string[] = [];
      await one.consume(
        {
          notify: async (id) => {
            heard.push(id);
            if (id === 'bad') throw new Error('no');
          },
        },
        () => 1,
      );
      one.ring([{ job: 'notify', id: 'bad' }]);
      await until(() => heard.includes('bad'));
      one.ring([{ job: 'notify', id: 'good' }]);
      await until(() => heard.includes('good'));
    });

    it('loses nothing that the ledger still knows when everything in the queue is deleted', async () => {
      const one = await queue();
      const waiting = new Set(Array.from({ length: 40 }, (_, i) => `v_${i}`));
      await one.consume({ notify: async (id) => void waiting.delete(id) }, () => Date.now());
      const sweeper = startSweeper({
        lead: async () => true,
        pending: async () => [...waiting].map((id) => ({ job: 'notify', id })),
        work: idle,
        queue: one,
        now: () => Date.now(),
        log: silent,
        meter,
        everyMs: 50,
      });
      one.ring([...waiting].map((id) => ({ job: 'notify' as const, id })));
      await wipe();
      await until(() => waiting.size === 0);
      await sweeper.stop();
    });

    it('neither throws nor waits while the server is away, is worked around, and comes back by itself', async () => {
      const one = await queue();
      let direct = 0;
      let byQueue = 0;
      let more = true;
      await one.consume({ notify: async () => void byQueue++ }, () => Date.now());
      const sweeper = startSweeper({
        lead: async () => true,
        pending: async () => (more ? [{ job: 'notify', id: 'v_1' }] : []),
        work: { ...idle, notify: async () => void direct++ },
        queue: one,
        now: () => Date.now(),
        log: silent,
        meter,
        everyMs: 50,
        downAfterMs: 300,
      });
      await until(() => byQueue > 0);
      const back = await takeAway();
      const before = process.cpuUsage();
      for (let i = 0; i < 1_000; i++) expect(one.ring([{ job: 'notify', id: `x${i}` }])).toBeUndefined();
      expect(process.cpuUsage(before).user).toBeLessThan(200_000);
      await until(() => !one.up());
      await until(() => direct > 2);
      await back();
      await until(() => one.up());
      const heard = byQueue;
      await until(() => byQueue > heard);
      more = false;
      await sweeper.stop();
    });

    it.each([
      ['does not hold up what another can do', 3_600_000, 'v_2'],
      // BullMQ itself does that.
      ['has its bell handed on after a while', 2_000, 'v_1'],
    ])('a killed worker %s', async (_what, lockDuration, wanted) => {
      const ringer = await queue();
      const child = await victim(lockDuration);
      ringer.ring([{ job: 'notify', id: 'v_1' }]);
      await once(child.stdout!, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const survivor = await queue();
      const heard: string[] = [];
      await survivor.consume({ notify: async (id) => void heard.push(id) }, () => 1);
      ringer.ring([{ job: 'notify', id: 'v_2' }]);
      await until(() => heard.includes(wanted));
    });

    const wipe = async () => {
      if (backend === 'redis') return redis.flushall();
      await cut(`truncate ${'bullmq'}.job cascade`);
    };
    const takeAway = async (): Promise<() => Promise<void>> => {
      if (backend === 'redis') {
        await redis.kill();
        return () => redis.restart();
      }
      const name = database.connection.database;
      const other = { ...database.connection, database: 'postgres' };
      await sqlOn(other, `alter database ${name} allow_connections false`);
      await sqlOn(other, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
      return async () => sqlOn(other, `alter database ${name} allow_connections true`);
    };
    const cut = (statement: string) => sqlOn(database.connection, statement);
    const victim = async (lockDuration: number): Promise<ChildProcess> => {
      const program = new URL('./worker-program.ts', import.meta.url).pathname;
      const words = ['--import', 'tsx', program, JSON.stringify(place), String(lockDuration)];
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
      const [text] = await once(child.stdout!, 'data');
      expect(String(text)).toContain('waiting');
      return child;
    };
  });
});

async function sqlOn(connection: FreshDatabase['connection'], statement: string): Promise<void> {
  const { default: postgres } = await import('postgres');
  const sql = postgres({ ...connection, max: 1, onnotice: () => {} });
  await sql.unsafe(statement);
  await sql.end();
}

describe.skipIf(!redisAvailable())('a Redis that may forget', () => {
  it('is refused with what to change', async () => {
    const server = await startRedis();
    const { Redis } = await import('ioredis');
    const redis = new Redis(server.url);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(openQueue({ redisUrl: server.url }, deps)).rejects.toThrow(
      /maxmemory-policy allkeys-lru.*noeviction/s,
    );
    redis.disconnect();
    await server.stop();
  });

  it('when it is away at the start, the queue opens all the same and finds it later', async () => {
    const server = await startRedis();
    await server.kill();
    const one = await openQueue({ redisUrl: server.url }, deps);
    expect(one.up()).toBe(false);
    const heard: string[] = [];
    await one.consume({ due: async (id) => void heard.push(id) }, () => 1);
    one.ring([{ job: 'due', id: 'lost' }]);
    await server.restart();
    await until(() => one.up());
    one.ring([{ job: 'due', id: 'all' }]);
    await until(() => heard.includes('all'));
    await one.close(1_000);
    await server.stop();
  });
});
