// Scraping against real HTTP servers and the real ledger: what becomes of answers, of silence, and of two processes at once.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openAccept } from '#ingest/accept.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { nextSlot, openScraping, type Scraping } from '#ingest/scraping.ts';
import { addTarget } from '#operations/add-target.ts';
import { readAllowed } from '#outbound/address.ts';
import { openOutbound } from '#outbound/fetch.ts';
import { allTargets } from '#store/targets.ts';
import { type Door, openDoor } from './door.ts';

const network = readAllowed('127.0.0.0/8');
const ask = openOutbound(network.ok ? network.allowed : []);
const book = openModuleBook(ask);
const operator = { is: 'operator', name: 'the test' } as const;

let door: Door;
let scraping: Scraping;
let server: http.Server;
let url: string;
let answer: (request: http.IncomingMessage, response: http.ServerResponse) => void;
let asked = 0;

const memoryPage = (available: number) =>
  `node_memory_MemAvailable_bytes ${available}\nnode_memory_MemTotal_bytes 100\n`;
const says = (body: string, status = 200) => {
  answer = (_, response) => void response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
};

beforeAll(async () => {
  door = await openDoor();
  server = http.createServer((request, response) => {
    asked++;
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  scraping = open();
});
afterAll(async () => {
  await scraping.close();
  server.closeAllConnections();
  server.close();
  await door.close();
});
beforeEach(async () => {
  await door.database.sql`truncate targets, events`;
  asked = 0;
  door.clock.now += 3_600_000;
});

function open(): Scraping {
  return openScraping({
    world: door.world,
    accept: openAccept(door.world),
    ask,
    now: () => door.clock.now,
  });
}
async function add(name: string, params: object = { url }, more: object = {}) {
  const added = await addTarget(
    door.world,
    operator,
    { book, module: 'host', name, params: params as Record<string, unknown>, ...more },
    door.clock.now,
  );
  if (!added.ok) throw new Error(added.text);
  return added;
}
async function round(by = scraping) {
  await by.work(door.clock.now);
  await by.idle();
}
const told = async (topic: string) => {
  const rows = await door.database
    .sql`select source, subject, body, source_id, event_id from events where type = ${topic} order by seq`;
  return rows.map(({ source, subject, body }) => ({ source, subject, ...JSON.parse(body) }));
};
const only = async () => (await allTargets(door.database.db))[0]!;

it('an answer becomes events of the target, and the target knows when it is next', async () => {
  says(memoryPage(25));
  await add('web1');
  await round();
  expect(await told('host.memory')).toEqual([
    {
      source: 'web1',
      subject: 'web1',
      data: { available: 25, availableBytes: 25 },
      labels: { instance: 'web1' },
    },
  ]);
  expect(await told('host.up')).toMatchObject([{ source: 'web1', data: { up: 1 } }]);
  const target = await only();
  expect(target).toMatchObject({ up: true, error: null, found: 1, leaseUntil: null, lastAt: door.clock.now });
  expect(target.nextAt).toBeGreaterThan(door.clock.now);
  expect(target.nextAt).toBeLessThanOrEqual(door.clock.now + 30_000);
  // Nothing is due before that.
  await round();
  expect(asked).toBe(1);
  door.clock.now = target.nextAt;
  await round();
  expect(asked).toBe(2);
  expect(await told('host.memory')).toHaveLength(2);
  // It stayed up, so that is said only now and then.
  expect(await told('host.up')).toHaveLength(1);
  for (let i = 0; i < 12; i++) {
    door.clock.now += 30_000;
    await round();
  }
  expect(await told('host.up')).toHaveLength(2);
});

it.each([
  ['nobody there', () => {}, /does not answer/],
  ['an error', () => says('no', 500), /answers with 500/],
  ['a login', () => says('no', 401), /user and password/],
  ['a page of the web', () => says('<!doctype html>'), /did not answer with a page of metrics \(line 1/],
  ['another software', () => says('up 1\n'), /tells nothing/],
  [
    'a redirect',
    () => {
      answer = (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    },
    /elsewhere/,
  ],
  [
    'an end in the middle',
    () => {
      answer = (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('node_');
        setImmediate(() => response.destroy());
      };
    },
    /ended in the middle/,
  ],
])('failure differs from absence: %s', async (what, set, why) => {
  set();
  await add('web1', what === 'nobody there' ? { url: 'http://127.0.0.1:1/metrics' } : { url });
  if (what === 'nobody there')
    await door.database.sql`update targets set params = '{"url":"http://127.0.0.1:9/"}'`;
  await round();
  expect(await told('host.memory')).toEqual([]);
  const [up] = await told('host.up');
  expect(up).toMatchObject({ source: 'web1', subject: 'web1', data: { up: 0 } });
  if (what !== 'nobody there') expect(up!.data.error).toMatch(why);
  expect(await only()).toMatchObject({ up: false, found: 0 });
});

it('an address that may not be asked is a failure with the reason', async () => {
  says(memoryPage(1));
  await add('cloud', { url: 'http://169.254.169.254/latest/meta-data' });
  await round();
  expect((await told('host.up'))[0]!.data.error).toMatch(/may not be asked/);
});

it('a slow target ends at its time-out and holds up nobody', async () => {
  says(memoryPage(50));
  const quick = answer;
  answer = (request, response) => {
    if (request.url !== '/slow') quick(request, response);
  };
  await add('slow', { url: url.replace('/metrics', '/slow') }, { timeoutMs: 3_000 });
  await add('quick');
  await scraping.work(door.clock.now);
  const { until } = await import('../harness/until.ts');
  await until('the quick one is told', async () => (await told('host.memory')).length === 1);
  await scraping.idle();
  expect(await told('host.up')).toMatchObject([
    { source: 'quick', data: { up: 1 } },
    { source: 'slow', data: { up: 0 } },
  ]);
});

it('up and down are told at the change, with since when', async () => {
  says(memoryPage(50));
  await add('web1');
  await round();
  const began = door.clock.now;
  says('gone', 503);
  for (let i = 0; i < 3; i++) {
    door.clock.now += 30_000;
    await round();
  }
  says(memoryPage(50));
  door.clock.now += 30_000;
  await round();
  expect((await told('host.up')).map(({ data }) => [data.up, Date.parse(data.since) - began])).toEqual([
    [1, 0],
    [0, 30_000],
    [1, 120_000],
  ]);
});

it('two processes at once ask each target once; a claim that was lost is made again, and told once', async () => {
  says(memoryPage(50));
  for (let i = 0; i < 100; i++) await add(`m${i}`);
  const other = open();
  await Promise.all([round(), round(other), round(), round(other)]);
  expect(asked).toBe(100);
  expect(await told('host.memory')).toHaveLength(100);
  // One of them dies between the commit of its events and the end of its claim.
  await door.database.sql`update targets set next_at = ${new Date(door.clock.now).toISOString()},
    lease_until = ${new Date(door.clock.now + 5_000).toISOString()} where name = 'm7'`;
  await round(other);
  expect(asked).toBe(100);
  door.clock.now += 5_000;
  says(memoryPage(60));
  await round(other);
  await round();
  const slot = async () => (await told('host.memory')).filter(({ source }) => source === 'm7').length;
  expect(await slot()).toBe(1);
  door.clock.now += 30_000;
  await round(other);
  expect(await slot()).toBe(2);
  await other.close();
});

it('a paused or removed target is left alone, also while it is being asked', async () => {
  says(memoryPage(50));
  await add('web1');
  let let_go = () => {};
  answer = (_, response) => {
    let_go = () => void response.writeHead(200).end(memoryPage(50));
  };
  await scraping.work(door.clock.now);
  const { until } = await import('../harness/until.ts');
  await until('it is asked', () => asked === 1);
  await door.database.sql`update targets set paused = true, lease_until = null`;
  let_go();
  await scraping.idle();
  expect(await only()).toMatchObject({ paused: true, up: null });
  door.clock.now += 60_000;
  await round();
  expect(asked).toBe(1);
});

it('a thousand targets are spread over their interval, and stay where they are', () => {
  const slots = Array.from({ length: 1_000 }, (_, i) =>
    nextSlot({ id: `t_${i * 7919}`, everyMs: 30_000 }, 1_800_000_000_000),
  );
  const perSecond = new Map<number, number>();
  for (const slot of slots) {
    const second = Math.floor(slot / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(Math.max(...perSecond.values())).toBeLessThan(80);
  expect(nextSlot({ id: 't_1', everyMs: 30_000 }, slots[0]!) % 30_000).toBe(
    nextSlot({ id: 't_1', everyMs: 30_000 }, 0) % 30_000,
  );
  for (const now of [0, 29_999, 30_000, 1_799_999_999_999]) {
    const next = nextSlot({ id: 't_1', everyMs: 30_000 }, now);
    expect(next > now && next <= now + 30_000).toBe(true);
  }
});

it('JSON that is nested without end is refused, and said to be', async () => {
  const params = { url, fields: ['a=a'] };
  const added = await addTarget(
    door.world,
    operator,
    { book, module: 'json', name: 'odd', params },
    door.clock.now,
  );
  expect(added.ok).toBe(true);
  says(`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  await round();
  expect(await only()).toMatchObject({
    up: false,
    error: 'its JSON is nested deeper than 64 levels',
    leaseUntil: null,
  });
  door.clock.now = (await only()).nextAt;
  says(`{"a":${'['.repeat(60)}1${']'.repeat(60)}}`);
  await round();
  expect(await only()).toMatchObject({ up: true, error: null });
});

it('a module that fails on what it reads is told of, like silence', async () => {
  says(memoryPage(25));
  await add('web1');
  const broken = openScraping({
    world: door.world,
    accept: openAccept(door.world),
    ask: async () => {
      throw new Error('a fault of ours');
    },
    now: () => door.clock.now,
  });
  await round(broken);
  expect(await only()).toMatchObject({
    up: false,
    error: '“A machine (node_exporter)” could not read what it answers; the log says why',
    leaseUntil: null,
  });
});
