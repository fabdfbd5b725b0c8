// Scraping: how fast pages of metrics are read, and how many targets one process asks, reads and commits a second.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { readExposition } from '#core/exposition.ts';
import { startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { migrate } from '#store/migrate.ts';
import { openAccept } from '../../../src/ingest/accept.ts';
import { openModuleBook } from '../../../src/ingest/module-book.ts';
import { openScraping, type Scraping } from '../../../src/ingest/scraping.ts';
import { addTarget } from '../../../src/operations/add-target.ts';
import { readAllowed } from '../../../src/outbound/address.ts';
import { openOutbound } from '../../../src/outbound/fetch.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { testWorld } from '../../ingest/door.ts';
import { type Area, atLeast, type Findings, number, words } from '../area.ts';
import { alternate, median } from '../clock.ts';

export const scraping: Area = {
  name: 'scraping',
  title: 'pages of metrics read, and targets asked a second by one process',
  async measure({ quick, say }) {
    const findings: Findings = { tables: [], aims: [] };
    const page = nodePage();
    const bytes = Buffer.byteLength(page);
    say('reading pages');
    const wanted = new Set(['node_filesystem_size_bytes', 'node_load5', 'node_memory_MemAvailable_bytes']);
    const times = alternate(
      {
        all: () => readExposition(page),
        some: () => readExposition(page, { wanted: (name) => wanted.has(name) }),
      },
      { rounds: quick ? 3 : 7, ms: 300, most: 2_000 },
    );
    const speed = (ns: number) => (bytes / ns) * 1_000;
    findings.tables.push({
      title: `A page like node_exporter’s, ${Math.round(bytes / 1_000)} kB`,
      columns: ['what is kept', 'µs a page', 'MB/s'],
      rows: [
        [words('every sample'), number(times.all! / 1_000), number(speed(times.all!))],
        [words('three metrics'), number(times.some! / 1_000), number(speed(times.some!))],
      ],
    });
    findings.aims.push(atLeast('pages of metrics read', speed(times.all!), 10, 25, ' MB/s'));

    const count = quick ? 50 : 1_000;
    say(`${count} targets`);
    const { perSecond, events } = await askAll(count, page, quick ? 2 : 3);
    findings.tables.push({
      title: 'Targets asked over HTTP, read, and committed with their events, all due at once',
      columns: ['targets', 'targets/s', 'events/s'],
      rows: [[number(count), number(perSecond), number(perSecond * events)]],
      notes: ['The servers that are asked run in the same process; the database syncs each commit.'],
    });
    // A thousand targets, each every 30 seconds, are 34 a second.
    findings.aims.push(atLeast('targets asked a second by one process', perSecond, 34, 200, '/s'));

    const seconds = quick ? 3 : 60;
    say(`${count} targets every 15 s, for ${seconds} s`);
    const held = await hold(count, page, seconds);
    findings.tables.push({
      title: `Targets asked every 15 s, each at its own place in the time, for ${seconds} s of real time`,
      columns: ['targets', 'asked/s', 'late, median ms', 'late, most ms', 'of one core', 'memory grown, MB'],
      rows: [
        [
          number(count),
          number(held.perSecond),
          number(held.late),
          number(held.latest),
          words(`${Math.round(held.core * 100)} %`),
          number(held.grownMb),
        ],
      ],
      notes: ['With the servers that are asked, and without the database’s own process.'],
    });
    if (!quick)
      findings.aims.push(atLeast('targets asked every 15 s and held', held.perSecond, 60, 66, '/s'));
    return findings;
  },
};

interface Ground {
  pull: Scraping;
  database: Database;
}

async function askAll(
  count: number,
  page: string,
  rounds: number,
): Promise<{ perSecond: number; events: number }> {
  let now = Date.UTC(2026, 4, 4, 10);
  return withTargets(
    count,
    page,
    30_000,
    () => now,
    async ({ pull, database }) => {
      const speeds: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const began = performance.now();
        await pull.work(now);
        await pull.idle();
        // The first round compiles the code and prepares the statements.
        if (round > 0) speeds.push(count / ((performance.now() - began) / 1_000));
        now += 30_000;
      }
      const [row] = await database.sql<{ events: number }[]>`select count(*)::int as events from events`;
      return { perSecond: median(speeds), events: row!.events / (count * (rounds + 1)) };
    },
  );
}

/** Real time: a bell each second, as the sweeper rings it. */
async function hold(count: number, page: string, seconds: number) {
  return withTargets(count, page, 15_000, Date.now, async ({ pull, database }) => {
    // All of them are due at once in the beginning; then each finds its place.
    await pull.work(Date.now());
    await pull.idle();
    const begun = Date.now();
    const [cpu, rss] = [process.cpuUsage(), process.memoryUsage.rss()];
    const asked = new Set<string>();
    const lates: number[] = [];
    while (Date.now() - begun < seconds * 1_000) {
      await pull.work(Date.now());
      const rows = await database.sql<{ id: string; last: number; everyMs: number; next: number }[]>`
        select id, every_ms as "everyMs", extract(epoch from last_at)::float8 * 1000 as last,
          extract(epoch from next_at)::float8 * 1000 as next
        from targets where last_at >= ${new Date(Date.now() - 14_000).toISOString()}`;
      for (const { id, last, everyMs, next } of rows) {
        if (last < begun || asked.has(`${id} ${last}`)) continue;
        asked.add(`${id} ${last}`);
        lates.push(Math.max(0, last - (next - everyMs)));
      }
      await wait(Math.max(0, 1_000 - ((Date.now() - begun) % 1_000)));
    }
    const took = Date.now() - begun;
    await pull.idle();
    const used = process.cpuUsage(cpu);
    return {
      perSecond: asked.size / (took / 1_000),
      late: median(lates.length > 0 ? lates : [0]),
      latest: Math.max(0, ...lates),
      core: (used.user + used.system) / 1_000 / took,
      grownMb: Math.max(0, process.memoryUsage.rss() - rss) / (1 << 20),
    };
  });
}

async function withTargets<T>(
  count: number,
  page: string,
  everyMs: number,
  clock: () => number,
  measure: (ground: Ground) => Promise<T>,
): Promise<T> {
  const folder = temporaryFolder('bench-scraping');
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path });
  await migrate(postgres.connection);
  const database = openDatabase(postgres.connection, 8);
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(page);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    const network = readAllowed('127.0.0.0/8');
    const ask = openOutbound(network.ok ? network.allowed : []);
    const world = testWorld(database, []);
    const book = openModuleBook(ask);
    for (let i = 0; i < count; i++) {
      const target = { book, module: 'host', name: `m${i}`, params: { url }, everyMs };
      const added = await addTarget(world, { is: 'operator', name: 'bench' }, target, clock());
      if (!added.ok) throw new Error(added.text);
    }
    const pull = openScraping({ world, accept: openAccept(world), ask, now: clock });
    const measured = await measure({ pull, database });
    await pull.close();
    return measured;
  } finally {
    server.closeAllConnections();
    server.close();
    await database.close();
    await postgres.stop();
    folder.remove();
  }
}

/** About as much as node_exporter says of a small machine. */
function nodePage(): string {
  const lines: string[] = [];
  const family = (name: string, labels: string[], value: (i: number) => number) => {
    lines.push(`# HELP ${name} What ${name} means, in one sentence.`, `# TYPE ${name} gauge`);
    labels.forEach((label, i) => {
      lines.push(`${name}${label} ${value(i)}`);
    });
  };
  const disks = ['/', '/home', '/var', '/srv'].map(
    (at) => `{device="/dev/vd${at.length}",fstype="ext4",mountpoint="${at}"}`,
  );
  for (const [i, what] of ['avail', 'free', 'size'].entries())
    family(`node_filesystem_${what}_bytes`, disks, () => 1e10 + i * 1e9);
  for (let i = 0; i < 60; i++) family(`node_memory_Part${i}_bytes`, [''], () => 1.234e9 + i);
  family('node_memory_MemAvailable_bytes', [''], () => 4e9);
  family('node_memory_MemTotal_bytes', [''], () => 16e9);
  for (const span of ['1', '5', '15']) family(`node_load${span}`, [''], () => 0.42);
  const cpus = Array.from({ length: 16 }, (_, cpu) =>
    ['idle', 'iowait', 'irq', 'nice', 'softirq', 'steal', 'system', 'user'].map(
      (mode) => `{cpu="${cpu}",mode="${mode}"}`,
    ),
  ).flat();
  family('node_cpu_seconds_total', cpus, (i) => 1_000 + i);
  for (let i = 0; i < 40; i++)
    family(
      `node_network_part${i}_total`,
      ['{device="eth0"}', '{device="lo"}', '{device="docker0"}'],
      (j) => i * 1e6 + j,
    );
  family('node_time_seconds', [''], () => Date.UTC(2026, 4, 4, 10) / 1_000);
  family('node_boot_time_seconds', [''], () => 1.7e9);
  return `${lines.join('\n')}\n`;
}
