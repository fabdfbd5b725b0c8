// The client for other people's programs, against the real door: batches, what the server is away for, what it refuses.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Client, type ClientOptions, openClient, type TocsinEvent } from '../src/client.ts';
import { until } from './harness/until.ts';
import { bootstrap, type Door, openDoor } from './ingest/door.ts';

let door: Door;
let server: http.Server;
let url: string;
let requests = 0;
/** What answers instead of the door, while it is set. */
let instead: ((response: http.ServerResponse) => void) | undefined;
let dropped: { count: number; why: string; first: TocsinEvent }[] = [];
const clients: Client[] = [];

beforeAll(async () => {
  door = await openDoor();
  const listener = getRequestListener(door.app.fetch);
  server = http.createServer((request, response) => {
    requests++;
    if (instead) {
      request.resume();
      instead(response);
    } else void listener(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await door.close();
});
beforeEach(async () => {
  await door.database.sql`truncate events`;
  requests = 0;
  instead = undefined;
  dropped = [];
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close(0);
});

function open(options: Partial<ClientOptions> = {}): Client {
  const client = openClient({
    url,
    key: bootstrap,
    waitMs: 5,
    retryMs: { first: 5, most: 20 },
    onDrop: (events, why) => dropped.push({ count: events.length, why, first: events[0]! }),
    ...options,
  });
  clients.push(client);
  return client;
}
const subjects = async () =>
  (await door.database.sql`select subject from events order by seq`).map(({ subject }) => subject);
const many = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`);

it('sends in batches, in order, and says when everything is taken', async () => {
  const client = open({ batch: 100 });
  for (const subject of many(250)) expect(client.send({ type: 'a.b', subject, data: { n: 1 } })).toBe(true);
  expect(client.waiting()).toBe(250);
  expect(await client.flush()).toBe(true);
  expect(client.waiting()).toBe(0);
  expect(await subjects()).toEqual(many(250));
  expect(requests).toBe(3);
  const [row] = await door.database.sql`select event_id, time from events limit 1`;
  expect(row!.event_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(row!.time).not.toBeNull();
});

it('tries again with the same ids while the server is away, and nothing comes twice', async () => {
  const client = open();
  let lost = 3;
  const listener = getRequestListener(door.app.fetch);
  // Once the answer is lost after the commit.
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (lost-- > 1) return void response.destroy();
    if (lost === 0) {
      response.writeHead = (() => {
        response.destroy();
        return response;
      }) as never;
    }
    void listener(request, response);
  });
  client.send({ type: 'a.b', subject: 'x' });
  await until('it is taken', () => client.waiting() === 0);
  expect(lost).toBeLessThan(0);
  expect(await subjects()).toEqual(['x']);
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    requests++;
    if (instead) {
      request.resume();
      instead(response);
    } else void listener(request, response);
  });
});

it.each([429, 503, 500])('%d means later', async (status) => {
  const client = open();
  instead = (response) => void response.writeHead(status).end();
  client.send({ type: 'a.b', subject: 'x' });
  await until('it was tried twice', () => requests >= 2);
  instead = undefined;
  expect(await client.flush()).toBe(true);
  expect(await subjects()).toEqual(['x']);
  expect(dropped).toEqual([]);
});

it('leaves out what can never be taken, and sends the rest', async () => {
  const client = open();
  for (const type of ['a.b', 'not a topic', 'a.c', '', 'a.d']) client.send({ type, subject: type });
  expect(await client.flush()).toBe(true);
  expect(await subjects()).toEqual(['a.b', 'a.c', 'a.d']);
  expect(dropped).toMatchObject([
    { count: 2, why: expect.stringMatching(/topic/), first: { type: 'not a topic' } },
  ]);
});

it('an event that is too large goes alone', async () => {
  const client = open();
  client.send({ type: 'a.b', subject: 'small' });
  client.send({ type: 'a.b', subject: 'large', data: { text: 'x'.repeat(300_000) } });
  client.send({ type: 'a.b', subject: 'other' });
  expect(await client.flush()).toBe(true);
  expect(await subjects()).toEqual(['small', 'other']);
  expect(dropped).toMatchObject([{ count: 1, first: { subject: 'large' } }]);
});

it('a wrong key is told, and tried no further', async () => {
  const client = open({ key: 'wrong-key-0123456789' });
  for (const subject of many(3)) client.send({ type: 'a.b', subject });
  expect(await client.flush()).toBe(true);
  expect(requests).toBe(1);
  expect(dropped).toMatchObject([{ count: 3, first: { subject: 's0' } }]);
});

it('never holds more than its buffer, never throws, and takes nothing after its end', async () => {
  instead = (response) => void response.destroy();
  const client = open({ buffer: 2 });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(client.send({ type: 'a.b', data: circle })).toBe(false);
  expect([1, 2, 3].map(() => client.send({ type: 'a.b' }))).toEqual([true, true, false]);
  expect(dropped.map(({ why }) => why)).toEqual(['it cannot be written as JSON', 'the buffer is full']);
  expect(await client.close(50)).toBe(false);
  expect(dropped.at(-1)).toMatchObject({ count: 2, why: expect.stringMatching(/ended before/) });
  expect(client.send({ type: 'a.b' })).toBe(false);
  expect(client.waiting()).toBe(0);
});

it('close waits for what is under way', async () => {
  const client = open({ waitMs: 60_000 });
  client.send({ type: 'a.b', subject: 'x' });
  expect(await client.close()).toBe(true);
  expect(await subjects()).toEqual(['x']);
});

it('is what package.json exports', async () => {
  const exported = 'tocsin/client';
  expect((await import(exported)).openClient).toBe(openClient);
});
