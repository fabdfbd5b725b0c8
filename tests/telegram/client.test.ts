// The client tells whether a call that failed can have had an effect, and never tells the token.
import { createServer as createHttp, type Server } from 'node:http';
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createTelegram, type Telegram } from '../../src/telegram/client.ts';
import { freePort } from '../harness/free-port.ts';

const token = '110201543:SECRET-canary-0123456789-abcdefghij';
const said: unknown[] = [];
const log = {
  debug: (...all: unknown[]) => void said.push(all),
  info: (...all: unknown[]) => void said.push(all),
  warn: (...all: unknown[]) => void said.push(all),
  error: (...all: unknown[]) => void said.push(all),
};
const open: (Server | TcpServer)[] = [];
const sockets = new Set<Socket>();
const clients: Telegram[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const socket of sockets) socket.destroy();
  for (const server of open.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: Server | TcpServer): Promise<number> {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** As patient as the slowest machine, but for what a test is about. */
function client(port: number, hasty: { headersMs?: number; bodyMs?: number } = {}) {
  const patient = { connectMs: 20_000, headersMs: 20_000, bodyMs: 20_000 };
  const options = { token, apiRoot: `http://127.0.0.1:${port}`, log, ...patient, ...hasty };
  const made = createTelegram(options);
  clients.push(made);
  return made;
}

const answer = (status: number, body: string) =>
  createHttp((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(status).end(body));
  });

describe('the phase of a failed call', () => {
  it('nobody listens: unsent', async () => {
    const made = client(await freePort());
    expect(await made.call('sendMessage')).toMatchObject({ is: 'unsent', why: 'ECONNREFUSED' });
  });

  it('no such host: unsent', async () => {
    const made = createTelegram({ token, apiRoot: 'http://nowhere.invalid', log, connectMs: 2000 });
    clients.push(made);
    expect(await made.call('sendMessage')).toMatchObject({ is: 'unsent' });
  });

  it('reset after the bytes: unknown', async () => {
    const port = await listening(
      createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await client(port).call('sendMessage', { text: 'x' })).toMatchObject({ is: 'unknown' });
  });

  it('no answer in time: unknown', async () => {
    const port = await listening(createServer((socket) => socket.on('data', () => {})));
    const made = client(port, { headersMs: 200 });
    expect(await made.call('sendMessage')).toMatchObject({ is: 'unknown', why: 'no answer in time' });
  });

  it('an answer that breaks off: unknown', async () => {
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":';
    for (const after of ['close', 'wait']) {
      const port = await listening(
        createServer((socket) =>
          socket.once('data', () => (after === 'close' ? socket.end(half) : socket.write(half))),
        ),
      );
      expect(await client(port, { bodyMs: 200 }).call('sendMessage')).toMatchObject({ is: 'unknown' });
    }
  });

  it.each([
    [200, '<html>login</html>'],
    [400, '<html>Bad Request</html>'],
    [403, '<html>Forbidden</html>'],
    [404, '{"message":"no Route matched"}'],
    [429, 'slow down'],
    [502, '<html>Bad Gateway</html>'],
    [400, '{"ok":"no"}'],
  ])("what is not Telegram's answer is unknown, whatever its status: %s %s", async (status, body) => {
    const port = await listening(answer(status, body));
    expect(await client(port).call('sendMessage')).toMatchObject({ is: 'unknown' });
  });

  it('reads results and refusals', async () => {
    const good = await listening(answer(200, '{"ok":true,"result":{"message_id":7}}'));
    expect(await client(good).call('sendMessage')).toEqual({ ok: true, result: { message_id: 7 } });
    const flood = await listening(
      answer(429, '{"ok":false,"error_code":429,"description":"Too Many","parameters":{"retry_after":3}}'),
    );
    expect(await client(flood).call('sendMessage')).toMatchObject({ code: 429, retryAfter: 3 });
  });

  it('keeps its connection, and can be given up', async () => {
    let connections = 0;
    const server = answer(200, '{"ok":true,"result":true}');
    server.on('connection', () => void connections++);
    const made = client(await listening(server));
    for (let i = 0; i < 5; i++) await made.call('getMe');
    expect(connections).toBe(1);
    const hanging = client(await listening(createServer((socket) => socket.on('data', () => {}))));
    const stop = new AbortController();
    const call = hanging.call('getUpdates', { timeout: 30 }, stop.signal);
    setTimeout(() => stop.abort(), 30);
    expect(await call).toMatchObject({ ok: false, why: 'given up' });
  });
});

it('the token is in no result, error or log line', async () => {
  const port = await listening(createServer((socket) => socket.destroy()));
  const results = [
    await client(port).call('sendMessage'),
    await client(1).call('sendMessage'),
    await client(
      await listening(answer(401, '{"ok":false,"error_code":401,"description":"Unauthorized"}')),
    ).call('x'),
  ];
  expect(inspect([results, said], { depth: 10 })).not.toContain('SECRET-canary');
  expect(said.length).toBeGreaterThan(0);
});
