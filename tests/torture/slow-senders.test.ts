// Hostile sockets against the real program: those who dribble, those who send too much, those who nest too deep.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';
import { naughty } from './naughty-strings.ts';

const key = 'slow-senders-key-0123456789';
const data = temporaryFolder('hostile');
let database: FreshDatabase;
let app: AppProcess;

beforeAll(async () => {
  database = await freshDatabase();
  // No token: the sandbox's Telegram runs in the same process, and must not suffer either.
  app = await startAppProcess(path.join(data.path, 'app'), {
    DATABASE_URL: database.url,
    BOOTSTRAP_API_KEY: key,
  });
}, 90_000);

afterAll(async () => {
  await app?.stop();
  await database?.drop();
  data.remove();
}, 60_000);

const event = (value: unknown) => JSON.stringify({ type: 'slow.test', data: { value } });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
const post = (body: string | Buffer<ArrayBuffer>, more: Record<string, string> = {}) =>
  fetch(`${app.url}/v1/events`, { method: 'POST', headers: { ...headers, ...more }, body });

it('200 senders that dribble do not hold up a good one, and are cut', async () => {
  const dribblers = await Promise.all(Array.from({ length: 200 }, (_, i) => dribble(i % 2 === 0)));
  const dribbling = () => dribblers.filter(({ closed }) => !closed()).length;
  // Were it held up, it would be answered when they are cut.
  expect((await post(event(0))).status).toBe(202);
  expect(dribbling(), 'those who dribble at its first answer').toBe(200);
  for (let sent = 1; sent < 20; sent++) expect((await post(event(sent))).status).toBe(202);
  expect(dribbling(), 'those who dribble at its last one').toBeGreaterThan(0);
  await until('every dribbler is cut', () => dribblers.every(({ closed }) => closed()), 25_000);
  for (const { said } of dribblers) expect(said()).not.toMatch(/^HTTP\/1.1 (2|5)/);
}, 60_000);

it('a body that is too large is refused before it is sent', async () => {
  for (const framing of ['content-length: 104857600', 'transfer-encoding: chunked']) {
    const chunked = framing.startsWith('transfer');
    const { socket, said, closed } = await open();
    socket.write(request([framing]));
    let sent = 0;
    const piece = Buffer.alloc(65_536, 0x20);
    while (said() === '' && !closed() && sent < 50 << 20) {
      if (chunked) socket.write(`${piece.length.toString(16)}\r\n`);
      const room = socket.write(piece);
      if (chunked) socket.write('\r\n');
      sent += piece.length;
      // What was sent is what the system has taken.
      if (room) await new Promise((resolve) => setImmediate(resolve));
      else await until('there is room', () => !socket.writableNeedDrain || said() !== '' || closed());
    }
    expect(said(), framing).toMatch(/^HTTP\/1.1 413/);
    expect(sent, `${framing}: bytes sent until the refusal`).toBeLessThan(20 << 20);
    socket.destroy();
  }
}, 60_000);

/** Seconds that the program has computed so far, outside of the kernel. */
function busyFor(): number {
  const [, after] = readFileSync(`/proc/${app.pid()}/stat`, 'utf8').split(') ');
  return Number(after!.split(' ')[11]) / 100;
}

it('compressed bodies are 415, deep ones 4xx, and quickly', async () => {
  expect((await post(Buffer.from([0x1f, 0x8b, 8, 0]), { 'content-encoding': 'gzip' })).status).toBe(415);
  for (const body of ['['.repeat(20_000), '['.repeat(20_000) + ']'.repeat(20_000), '{"a":'.repeat(20_000)]) {
    const before = busyFor();
    expect((await post(body)).status).toBe(400);
    expect(busyFor() - before).toBeLessThan(1);
  }
}, 30_000);

it('odd requests and raw bytes in headers get an answer or are cut; the program lives on', async () => {
  const lines = [
    'GET / HTTP/1.1\r\n\r\n',
    'BREW /v1/events HTTP/1.1\r\nhost: a\r\n\r\n',
    'POST /v1/events HTTP/9.9\r\nhost: a\r\n\r\n',
    'POST //v1//events HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n',
    'POST http:// HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET /%ff%00 HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET /v1/events/%E0%A4%A HTTP/1.1\r\nhost: a\r\n\r\n',
    'POST /v1/in/%2e%2e%2f HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: @:\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a b\r\n\r\n',
    request(['content-length: -1']),
    request(['content-length: 2', 'content-length: 3']),
    `${request(['content-length: 5', 'transfer-encoding: chunked'])}0\r\n\r\n`,
    `${request(['transfer-encoding: chunked'])}zz\r\n`,
    `${request(['transfer-encoding: chunked'])}fffffffffffffffff\r\n`,
    request([`x: ${'a'.repeat(60_000)}`, 'content-length: 0']),
    `GET /${'a'.repeat(60_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    '\u0000\u0001\u0002\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    ...naughty
      .map((text) => text.slice(0, 1_000).replace(/[\r\n]/g, ' '))
      .map(
        (text) =>
          `${request([`ce-specversion: 1.0`, `ce-id: ${text}`, `ce-type: slow.${text}`, `ce-source: ${text}`, 'content-length: 2'])}{}`,
      ),
  ];
  for (const line of lines) {
    const { socket, said, closed } = await open();
    socket.end(Buffer.from(line));
    await until(`an end of ${JSON.stringify(line.slice(0, 80))}`, () => said() !== '' || closed(), 15_000);
    expect(said(), JSON.stringify(line.slice(0, 400))).not.toMatch(/^HTTP\/1.1 5/);
    socket.destroy();
  }
  expect((await post(event('alive'))).status).toBe(202);
  expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  expect(app.output()).not.toMatch(/"level":50/);
}, 120_000);

function request(lines: string[]): string {
  return [
    `POST /v1/events HTTP/1.1`,
    'host: localhost',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
}

interface Raw {
  socket: net.Socket;
  said(): string;
  closed(): boolean;
}

async function open(): Promise<Raw> {
  const socket = net.connect(Number(new URL(app.url).port), '127.0.0.1');
  let said = '';
  let closed = false;
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, said: () => said, closed: () => closed };
}

/** Sends a byte every half second: of the headers, or of a body that was promised longer. */
async function dribble(inHeaders: boolean): Promise<Raw> {
  const raw = await open();
  const whole = request(
    inHeaders ? [`x: ${'a'.repeat(4_000)}`, 'content-length: 2'] : ['content-length: 4000'],
  );
  raw.socket.write(inHeaders ? whole.slice(0, 200) : whole);
  const timer = setInterval(() => raw.closed() || raw.socket.write('a'), 500);
  raw.socket.once('close', () => clearInterval(timer));
  return raw;
}
