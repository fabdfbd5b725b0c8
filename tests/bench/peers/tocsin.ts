// Tocsin itself as a peer: the real program on a real PostgreSQL, with people who watch a topic each.
import path from 'node:path';
import type { Rule } from '#core/rule.ts';
import type { Database } from '#store/connection.ts';
import { packedColumns, packRule } from '#store/rule-feed.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { freePort } from '../../harness/free-port.ts';
import { program } from '../../harness/program.ts';
import { type BenchServer, fillRules, type Place } from '../ledger.ts';
import { benchToken } from '../load/yard.ts';
import { type Server, startProgram } from './process.ts';

export const benchKey = 'bench-key-0123456789';
/** The chat of the person with this number. */
export const chatOf = (person: number) => 100_001 + person;

export interface TocsinSettings {
  server: BenchServer;
  /** A ledger that is there and empty. */
  place?: Place;
  apiRoot: string;
  /** People, each with a rule about a topic of their own: `bench.t0` is the first one's. */
  people?: number;
  /** Rules of others besides, that are about something else. */
  rules?: number;
  variables?: Record<string, string>;
  /** On this port again. */
  port?: number;
  /** What follows `node`, when it is not the built program itself. */
  words?: string[];
}

export interface Tocsin extends Server {
  place: Place;
}

/** What follows `node` in `npm run start:http`, for a process that only accepts. */
export async function acceptingWords(): Promise<string[]> {
  const words = await program('src/main.ts');
  return words.map((word) => word.replace(/^--max-semi-space-size=.*/, '--max-semi-space-size=16'));
}

/** Starts it on a ledger of its own. */
export async function startTocsin(settings: TocsinSettings): Promise<Tocsin> {
  const place = settings.place ?? (await settings.server.place());
  if (settings.rules) await fillRules(place.database, settings.rules);
  if (settings.people) await fillPeople(place.database, settings.people);
  return startOn(place, settings);
}

/** Starts it on a ledger that is there. */
export async function startOn(
  place: Place,
  { apiRoot, variables = {}, port: given, words }: Omit<TocsinSettings, 'server'>,
): Promise<Tocsin> {
  const folder = temporaryFolder('bench-tocsin');
  const port = given ?? (await freePort());
  const env = {
    HOME: folder.path,
    DATA_DIR: path.join(folder.path, 'data'),
    PORT: String(port),
    LOG_LEVEL: 'error',
    DATABASE_URL: place.url,
    TELEGRAM_BOT_TOKEN: benchToken,
    TELEGRAM_API_ROOT: apiRoot,
    TELEGRAM_PER_SECOND: '0',
    OWNER_IDS: '1',
    BOOTSTRAP_API_KEY: benchKey,
    // The same at each start, for what was sealed before a kill.
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    ...variables,
  };
  const flags = process.env.BENCH_PROFILE
    ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`]
    : [];
  const args = [...flags, ...(words ?? (await program('src/main.ts')))];
  const server = await startProgram(process.execPath, args, { port, path: '/readyz', env });
  return {
    ...server,
    place,
    async kill() {
      await server.kill();
      folder.remove();
    },
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}

/** Everybody can be told, and is told each thing by itself. */
export async function fillPeople({ sql }: Database, count: number): Promise<void> {
  await sql`insert into people (id, telegram_id, name, role, zone, created_at)
    select 'p_bench' || i, ${chatOf(0)}::int + i, 'Person ' || i, 'member', 'UTC', now()
    from generate_series(0, ${count - 1}::int) i`;
  await sql`insert into receivers (id, owner_id, channel, address, label, style, created_at)
    select 'v_bench' || i, 'p_bench' || i, 'telegram', (${chatOf(0)}::int + i)::text, 'Telegram', '{"storm":0}', now()
    from generate_series(0, ${count - 1}::int) i`;
  const names = [...packedColumns, 'created_by', 'created_at', 'updated_at'].map((name) => `"${name}"`);
  const into = await sql.unsafe(`copy rules (${names.join(', ')}) from stdin`).writable();
  for (let i = 0; i < count; i++) into.write(`${packRule(ruleOf(i))}\tbench\t2026-01-01Z\t2026-01-01Z\n`);
  into.end();
  await new Promise((resolve) => into.once('finish', resolve));
  await sql`insert into markers (name, value) values ('rules', 1) on conflict do nothing`;
  await sql`analyze`;
}

function ruleOf(person: number): Rule {
  return {
    id: `r_bench${person}`,
    ownerId: `p_bench${person}`,
    name: `Too much of t${person}`,
    topic: `bench.t${person}`,
    match: [],
    kind: 'threshold',
    params: { field: 'value', op: '>', limit: 90 },
    key: ['source', 'subject'],
    forMs: 0,
    keepFiringForMs: 0,
    severity: null,
    paused: false,
    to: [`v_bench${person}`],
    version: 1,
  };
}
