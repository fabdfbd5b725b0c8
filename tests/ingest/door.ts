// A room to push into: a fresh database, a key, a clock that is set by hand, and the doorbells that were rung.
import { randomBytes } from 'node:crypto';
import type { Doorbell } from '#core/doorbell.ts';
import { makeId } from '#core/id.ts';
import { openBackTests } from '#evaluate/back-tests.ts';
import { ensureBootstrapKey } from '#ingest/bootstrap-key.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { channelBook } from '#notify/channel-book.ts';
import { channelsOf } from '#notify/channels/index.ts';
import { templateBook } from '#notify/templates/book.ts';
import type { World } from '#operations/world.ts';
import type { Connection } from '#sandbox/postgres/index.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { writeRunFile } from '../../src/app/run-file.ts';
import { border } from '../harness/border.ts';
import { freshDatabase } from '../harness/database.ts';
import { sealing } from '../harness/sealing.ts';

export const bootstrap = 'a-key-from-the-environment';

interface Pushed {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  json: any;
}

export interface Door {
  world: World;
  database: Database;
  bells: Doorbell[];
  told: string[];
  counts: Map<string, number>;
  clock: { now: number };
  app: ReturnType<typeof ingestRoutes>;
  post(
    body: unknown,
    options?: { path?: string; key?: string; headers?: Record<string, string> },
  ): Promise<Pushed>;
  get(path: string, key?: string): Promise<Pushed>;
  close(): Promise<void>;
}

/** A world for tests: real ids, a log that says nothing. */
export function testWorld(database: Database, bells: Doorbell[], counts = new Map<string, number>()): World {
  const quiet = () => {};
  return {
    database,
    ring: (rung) => bells.push(...rung),
    id: (prefix) => makeId(prefix, randomBytes(20)),
    token: () => randomBytes(16).toString('base64url'),
    ...sealing,
    defaultZone: 'Europe/Berlin',
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    meter: {
      count: (name, _labels, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by),
      observe: quiet,
    },
  };
}

/** Opens the room on a database of its own, reached through `wire` when one is given. */
export async function openDoor(wire?: (connection: Connection) => Promise<Connection>): Promise<Door> {
  const fresh = await freshDatabase();
  const database = openDatabase(wire ? await wire(fresh.connection) : fresh.connection, 6);
  const bells: Doorbell[] = [];
  const told: string[] = [];
  const counts = new Map<string, number>();
  const clock = { now: Date.UTC(2026, 4, 4, 12) };
  const world = testWorld(database, bells, counts);
  await ensureBootstrapKey(world, bootstrap, clock.now);
  const app = ingestRoutes({
    world,
    backTests: openBackTests(world, () => 0),
    templates: templateBook,
    channels: channelBook(channelsOf({ world, ...border } as never)),
    now: () => clock.now,
    tellOwners: async (text) => {
      told.push(text);
    },
  });
  return {
    world,
    database,
    bells,
    told,
    counts,
    clock,
    app,
    post: async (body, { path = '/v1/events', key = bootstrap, headers = {} } = {}) =>
      answer(
        await app.request(path, {
          method: 'POST',
          body: bodyOf(body),
          headers: {
            'content-type': 'application/json',
            ...(key && { authorization: `Bearer ${key}` }),
            ...headers,
          },
        }),
      ),
    get: async (path, key = bootstrap) =>
      answer(await app.request(path, { headers: key ? { authorization: `Bearer ${key}` } : {} })),
    close: async () => {
      await app.close();
      // The driver waits in vain for connections that a test has cut.
      await database.sql.end({ timeout: 0 });
      await fresh.drop();
    },
  };
}

function bodyOf(body: unknown): string | Buffer {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
}

async function answer(response: Response): Promise<Pushed> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === '' ? undefined : JSON.parse(text),
  };
}

/** Leaves word in this folder of where the door and its ledger are, as a running program does. */
export function saysWhereItRuns({ database }: Door, folder: string, url: string, now: number): void {
  const where = database.sql.options as unknown as { host: string[]; user: string; database: string };
  writeRunFile(folder, {
    pid: 1,
    startedAt: now,
    url,
    database: { host: String(where.host[0] ?? where.host), user: where.user, database: where.database },
  });
}
