// BullMQ on PostgreSQL: one shared pool, in which every worker keeps one connection to be woken by.
import { createPostgresBackend, type PostgresConnectionOptions, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { jobNames } from '#core/doorbell.ts';
import type { Backend } from './backend.ts';
import { type Bell, concurrency, kept, queueName } from './jobs.ts';

/** Where the server is: a URL, or a unix socket's folder for the embedded one. */
export type PostgresAddress =
  | { url: string }
  | { host: string; port?: number; user: string; database: string; password?: string };

const schema = 'bullmq';
const { Queue, Worker } = withBackend(createPostgresBackend);

/** Opens a pool; nothing is awaited here. `report` hears of every connection error. */
export function postgresBackend(address: PostgresAddress, report: (error: Error) => void): Backend {
  const place = 'url' in address ? { connectionString: address.url } : address;
  const pool = new pg.Pool({
    ...place,
    options: `-c search_path=${schema}`,
    application_name: 'tocsin-queue',
    // A waking connection per worker, and some to work with.
    max: jobNames.length + 7,
    connectionTimeoutMillis: 3_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  // BullMQ's own idea of a pool differs from @types/pg in one optional field only.
  const connection = pool as unknown as PostgresConnectionOptions;
  // Each of BullMQ's objects listens to the shared pool.
  pool.setMaxListeners(50);
  pool.on('error', report);

  return {
    name: 'postgres',
    async prepare() {
      const client = await pool.connect();
      try {
        // Waits for another process that is doing the same; a no-op when it is done.
        await runMigrations(client, schema);
      } finally {
        client.release();
      }
    },
    async ping() {
      await pool.query('select 1');
    },
    queue: (job) => new Queue<Bell>(queueName(job), { connection, defaultJobOptions: kept }),
    worker: (job, run, timing) =>
      new Worker<Bell>(queueName(job), (bell) => run(bell.data.id), {
        connection,
        concurrency: concurrency[job],
        ...timing,
      }),
    close: () => pool.end(),
  };
}
