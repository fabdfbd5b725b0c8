// Connections below Node's HTTP: however a stream of requests is cut, it is answered as Node alone answers it.
import { once } from 'node:events';
import net from 'node:net';
import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShortLines } from '#app/short-lines.ts';
import { wholeRequest } from '#app/whole-request.ts';
import { type OpenDoor, openDoor } from '#http.ts';
import { until } from '../harness/until.ts';

const said = (url: string, name: string | null, body: string) => JSON.stringify({ url, name, body });
let [answered, release] = [0, undefined as (() => void) | undefined];
let short: OpenDoor;
let node: OpenDoor;

beforeAll(async () => {
  const app = new Hono();
  app.all('*', async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const text = said(`${pathname}${search}`, c.req.header('x-name') ?? null, await c.req.text());
    return c.body(text, 202, { 'content-type': 'application/json' });
  });
  const plain = {
    take: () => false,
    answer({ head, body }: NonNullable<ReturnType<typeof wholeRequest>>) {
      if (!head.url.startsWith('/plain')) return undefined;
      answered++;
      const answer = {
        status: 202,
        headers: ['Content-Type', 'application/json'],
        body: said(head.url, head.headers.get('x-name'), body.toString()),
      };
      const isHeld = head.url.endsWith('held');
      return new Promise<typeof answer>((resolve) => {
        if (isHeld) release = () => resolve(answer);
        else setImmediate(resolve, answer);
      });
    },
  };
  short = await openDoor(app, '127.0.0.1', 0, plain);
  node = await openDoor(app, '127.0.0.1', 0);
});
afterAll(async () => {
  await short.close();
  await node.close();
});

const post = (lines: string[], body = '', path = '/plain') =>
  [`POST ${path} HTTP/1.1`, 'Host: here', ...lines, '', body].join('\r\n');
const withBody = (body: string, more: string[] = [], path?: string) =>
  post([...more, `Content-Length: ${Buffer.byteLength(body)}`], body, path);
const last = 'GET /last HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n';

function connect({ port }: Pick<OpenDoor, 'port'>) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  let tell = () => {};
  const line = { socket, heard: '', closed: false, more };
  function more(): Promise<void> {
    return new Promise((resolve) => {
      tell = resolve;
    });
  }
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    line.heard += bytes.toString();
    tell();
  });
  socket.on('close', () => {
    line.closed = true;
    tell();
  });
  return line;
}

/** Sends each request in its pieces; the next one when the one before is answered, or at once. Hears everything to the end. */
async function converse(door: OpenDoor, requests: Buffer[][], waits = true): Promise<string> {
  const line = connect(door);
  for (const pieces of requests) {
    const before = line.heard.length;
    for (const piece of pieces) {
      if (!line.socket.writable) break;
      await new Promise((resolve) => line.socket.write(piece, resolve));
      await new Promise((resolve) => setTimeout(resolve));
    }
    while (waits && line.heard.length === before && !line.closed) await line.more();
  }
  while (!line.closed) await line.more();
  return line.heard;
}

/** The bytes in pieces, cut at these parts of their length. */
function cutAt(text: string, cuts: number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((one, other) => one - other)];
  return places
    .map((from, i) => bytes.subarray(from, places[i + 1] ?? bytes.length))
    .filter(({ length }) => length > 0);
}
const whole = (text: string) => cutAt(text, []);

/** What counts: the statuses and bodies in their order, and whether it was the last. */
function answersIn(heard: string): string[] {
  return heard
    .split(/(?=HTTP\/1\.1 \d)/)
    .map(
      (one) => `${one.slice(0, 12)} ${/\r\nConnection: (\w+)/i.exec(one)?.[1]} ${one.split('\r\n\r\n')[1]}`,
    );
}

const plainOnes = [
  withBody('{}'),
  withBody('{"a":"Zoë"}', ['X-Name: one']),
  withBody('', ['X-Name: a b  c']),
  withBody('x'.repeat(3_000), ['connection: Keep-Alive', 'User-Agent: curl/8.5.0', 'Accept: */*']),
  withBody('{}', ['Authorization: Bearer abc'], '/plain?key=a%20b&c=d'),
  // The same head but for the length, and one that ends differently.
  withBody('x'.repeat(123)),
  post(['Content-Length: 3', 'X-Name: behind'], 'abc'),
  post(['Content-Length: 12', 'X-Name: behind'], 'abcdefghijkl'),
];
const others = [
  withBody('{}', [], '/other'),
  withBody('{}', [], '/plain?a="b"'),
  withBody('{}', [], 'http://here/plain'),
  post(['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
  post(['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\nGET /x'),
  // Both lengths are there to their last byte: whoever reads only the one takes it for whole.
  post(['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'),
  post(['Content-Length: 5', 'transfer-encoding: identity'], 'hello'),
  ...['TE: trailers', 'Trailer: X-Name', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'].map((one) =>
    withBody('hello', [one]),
  ),
  post(['Content-Length: 5', 'Content-Length: 2'], 'hello'),
  post(['Content-Length: 2', 'Content-Length: 5'], 'hello'),
  post(['Content-Length: 5, 5'], 'hello'),
  post(['Content-Length: +5'], 'hello'),
  post(['Content-Length: 05'], 'hello'),
  post(['Content-Length : 5'], 'hello'),
  post(['Content-Length:\t5'], 'hello'),
  post([' Content-Length: 5'], 'hello'),
  withBody('hello', ['X-Name: a', ' folded']),
  withBody('hello', ['X-Name: a\nX-Other: b']),
  withBody('hello', ['X-Name: a\rb']),
  withBody('hello', ['X-Name: a', 'X-Name: b']),
  withBody('hello', ['X-Name:']),
  withBody('hello', ['X-Name: \u00e9']),
  withBody('hello', ['X_Name: a']),
  withBody('hello', ['Connection: close']),
  withBody('hello', ['Connection: keep-alive, close']),
  withBody('hello', ['Host: elsewhere']),
  withBody('hello').replace('Host: here\r\n', ''),
  withBody('hello').replace('HTTP/1.1', 'HTTP/1.0'),
  withBody('hello').replace('POST', 'PUT'),
  withBody('hello').replaceAll('\r\n', '\n'),
  `\r\n${withBody('hello')}`,
  'POST /plain HTTP/1.1\r\nHost: here\r\n\r\n',
  '\u0000\u0001',
];

const continued = withBody('hello', ['Expect: 100-continue']);

it('answers plain requests itself, with everything that they say', async () => {
  const before = answered;
  const heard = await converse(short, [...plainOnes, last].map(whole));
  expect(answered - before).toBe(plainOnes.length);
  expect(answersIn(heard)).toEqual(answersIn(await converse(node, [...plainOnes, last].map(whole))));
  expect(heard).toContain('Keep-Alive: timeout=65\r\n');
});

it.each([...others, continued])('leaves to Node what is not plain: %j', async (one) => {
  const before = answered;
  const stream = [plainOnes[0]!, one, plainOnes[1]!, last].map(whole);
  const heard = await converse(short, stream);
  expect(answered - before).toBe(1);
  expect(answersIn(heard)).toEqual(answersIn(await converse(node, stream)));
});

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });
const anyOne = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...plainOnes) },
  { weight: 1, arbitrary: fc.constantFrom(...others) },
);

it('answers each request as Node alone answers it, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anyOne, cuts), { minLength: 1, maxLength: 5 }), async (asked) => {
      const stream = [...asked.map(([one, at]) => cutAt(one, at)), whole(last)];
      expect(answersIn(await converse(short, stream))).toEqual(answersIn(await converse(node, stream)));
    }),
    { numRuns: 50 },
  );
}, 60_000);

it('answers requests in a stream without pauses as Node alone answers them', async () => {
  const good = fc.array(fc.constantFrom(...plainOnes, ...others.slice(0, 4)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(good, cuts, async (asked, at) => {
      const stream = [cutAt(asked.join('') + last, at)];
      const heard = await converse(short, stream, false);
      expect(answersIn(heard)).toEqual(answersIn(await converse(node, stream, false)));
    }),
    { numRuns: 50 },
  );
}, 60_000);

it('finds a known head again whatever length it promises, and no other', () => {
  const head = (length: string) => post([`Content-Length: ${length}`, 'X-Name: one']);
  const { head: last } = wholeRequest(Buffer.from(`${head('2')}{}`))!;
  const again = (text: string) => wholeRequest(Buffer.from(text), last);
  expect(again(`${head('10')}0123456789`)?.body.toString()).toBe('0123456789');
  expect(again(`${head('10')}0123456789`)?.head).toBe(last);
  expect(again(head('0'))?.body).toHaveLength(0);
  expect(again(`${post(['Content-Length: 2', 'X-Name: two'])}{}`)?.head.headers.get('x-name')).toBe('two');
  for (const wrong of ['02', '', '+2', '2 ', '0x2', '2e0', '12345678', '3', '1'])
    expect(again(`${head(wrong)}{}`), wrong).toBeUndefined();
  const text = `${head('2')}{}`;
  for (let end = 0; end < text.length; end++) expect(again(text.slice(0, end))).toBeUndefined();
});

it('answers in order what was asked before the answer', async () => {
  const line = connect(short);
  const asked = ['/plain/held', '/plain', '/other', '/plain'].map((path, i) => withBody(String(i), [], path));
  line.socket.write(asked[0]!);
  await until('the first is asked', () => release !== undefined);
  for (const one of [...asked.slice(1), last]) {
    await new Promise((resolve) => line.socket.write(one, resolve));
    await new Promise((resolve) => setTimeout(resolve));
  }
  expect(line.heard).toBe('');
  release?.();
  await until('it ends', () => line.closed);
  expect(line.heard.match(/"body":"\d/g)).toEqual(asked.map((_, i) => `"body":"${i}`));
});

it('answers somebody who has said their last word', async () => {
  const line = connect(short);
  line.socket.end(withBody('{}'));
  await until('it ends', () => line.closed);
  expect(line.heard).toMatch(/^HTTP\/1.1 202 /);
});

it('ends whoever says nothing: who connects, and who was answered', async () => {
  const answer = async () => ({ status: 202, headers: [], body: '{}' });
  const lines = openShortLines(answer, () => {}, { atFirst: 1, later: 2 });
  const server = net.createServer({ allowHalfOpen: true }, lines.take).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const [mute, asking] = [connect({ port }), connect({ port })];
  asking.socket.write(withBody('{}'));
  await until('who is mute is gone', () => mute.closed);
  expect([asking.closed, asking.heard.slice(0, 12)]).toEqual([false, 'HTTP/1.1 202']);
  await until('who was answered is gone', () => asking.closed);
  lines.close();
  await new Promise((resolve) => server.close(resolve));
});

it('takes nothing more once it has said its last, and waits for nobody to hang up', async () => {
  let asked = 0;
  let answer: (() => void) | undefined;
  const door = await openDoor(new Hono(), '127.0.0.1', 0, {
    take: () => false,
    answer: () => {
      asked++;
      return new Promise((resolve) => {
        answer = () => resolve({ status: 202, headers: [], body: '{}' });
      });
    },
  });
  const socket = net.connect({ port: door.port, host: '127.0.0.1', allowHalfOpen: true });
  let heard = '';
  socket
    .on('error', () => {})
    .on('data', (bytes) => {
      heard += bytes.toString();
    });
  socket.write(withBody('1'));
  await until('it is asked', () => answer !== undefined);
  const closed = door.close(60_000);
  // Behind the first while it is asked, and after its answer.
  await new Promise((resolve) => socket.write(withBody('2'), resolve));
  socket.once('data', () => socket.write(withBody('3')));
  answer?.();
  await closed;
  expect(asked).toBe(1);
  await until('it has heard the answer', () => heard !== '');
  expect(heard).toMatch(/^HTTP\/1.1 202 .*\r\nConnection: close\r\n/s);
  socket.destroy();
});

it('closes over nothing unread: that would reset the connection, and the answer could be lost', async () => {
  let answer: (() => void) | undefined;
  const asked = () =>
    new Promise<{ status: number; headers: []; body: string }>((resolve) => {
      answer = () => resolve({ status: 202, headers: [], body: '{}' });
    });
  const lines = openShortLines(asked, () => {}, { atFirst: 60, later: 60 });
  const taken: net.Socket[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    taken.push(socket);
    lines.take(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const line = connect(server.address() as net.AddressInfo);
  line.socket.write(withBody('1'));
  await until('it is asked', () => answer !== undefined);
  // More than Node reads of one that is paused, and less than the system keeps.
  for (const one of ['2', 'x'.repeat(150_000)])
    await new Promise((resolve) => line.socket.write(withBody(one), resolve));
  await until('it reads no more', () => taken[0]!.isPaused() && taken[0]!.readableLength > 0);
  lines.close();
  answer?.();
  await until('it ends', () => line.closed);
  expect(taken[0]!.bytesRead).toBe(line.socket.bytesWritten);
  expect(line.heard).toMatch(/^HTTP\/1.1 202 .*\r\nConnection: close\r\n/s);
  await new Promise((resolve) => server.close(resolve));
});

it('closes once what was asked is answered, and says that it was the last', async () => {
  const answers: ((answer: { status: number; headers: []; body: string }) => void)[] = [];
  const door = await openDoor(new Hono(), '127.0.0.1', 0, {
    take: () => false,
    answer: () => new Promise((resolve) => answers.push(resolve)),
  });
  const [idle, asking, never] = [connect(door), connect(door), connect(door)];
  asking.socket.write(withBody('{}'));
  never.socket.write(withBody('{}'));
  await until('both are asked', () => answers.length === 2);
  const closed = door.close(1_500);
  await until('who asked nothing is gone', () => idle.closed);
  expect(asking.closed).toBe(false);
  answers[0]!({ status: 202, headers: [], body: '{}' });
  await until('who was answered is gone', () => asking.closed);
  expect(asking.heard).toMatch(/^HTTP\/1.1 202 .*\r\nConnection: close\r\n/s);
  await closed;
  await until('who is never answered is cut', () => never.closed);
  expect(never.heard).toBe('');
});
