// The back-test: a million stored events through one rule, with a real ledger of its own.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { World } from '#operations/world.ts';
import { startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { migrate } from '#store/migrate.ts';
import { openBackTests } from '../../../src/evaluate/back-tests.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { sealing } from '../../harness/sealing.ts';
import { type Area, atMost, type Cell, number, words } from '../area.ts';
import { timed } from '../clock.ts';

const now = Date.UTC(2026, 4, 18, 12);
const days = 14;
const above = { field: 'usage', op: '>', limit: 97 };
const rules: [string, object][] = [
  ['a limit, one number in a hundred beyond', { kind: 'threshold', params: above }],
  ['the same for one host of ten', { kind: 'threshold', params: above, match: ['host = cad1'] }],
  [
    'with another limit at night',
    { kind: 'threshold', params: above, bands: [{ when: '21:00-07:00', params: { limit: 99 } }] },
  ],
  [
    'more than 20 within 1 h',
    { kind: 'count', params: { moreThan: 20, within: '1h' }, match: ['usage > 97'] },
  ],
  ['every event', { kind: 'every' }],
];

export const replay: Area = {
  name: 'replay',
  title: 'what a rule would have told, from stored events',
  async measure({ quick, say }) {
    const folder = temporaryFolder('replay');
    const server = await startEmbeddedPostgres({ dataDir: folder.path, durable: false });
    try {
      await migrate(server.connection);
      const database = openDatabase(server.connection, 4);
      const count = quick ? 50_000 : 1_000_000;
      say(`${count.toLocaleString('en-US')} events are written`);
      await fill(database, count);
      const rows: Cell[][] = [];
      let [slowest, held] = [0, 0];
      for (const [name, rest] of rules) {
        say(name);
        const { ms, cpuMs, loopMs, told } = await once(database, { topic: 'disk.usage', ...rest });
        rows.push([
          words(name),
          number(ms),
          number(cpuMs),
          number(count / (ms / 1000)),
          number(told),
          number(loopMs),
        ]);
        slowest = Math.max(slowest, name === 'every event' ? 0 : ms);
        held = Math.max(held, loopMs);
      }
      await database.close();
      return {
        tables: [
          {
            title: `${count.toLocaleString('en-US')} events of ${days} days through one rule`,
            columns: ['rule', 'wall ms', 'cpu ms', 'events/s', 'told', 'longest without a turn ms'],
            rows,
            notes: ['Wall time is what a person waits; CPU is this process alone, without the database.'],
          },
        ],
        aims: [
          atMost(
            'seconds for a million events, the slowest of the limits',
            (slowest / 1000) * (1_000_000 / count),
            10,
            5,
            ' s',
          ),
          atMost('longest time in which nothing else had a turn', held, 100, 50, ' ms'),
        ],
      };
    } finally {
      await server.stop();
      folder.remove();
    }
  },
};

async function once(database: Database, document: object) {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const world: World = {
    database,
    ring: () => {},
    id: (prefix) => prefix,
    token: () => 'token',
    ...sealing,
    defaultZone: 'Europe/Berlin',
    log: silent,
    meter: { count() {}, observe() {} },
  };
  const book = openBackTests(world, () => performance.now());
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const { result, ms, cpuMs } = await timed(() =>
    book.run({ is: 'operator', name: 'bench' }, { ownerId: 'p_bench', rule: { document }, days }, {}, now),
  );
  loop.disable();
  if (!result.ok) throw new Error(result.text);
  return { ms, cpuMs, loopMs: loop.max / 1e6, told: result.result.told };
}

/** A number from 40 to 100 for each of a hundred subjects in turn, spread over the whole time. */
async function fill(database: Database, count: number): Promise<void> {
  const step = (days * 86_400_000) / count;
  await database.sql.unsafe(`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type,
      subject, body, received_at, processed_at, matched)
    select 's', 'e' || i, '', i % 16, '["cad","disk.usage","/fs' || i % 100 || '"]', 'cad', 'disk.usage',
      '/fs' || i % 100,
      json_build_object('data', json_build_object('usage', 40 + (i * 7919::bigint) % 6061 / 101.0),
        'labels', json_build_object('host', 'cad' || i % 10))::text,
      timestamptz '${new Date(now - days * 86_400_000).toISOString()}' + i * interval '${step} milliseconds', now(), 0
    from generate_series(1, ${count}) i`);
  await database.sql.unsafe('vacuum analyze events');
}
