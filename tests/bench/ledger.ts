// A real PostgreSQL for benchmarks, with as many rules as wanted in a fresh ledger.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Event } from '#core/event.ts';
import type { World } from '#operations/world.ts';
import { type Connection, startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { migrate } from '#store/migrate.ts';
import { packedColumns, packRule } from '#store/rule-feed.ts';
import { events } from '#store/schema/events.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { sealing } from '../harness/sealing.ts';
import { ruleNumber } from './many-rules.ts';

export interface BenchServer {
  /** A migrated database of its own. */
  ledger(): Promise<Database & { connection: Connection }>;
  /** The same, with the address for programs. */
  place(): Promise<Place>;
  /** The server's own process. */
  pid: number;
  stop(): Promise<void>;
}

export interface Place {
  database: Database;
  connection: Connection;
  /** For DATABASE_URL: a socket's folder is percent-encoded. */
  url: string;
}

/** Starts a server that waits for the disk, as one in use does; not `durable` where only what it does counts. */
export async function startServer({ durable = true } = {}): Promise<BenchServer> {
  const folder = temporaryFolder('bench');
  const server = await startEmbeddedPostgres({ dataDir: folder.path, durable });
  const opened: Database[] = [];
  const place = async (): Promise<Place> => {
    const name = `bench_${randomUUID().replaceAll('-', '')}`;
    const admin = openDatabase(server.connection, 1);
    await admin.sql.unsafe(`create database ${name}`);
    await admin.close();
    const connection = { ...server.connection, database: name };
    await migrate(connection);
    const database = openDatabase(connection, 8);
    opened.push(database);
    const { host, port, user } = connection;
    const url = `postgres://${encodeURIComponent(user)}@${encodeURIComponent(host)}:${port}/${name}`;
    return { database, connection, url };
  };
  return {
    ledger: async () => {
      const { database, connection } = await place();
      return { ...database, connection };
    },
    place,
    pid: server.pid,
    async stop() {
      for (const database of opened) await database.close();
      await server.stop();
      folder.remove();
    },
  };
}

/** Puts that many rules of `many-rules.ts` into the ledger. */
export async function fillRules({ sql }: Database, count: number): Promise<void> {
  const names = [...packedColumns, 'created_by', 'created_at', 'updated_at'].map((name) => `"${name}"`);
  const into = await sql.unsafe(`copy rules (${names.join(', ')}) from stdin`).writable();
  for (let i = 0; i < count; i += 500) {
    let lines = '';
    for (let k = i; k < Math.min(count, i + 500); k++)
      lines += `${packRule(ruleNumber(k, count))}\tbench\t2026-01-01Z\t2026-01-01Z\n`;
    if (!into.write(lines)) await once(into, 'drain');
  }
  into.end();
  await once(into, 'finish');
  await sql`insert into markers (name, value) values ('rules', 1)`;
  await sql`analyze`;
}

/** Puts events into one lane. */
export async function fillEvents(
  { db }: { db: Pick<Database['db'], 'insert'> },
  given: Event[],
  lane: number,
): Promise<void> {
  const rows = given.map((event) => ({
    sourceId: 's_bench',
    eventId: event.id,
    bodyHash: '',
    lane,
    fingerprint: event.fingerprint,
    source: event.source,
    type: event.type,
    subject: event.subject,
    body: JSON.stringify({ data: event.data, labels: event.labels }),
    receivedAt: event.receivedAt,
  }));
  await db.insert(events).values(rows);
}

/** A world on this ledger in which nobody hears the bells. */
export function benchWorld(database: Database): World {
  const quiet = () => {};
  return {
    database,
    ring: quiet,
    id: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    token: () => 'bench',
    ...sealing,
    defaultZone: 'UTC',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    meter: { count: quiet, observe: quiet },
  };
}
