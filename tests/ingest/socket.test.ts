// The same doors over a real socket: chunked bodies, senders that stop half-way, and bodies without an end.
import http from 'node:http';
import net from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addAlert, addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let server: ServerType;
let port: number;
beforeAll(async () => {
  door = await openDoor();
  server = serve({ fetch: door.app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as net.AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
  await door.close();
});

const headers = { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' };

function post(
  write: (request: http.ClientRequest) => void,
  more: http.OutgoingHttpHeaders = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      port,
      host: '127.0.0.1',
      path: '/v1/events',
      method: 'POST',
      headers: { ...headers, ...more },
    };
    const request = http.request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      response.on('end', () => request.destroy());
    });
    request.on('error', reject);
    write(request);
  });
}

it('takes bodies with a length and in chunks', async () => {
  const body = '{"type":"a.b","data":{"who":"Zoë"}}';
  expect(await post((request) => request.end(body))).toBe(202);
  const chunked = (request: http.ClientRequest) => {
    const bytes = Buffer.from(body);
    for (let i = 0; i < bytes.length; i += 5) request.write(bytes.subarray(i, i + 5));
    request.end();
  };
  expect(await post(chunked, { 'transfer-encoding': 'chunked' })).toBe(202);
});

it('refuses a promised or endless megabyte without reading it all', async () => {
  expect(await post((request) => request.flushHeaders(), { 'content-length': 5_000_000 })).toBe(413);
  const endless = (request: http.ClientRequest) => {
    const more = () => {
      while (!request.destroyed && request.write(Buffer.alloc(65_536, 0x20)));
    };
    request.on('drain', more);
    more();
  };
  expect(await post(endless, { 'transfer-encoding': 'chunked' })).toBe(413);
});

it('forgets a sender that goes away half-way, and serves the next one', async () => {
  const before = await door.database.sql`select 1 from events`;
  for (const head of ['content-length: 1000', 'transfer-encoding: chunked']) {
    const socket = net.connect(port, '127.0.0.1');
    const lines = [
      'POST /v1/events HTTP/1.1',
      'host: x',
      `authorization: ${headers.authorization}`,
      'content-type: application/json',
      head,
      '',
      '',
    ];
    const text = '{"type":"half.sent"';
    await new Promise<void>((resolve) =>
      socket.write(
        lines.join('\r\n') + (head.includes('chunked') ? `${text.length.toString(16)}\r\n${text}\r\n` : text),
        () => resolve(),
      ),
    );
    socket.destroy();
  }
  expect(await post((request) => request.end('{"type":"a.b"}'))).toBe(202);
  expect(await door.database.sql`select 1 from events`).toHaveLength(before.length + 1);
});

it('a wish that needs no words is taken without a body', async () => {
  const { person } = await addPerson(door.world, 'Ana');
  const rule = await addRule(door.world, person.id, { name: 'Disk nearly full' });
  const { id } = await addAlert(door.world, rule, door.clock.now);
  const { authorization } = headers;
  const wish = async (path: string, init: RequestInit = {}) =>
    (
      await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        ...init,
        headers: { authorization, ...init.headers },
      })
    ).status;
  expect(await wish(`/v1/alerts/${id}/acknowledge`)).toBe(200);
  expect(await wish(`/v1/alerts/${id}/release`, { body: ' \n' })).toBe(415);
  expect(
    await wish(`/v1/alerts/${id}/release`, { body: ' \n', headers: { 'content-type': 'application/json' } }),
  ).toBe(200);
  // As `curl -d ''` says it.
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await wish(`/v1/alerts/${id}/acknowledge`, { body: '', headers: form })).toBe(200);
  expect(await wish(`/v1/alerts/${id}/note`)).toBe(400);
  expect(await wish('/v1/keys/k_none/rotate')).toBe(404);
});
