// Taking events in, beside Alertmanager (which keeps them in memory only) and a bare pipeline (which checks nothing).
import { type Area, type Cell, type Findings, number, ratioAtLeast, ratioAtMost, words } from '../area.ts';
import { median } from '../clock.ts';
import { startServer } from '../ledger.ts';
import type { Pushed } from '../load/orders.ts';
import { startYard, type Yard } from '../load/yard.ts';
import { installed, startAlertmanager } from '../peers/alertmanager.ts';
import { startBare } from '../peers/bare.ts';
import { cpuOf, type Server } from '../peers/process.ts';
import { acceptingWords, benchKey, startTocsin } from '../peers/tocsin.ts';

interface Peer {
  name: string;
  server: Server;
  push: { path: string; shape: 'tocsin' | 'alertmanager'; headers?: Record<string, string> };
  /** Other processes that work for it. */
  cpu(): number;
}

interface Case {
  batch: number;
  connections: number;
}

export const ingest: Area = {
  name: 'ingest',
  title: 'events taken in: durable and checked, beside Alertmanager and a bare pipeline',
  async measure({ quick, say }) {
    const postgres = await startServer();
    const yard = await startYard();
    const peers: Peer[] = [];
    try {
      const accepting = { variables: { ROLES: 'http' }, words: await acceptingWords() };
      const database = () => cpuOf(postgres.pid, true);
      for (const [name, settings] of [
        ['tocsin, accepting', accepting],
        ['tocsin, whole', {}],
      ] as const) {
        const server = await startTocsin({ server: postgres, apiRoot: yard.apiRoot, ...settings });
        const headers = { authorization: `Bearer ${benchKey}` };
        await unlimited(server);
        peers.push({ name, server, push: { path: '/v1/events', shape: 'tocsin', headers }, cpu: database });
      }
      const bare = await startBare('insert', (await postgres.place()).connection);
      peers.push({ name: 'bare insert', server: bare, push: { path: '/', shape: 'tocsin' }, cpu: database });
      if (installed('prometheus-alertmanager')) {
        const server = await startAlertmanager();
        const push = { path: '/api/v2/alerts', shape: 'alertmanager' } as const;
        peers.push({ name: 'alertmanager', server, push, cpu: () => 0 });
      }
      const cases: Case[] = quick
        ? [
            { batch: 1, connections: 32 },
            { batch: 100, connections: 16 },
          ]
        : [
            { batch: 1, connections: 1 },
            { batch: 1, connections: 32 },
            { batch: 1, connections: 64 },
            { batch: 100, connections: 1 },
            { batch: 100, connections: 16 },
          ];
      const findings: Findings = { tables: [], aims: [] };
      const rows: Cell[][] = [];
      for (const one of cases) {
        say(`bodies of ${one.batch} over ${one.connections} connections`);
        const found = await race(yard, peers, one, 3, quick ? 500 : 1_500);
        rows.push(...rowsOf(one, found));
        findings.aims.push(...aimsOf(one, found));
      }
      findings.tables.push({
        title: 'Events taken in, in turns',
        columns: [
          'peer',
          'batch',
          'connections',
          'events/s',
          '× Alertmanager',
          'p50 ms',
          'p99 ms',
          'CPU µs/event',
          '+ database µs',
        ],
        rows,
        notes: [
          'Ratios round by round, their median. Tocsin and the bare insert answer after PostgreSQL’s commit, which waits for the disk; Alertmanager keeps nothing.',
          '“Accepting” is ROLES=http with `npm run start:http`, a process that only takes events; “whole” evaluates them at the same time.',
        ],
      });
      return findings;
    } finally {
      for (const { server } of peers) await server.stop();
      await yard.stop();
      await postgres.stop();
    }
  },
};

/** No source may push as fast as this machine can; the bench's may. */
async function unlimited({ place }: Awaited<ReturnType<typeof startTocsin>>): Promise<void> {
  await place.database.sql`update sources set rate_per_second = 1000000`;
  // What is known of a key is kept for less than a second.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

interface Measured {
  perSecond: number[];
  ratio: number[];
  toBare: number[];
  p50: number[];
  p99: number[];
  cpu: number[];
  database: number[];
}

async function race(
  yard: Yard,
  peers: Peer[],
  { batch, connections }: Case,
  rounds: number,
  ms: number,
): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>(
    peers.map(({ name }) => [
      name,
      { perSecond: [], ratio: [], toBare: [], p50: [], p99: [], cpu: [], database: [] },
    ]),
  );
  for (let round = 0; round <= rounds; round++) {
    const speeds = new Map<string, number>();
    for (const peer of peers) {
      const { name, server, push, cpu } = peer;
      const before = [cpuOf(server.pid), cpu()] as const;
      const order = {
        port: server.port,
        ...push,
        from: next,
        events: 5_000_000,
        ms,
        batch,
        connections,
        spread: 50,
        topic: 'bench.t',
      };
      next += 5_000_000;
      const done: Pushed = await yard.push(order);
      await yard.reset();
      if (done.refused > 0) throw new Error(`${name} refused ${done.refused} events: ${done.complaint}`);
      // The first round compiles.
      if (round === 0) continue;
      const one = found.get(name)!;
      speeds.set(name, done.accepted / done.seconds);
      one.perSecond.push(done.accepted / done.seconds);
      one.p50.push(done.p50);
      one.p99.push(done.p99);
      one.cpu.push((cpuOf(server.pid) - before[0]) / done.accepted);
      one.database.push((cpu() - before[1]) / done.accepted);
    }
    for (const [name, speed] of speeds) {
      found.get(name)!.ratio.push(speed / (speeds.get('alertmanager') ?? Number.NaN));
      found.get(name)!.toBare.push(speed / speeds.get('bare insert')!);
    }
  }
  return found;
}

let next = 0;

function rowsOf({ batch, connections }: Case, found: Map<string, Measured>): Cell[][] {
  return [...found].map(([name, one]) => [
    words(name),
    number(batch),
    number(connections),
    number(median(one.perSecond)),
    number(median(one.ratio)),
    number(median(one.p50)),
    number(median(one.p99)),
    number(median(one.cpu)),
    number(median(one.database)),
  ]);
}

function aimsOf({ batch, connections }: Case, found: Map<string, Measured>) {
  const own = found.get('tocsin, accepting')!;
  const peer = found.get('alertmanager');
  if (batch === 1 && connections === 32)
    return [
      ...(peer
        ? [ratioAtLeast(1, 'accepted one by one, against Alertmanager', median(own.ratio), 1, 2)]
        : []),
      ratioAtLeast(3, 'accepted one by one, against the bare insert', median(own.toBare), 0.8, 1),
      ...(peer
        ? [
            ratioAtMost(
              4,
              'p99 of accepting, against Alertmanager’s',
              median(own.p99) / median(peer.p99),
              1,
              0.5,
            ),
          ]
        : []),
    ];
  if (batch === 100 && connections === 16 && peer)
    return [ratioAtLeast(2, 'accepted by the hundred, against Alertmanager', median(own.ratio), 2, 4)];
  return [];
}
