// BullMQ on Redis: one connection that fails fast for ringing, others that wait for work.
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { type Backend, QueueRefused } from './backend.ts';
import { type Bell, concurrency, kept, queueName } from './jobs.ts';

const retryStrategy = (times: number) => Math.min(100 * times, 1_000);

/** Opens connections to Redis; nothing is awaited here. `report` hears of every connection error. */
export function redisBackend(url: string, report: (error: Error) => void): Backend {
  const common = { retryStrategy, connectTimeout: 3_000, keepAlive: 10_000 };
  // A ring must fail at once when Redis is away, and a black hole must not hold it.
  const ringing = new Redis(url, {
    ...common,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 2_000,
  });
  const working = new Redis(url, { ...common, maxRetriesPerRequest: null, lazyConnect: true });
  for (const redis of [ringing, working]) redis.on('error', report);
  let silent = 0;
  const atWork = () => {
    if (working.status === 'wait') working.connect().catch(report);
    return working;
  };

  return {
    name: 'redis',
    async prepare() {
      await ready(ringing);
      await refuseForgetful(ringing);
    },
    async ping() {
      try {
        await ringing.ping();
        silent = 0;
      } catch (error) {
        // Deaf, not refused: both connections may be dead without our hearing of it, so they are made anew.
        if (ringing.status === 'ready' && ++silent % 2 === 0)
          for (const redis of [ringing, working]) if (redis.status === 'ready') redis.disconnect(true);
        throw error;
      }
    },
    queue: (job) =>
      new Queue<Bell>(queueName(job), {
        connection: ringing,
        defaultJobOptions: kept,
        skipMetasUpdate: true,
      }),
    worker: (job, run, timing) =>
      new Worker<Bell>(queueName(job), (bell) => run(bell.data.id), {
        connection: atWork(),
        concurrency: concurrency[job],
        ...timing,
      }),
    async close() {
      ringing.disconnect();
      working.disconnect();
    },
  };
}

function ready(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new Error('Redis did not answer within 3 seconds')), 3_000);
    const onReady = () => end();
    const onError = (error: Error) => end(error);
    const end = (error?: Error) => {
      clearTimeout(timer);
      redis.off('ready', onReady).off('error', onError);
      if (error) reject(error);
      else resolve();
    };
    redis.once('ready', onReady).once('error', onError);
  });
}

// INFO and not CONFIG GET: hosted servers forbid the latter.
async function refuseForgetful(redis: Redis): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  throw new QueueRefused(
    `Redis is set to throw data away when its memory is full (maxmemory-policy ${policy}), which breaks queues. ` +
      'Set it to noeviction: redis-cli config set maxmemory-policy noeviction, and the same in redis.conf.',
  );
}
