// From the POST to the call of the Bot API, beside Alertmanager, Prometheus with Alertmanager, and a job for each event.
import { redisAvailable, startRedis } from '../../harness/redis.ts';
import {
  type Aim,
  type Area,
  type Cell,
  type Findings,
  number,
  type Run,
  ratioAtLeast,
  ratioAtMost,
  words,
} from '../area.ts';
import { median } from '../clock.ts';
import { type BenchServer, startServer } from '../ledger.ts';
import type { Told } from '../load/orders.ts';
import { benchToken, startYard, type Yard } from '../load/yard.ts';
import { installed, startAlertmanager, startPrometheus } from '../peers/alertmanager.ts';
import { startBare } from '../peers/bare.ts';
import { cpuOf, type Server } from '../peers/process.ts';
import { benchKey, startTocsin } from '../peers/tocsin.ts';

const people = 5_000;
const manyRules = 100_000;

interface Peer {
  name: string;
  server: Server;
  push: { path: string; shape: 'tocsin' | 'alertmanager'; headers?: Record<string, string> };
}

export const endToEnd: Area = {
  name: 'end-to-end',
  title:
    'from POST to the Bot API’s call: 1, 20 and 200 a second and 5,000 at once, beside those who store nothing',
  async measure(run) {
    const postgres = await startServer();
    const yard = await startYard();
    const closers: (() => Promise<void>)[] = [() => postgres.stop(), () => yard.stop()];
    try {
      run.say('starting the peers');
      const peers = await startPeers(run, yard, postgres, closers);
      const known = await meetPatient(run, yard, peers, closers);
      const paced = await measurePaced(run, yard, peers);
      const burst = await measureBurst(run, yard, peers, postgres.pid);
      return report(known, paced, burst);
    } finally {
      for (const close of closers.reverse()) await close();
    }
  },
};

async function startPeers(
  { quick }: Run,
  yard: Yard,
  server: BenchServer,
  closers: (() => Promise<void>)[],
): Promise<Peer[]> {
  const { apiRoot } = yard;
  const peers: Peer[] = [];
  const add = (name: string, one: Server, push: Peer['push']) => {
    peers.push({ name, server: one, push });
    closers.push(() => one.stop());
  };
  const own = {
    path: '/v1/events',
    shape: 'tocsin',
    headers: { authorization: `Bearer ${benchKey}` },
  } as const;
  for (const [name, rules] of [
    ['tocsin', 0],
    ['tocsin, 100,000 rules', quick ? 10_000 : manyRules],
  ] as const) {
    const tocsin = await startTocsin({ server, apiRoot, people, rules });
    await tocsin.place.database.sql`update sources set rate_per_second = 1000000`;
    add(name, tocsin, own);
  }
  if (installed('prometheus-alertmanager')) {
    const push = { path: '/api/v2/alerts', shape: 'alertmanager' } as const;
    add('alertmanager', await startAlertmanager({ apiRoot }), push);
    const routes = quick ? 10_000 : manyRules;
    add('alertmanager, 100,000 routes', await startAlertmanager({ apiRoot, routes }), push);
  }
  if (redisAvailable()) {
    const redis = await startRedis();
    closers.push(() => redis.stop());
    const jobs = await startBare('jobs', { redis: redis.url, apiRoot, token: benchToken });
    add('a job for each event', jobs, { path: '/', shape: 'tocsin' });
  }
  return peers;
}

let next = 0;
function numbers(count: number): number {
  next += count;
  return next - count;
}

/** One event a second at all of them at once; and meanwhile those who take their time: group_wait, scrapes. */
async function meetPatient(
  { quick, say }: Run,
  yard: Yard,
  peers: Peer[],
  closers: (() => Promise<void>)[],
): Promise<Map<string, Told>> {
  const count = quick ? 5 : 30;
  say('one a second');
  const found = new Map<string, Told>();
  const patient = async () => {
    if (!installed('prometheus', 'prometheus-alertmanager')) return;
    const behind = await startAlertmanager({ apiRoot: yard.apiRoot });
    const prometheus = await startPrometheus(yard.port, behind.port);
    closers.push(
      () => prometheus.stop(),
      () => behind.stop(),
    );
    // It has to have asked once before something can cross.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const from = numbers(count);
    await yard.cross(from, count, 730);
    found.set('prometheus, 1 s', await yard.told(from, count, 15_000));
  };
  const defaults = async () => {
    if (quick || !installed('prometheus-alertmanager')) return;
    const server = await startAlertmanager({ apiRoot: yard.apiRoot, waits: 'defaults' });
    closers.push(() => server.stop());
    found.set(
      'alertmanager, defaults',
      await send(
        yard,
        { name: '', server, push: { path: '/api/v2/alerts', shape: 'alertmanager' } },
        1,
        20,
        45_000,
      ),
    );
  };
  await Promise.all([
    patient(),
    defaults(),
    ...peers.map(async (peer) => void found.set(peer.name, await send(yard, peer, 1, count, 20_000))),
  ]);
  return found;
}

async function send(
  yard: Yard,
  { server, push }: Peer,
  perSecond: number,
  count: number,
  ms = 20_000,
): Promise<Told> {
  const from = numbers(count);
  const order = {
    port: server.port,
    ...push,
    from,
    events: count,
    ms: 60_000,
    batch: 1,
    connections: 16,
    perSecond,
    spread: 400,
    topic: 'bench.t',
  };
  const done = await yard.push(order);
  if (done.refused > 0) throw new Error(`${done.refused} events were refused: ${done.complaint}`);
  return yard.told(from, count, ms);
}

interface Paced {
  perSecond: number;
  peer: string;
  p50: number[];
  p99: number[];
  missing: number;
}

async function measurePaced({ quick, say }: Run, yard: Yard, peers: Peer[]): Promise<Paced[]> {
  const all: Paced[] = [];
  for (const perSecond of [20, 200]) {
    say(`${perSecond} a second`);
    const found = peers.map(({ name }): Paced => ({ perSecond, peer: name, p50: [], p99: [], missing: 0 }));
    const count = perSecond * (quick ? 1 : perSecond === 20 ? 6 : 3);
    for (let round = 0; round <= (quick ? 1 : 2); round++)
      for (const [i, peer] of peers.entries()) {
        const told = await send(yard, peer, perSecond, count);
        // In the first round connections are opened and code is compiled.
        if (round === 0) continue;
        found[i]!.p50.push(told.p50);
        found[i]!.p99.push(told.p99);
        found[i]!.missing += told.missing;
      }
    all.push(...found);
  }
  return all;
}

interface Burst {
  peer: string;
  perSecond: number[];
  cpu: number[];
  database: number[];
  acceptP99: number[];
  missing: number;
}

async function measureBurst(
  { quick, say }: Run,
  yard: Yard,
  peers: Peer[],
  databasePid: number,
): Promise<Burst[]> {
  const events = quick ? 200 : people;
  say(`${events.toLocaleString('en-US')} at once`);
  const without = peers.filter(({ name }) => !name.includes('100,000'));
  const found = without.map(
    ({ name }): Burst => ({ peer: name, perSecond: [], cpu: [], database: [], acceptP99: [], missing: 0 }),
  );
  for (let round = 0; round <= (quick ? 1 : 2); round++)
    for (const [i, { server, push }] of without.entries()) {
      await yard.reset();
      const from = numbers(people);
      const before = [cpuOf(server.pid), cpuOf(databasePid, true)] as const;
      const done = await yard.push({
        port: server.port,
        ...push,
        from,
        events,
        ms: 60_000,
        batch: 1,
        connections: 16,
        spread: people,
        topic: 'bench.t',
      });
      const told = await yard.told(from, events, 60_000);
      if (done.refused > 0) throw new Error(`${done.refused} events were refused: ${done.complaint}`);
      if (round === 0) continue;
      const one = found[i]!;
      one.perSecond.push(told.came / told.seconds);
      one.cpu.push((cpuOf(server.pid) - before[0]) / told.came);
      one.database.push(push.shape === 'tocsin' ? (cpuOf(databasePid, true) - before[1]) / told.came : 0);
      one.acceptP99.push(done.p99);
      one.missing += told.missing;
    }
  return found;
}

function report(one: Map<string, Told>, paced: Paced[], burst: Burst[]): Findings {
  const rows: Cell[][] = [
    ...[...one].map(([name, told]) => [
      words(name),
      number(1),
      number(told.p50),
      number(told.p99),
      number(told.missing),
    ]),
    ...paced.map(({ peer, perSecond, p50, p99, missing }) => [
      words(peer),
      number(perSecond),
      number(median(p50)),
      number(median(p99)),
      number(missing),
    ]),
  ];
  const bursts = burst.map((one) => [
    words(one.peer),
    number(median(one.perSecond)),
    number(median(one.cpu)),
    number(median(one.database)),
    number(median(one.acceptP99)),
    number(one.missing),
  ]);
  return {
    tables: [
      {
        title: 'From the POST to the call of the Bot API',
        columns: ['peer', 'per second', 'p50 ms', 'p99 ms', 'missing'],
        rows,
      },
      {
        title: 'A burst, no limits',
        columns: ['peer', 'told/s', 'CPU µs/told', '+ database µs', 'accept p99 ms', 'missing'],
        rows: bursts,
        notes: [
          'Alertmanager has one group for each alert and waits for nothing (group_wait 0s); it keeps nothing. CPU is the server’s own process.',
        ],
      },
    ],
    aims: aimsOf(one, paced, burst),
  };
}

function aimsOf(one: Map<string, Told>, paced: Paced[], burst: Burst[]): Aim[] {
  const at = (perSecond: number, peer: string) =>
    paced.find((found) => found.peer === peer && found.perSecond === perSecond);
  const ratio = (a: Paced | undefined, b: Paced | undefined, part: 'p50' | 'p99') =>
    median(a![part]) / median(b![part]);
  const am = 'alertmanager';
  if (!at(20, am)) return [];
  const many = at(200, 'tocsin, 100,000 rules');
  const [own, theirs] = ['tocsin', am].map((name) => burst.find(({ peer }) => peer === name)!);
  const compare = (peer: string) => one.get(peer)!.p50 / one.get('tocsin')!.p50;
  return [
    ratioAtMost(
      5,
      '20 a second, p50 against Alertmanager',
      ratio(at(20, 'tocsin'), at(20, am), 'p50'),
      2,
      1.3,
    ),
    ratioAtMost(
      5,
      '20 a second, p99 against Alertmanager',
      ratio(at(20, 'tocsin'), at(20, am), 'p99'),
      3,
      1.5,
    ),
    ratioAtMost(
      6,
      '200 a second, 100,000 rules, p50 against Alertmanager',
      ratio(many, at(200, am), 'p50'),
      2,
      1.2,
    ),
    ratioAtMost(
      6,
      '200 a second, 100,000 rules, p99 against Alertmanager',
      ratio(many, at(200, am), 'p99'),
      2,
      1.2,
    ),
    ratioAtMost(
      6,
      'the same, p50 against 100,000 routes',
      ratio(many, at(200, 'alertmanager, 100,000 routes'), 'p50'),
      1,
      0.5,
    ),
    ...(one.has('alertmanager, defaults')
      ? [
          ratioAtLeast(
            7,
            'sooner than Alertmanager with its defaults',
            compare('alertmanager, defaults'),
            1_000,
            1_000,
          ),
        ]
      : []),
    ...(one.has('prometheus, 1 s')
      ? [
          ratioAtLeast(
            7,
            'sooner than Prometheus, 1 s, with Alertmanager',
            compare('prometheus, 1 s'),
            100,
            100,
          ),
        ]
      : []),
    ratioAtLeast(
      8,
      'a burst, told a second, against Alertmanager',
      median(own!.perSecond) / median(theirs!.perSecond),
      1,
      1.5,
    ),
    ratioAtMost(
      8,
      'a burst, CPU for each, against Alertmanager',
      median(own!.cpu) / median(theirs!.cpu),
      0.8,
      0.5,
    ),
  ];
}
