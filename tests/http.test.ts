// The door: what it says when things are well and when they are not, and how it treats slow and foreign callers.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { Health } from '#app/health.ts';
import { type Door, makeDoor, openDoor } from '#http.ts';
import { openMetrics } from '#metrics.ts';
import { until } from './harness/until.ts';

const well: Health = {
  status: 'ok',
  database: { up: true, milliseconds: 1 },
  queue: { backend: 'postgres', up: true },
  roundTrip: { ageSeconds: 12 },
  oldestWaitingEvent: { ageSeconds: null },
};
const door = (changes: Partial<Door> = {}): Door => ({
  health: async () => well,
  ready: () => true,
  metrics: openMetrics(),
  mayRead: async (key) => key === 'good',
  broke: () => {},
  ...changes,
});

describe('the door', () => {
  it('answers with its health, and 503 when it fails', async () => {
    const good = await makeDoor(door()).request('/healthz');
    expect([good.status, await good.json()]).toEqual([200, well]);
    const bad = await makeDoor(door({ health: async () => ({ ...well, status: 'failing' }) })).request(
      '/healthz',
    );
    expect(bad.status).toBe(503);
    const degraded = makeDoor(door({ health: async () => ({ ...well, status: 'degraded' }) }));
    expect((await degraded.request('/healthz')).status).toBe(200);
  });

  it('is not ready while it starts or stops', async () => {
    expect((await makeDoor(door()).request('/readyz')).status).toBe(200);
    expect((await makeDoor(door({ ready: () => false })).request('/readyz')).status).toBe(503);
  });

  it('has a front page that links to what is there, and a problem for what is not', async () => {
    const app = makeDoor(door());
    expect(await (await app.request('/')).text()).toContain('/healthz');
    expect(await (await app.request('/')).text()).not.toContain('/sandbox');
    const missing = await app.request('/nothing?key=tk_secret');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toBe('application/problem+json');
    expect(await missing.json()).toMatchObject({ status: 404, title: 'Not found' });
  });

  it('says nothing about a fault of ours but that there was one', async () => {
    const heard: string[] = [];
    const app = makeDoor(
      door({
        health: async () => {
          throw new Error('private words');
        },
        broke: (error) => void heard.push(error.message),
      }),
    );
    const answer = await app.request('/healthz');
    expect([answer.status, heard]).toEqual([500, ['private words']]);
    expect(await answer.text()).not.toContain('private');
  });

  it('names the route of a fault, never the address: there are links that let people in', async () => {
    const heard: string[] = [];
    const breaks = async () => {
      throw new Error('no');
    };
    const broke = (_: Error, route: string) => void heard.push(route);
    const app = makeDoor(
      door({ mail: breaks, push: breaks, webhook: { path: '/telegram/tsecret', answer: breaks }, broke }),
    );
    for (const path of ['/mail/tsecret', '/app/notifications/tsecret', '/telegram/tsecret'])
      expect((await app.request(path, { method: 'POST' })).status).toBe(500);
    expect(heard).toEqual(['/mail/*', '/app/notifications/*', 'the webhook']);
  });

  it('shows metrics to this machine, and to others only with a key', async () => {
    const app = makeDoor(door());
    expect((await app.request('/metrics')).status).toBe(200);
    const passedOn = { 'x-forwarded-for': '203.0.113.9' };
    expect((await app.request('/metrics', { headers: passedOn })).status).toBe(401);
    const withKey = (key: string) =>
      app.request('/metrics', { headers: { ...passedOn, authorization: `Bearer ${key}` } });
    expect((await withKey('bad')).status).toBe(401);
    expect((await withKey('good')).status).toBe(200);
    const from = (address: string) =>
      app.request('/metrics', {}, { incoming: { socket: { remoteAddress: address } } });
    expect((await from('::ffff:127.0.0.1')).status).toBe(200);
    expect((await from('::1')).status).toBe(200);
    expect((await from('::ffff:10.0.0.7')).status).toBe(401);
    expect((await from('203.0.113.9')).status).toBe(401);
    // Another site whose name was made to point here: a browser on this machine asks for it.
    const named = (host: string) => app.request('/metrics', { headers: { host } });
    expect((await named('evil.example:8080')).status).toBe(401);
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]'])
      expect((await named(host)).status).toBe(200);
    // A proxy on this machine that says nothing about whom it asks for.
    const open = makeDoor(door({ publicHost: 'alerts.example.org' }));
    const local = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    expect((await open.request('/metrics', {}, local)).status).toBe(401);
  });

  it('shows the sandbox under an address only, so that no other site can reach it by a name', async () => {
    const app = makeDoor(door({ sandbox: async () => new Response('page') }));
    const at = (host: string) => app.request('/sandbox/api/state', { headers: { host } });
    expect((await at('127.0.0.1:8080')).status).toBe(200);
    expect((await at('localhost:8080')).status).toBe(200);
    expect((await at('[::1]:8080')).status).toBe(200);
    expect((await at('evil.example:8080')).status).toBe(403);
  });

  it('counts, and keeps the number of series bounded', async () => {
    const metrics = openMetrics();
    for (let i = 0; i < 500; i++) metrics.count('tocsin_things_total', { what: `kind ${i}` });
    metrics.observe('tocsin_work_seconds', 0.2, { job: 'notify' });
    metrics.gauge('tocsin_up', 'whether', () => 1);
    const page = await (await makeDoor(door({ metrics })).request('/metrics')).text();
    expect(page.match(/^tocsin_things_total\{/gm)).toHaveLength(101);
    expect(page).toContain('tocsin_things_total{what="other"} 400');
    expect(page).toContain('tocsin_up 1');
    expect(page).toContain('tocsin_work_seconds_count{job="notify"} 1');
  });
});

describe('the open door', () => {
  it('cuts off whoever does not finish the headers, while others are served', async () => {
    const open = await openDoor(makeDoor(door()), '127.0.0.1', 0);
    const slow = Array.from({ length: 20 }, () => net.connect(open.port, '127.0.0.1'));
    for (const socket of slow)
      socket.on('error', () => {}).write('POST /v1/events HTTP/1.1\r\nHost: x\r\nX-A:');
    expect((await fetch(`${open.url}/readyz`)).status).toBe(200);
    expect(slow.some(({ closed }) => closed)).toBe(false);
    for (const socket of slow) socket.resume();
    // By itself Node would let them be for a minute.
    await until('all are cut off', () => slow.every(({ closed }) => closed));
    await open.close();
  });

  it.each(['/app/live/enter', '/app/notifications/link', '/sandbox/api/press'])(
    'reads no long body for %s, where nobody has shown yet who they are',
    async (path) => {
      const read: number[] = [];
      const reads = async (request: Request) => {
        read.push((await request.text()).length);
        return new Response('read');
      };
      const dashboard = new Hono().post('/app/live/enter', (context) => reads(context.req.raw));
      const app = makeDoor(door({ push: reads, sandbox: reads, dashboard }));
      const open = await openDoor(app, '127.0.0.1', 0);
      const post = (length: number, chunked: boolean) => {
        const body = 'x'.repeat(length);
        const request = { method: 'POST', duplex: 'half', body: chunked ? new Blob([body]).stream() : body };
        return fetch(open.url + path, request as RequestInit);
      };
      for (const chunked of [false, true]) {
        const long = await post(100_000, chunked);
        expect([long.status, await long.json()]).toEqual([413, expect.objectContaining({ status: 413 })]);
        expect((await post(2_000, chunked)).status).toBe(200);
      }
      expect(read).toEqual([2_000, 2_000]);
      await open.close();
    },
  );

  it('ends as soon as what was asked is answered, though the asker keeps the connection', async () => {
    let give: ((response: Response) => void) | undefined;
    const answer = () =>
      new Promise<Response>((resolve) => {
        give = resolve;
      });
    const webhook = { path: '/slow', answer };
    const open = await openDoor(makeDoor(door({ webhook })), '127.0.0.1', 0);
    const keeping = new http.Agent({ keepAlive: true });
    const request = http.request(`${open.url}/slow`, { method: 'POST', agent: keeping }).end();
    const answered = once(request, 'response');
    await until('it is asked', () => give !== undefined);
    // It would cut off after an hour, which no test waits for.
    const closed = open.close(3_600_000);
    give?.(new Response('there'));
    const [response] = (await answered) as [http.IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    await closed;
    keeping.destroy();
  });

  it('says in words that a port is taken', async () => {
    const open = await openDoor(makeDoor(door()), '127.0.0.1', 0);
    await expect(openDoor(makeDoor(door()), '127.0.0.1', open.port)).rejects.toThrow(
      `Port ${open.port} is in use by another program`,
    );
    await open.close();
  });

  it('says in words that this machine has no such address', async () => {
    // 192.0.2.0/24 is nobody’s: it is kept for examples.
    await expect(openDoor(makeDoor(door()), '192.0.2.1', 0)).rejects.toThrow(
      'This machine has no address 192.0.2.1 to listen on. Set HOST to',
    );
  });
});
