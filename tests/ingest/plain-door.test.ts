// The ways below the router answer every request as the router does: the same status, headers that matter, and words.
import net from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDoor as listen, type OpenDoor } from '#http.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let plain: OpenDoor;
let short: OpenDoor;
let router: OpenDoor;
let answered = 0;
beforeAll(async () => {
  door = await openDoor();
  plain = await listen(door.app, '127.0.0.1', 0, {
    take(request, response) {
      const done = door.app.plain.take(request, response);
      if (done) answered++;
      return done;
    },
    answer: () => undefined,
  });
  short = await listen(door.app, '127.0.0.1', 0, {
    take: () => false,
    answer(request) {
      const answer = door.app.plain.answer(request);
      if (answer) answered++;
      return answer;
    },
  });
  router = await listen(door.app, '127.0.0.1', 0);
});
afterAll(async () => {
  await plain.close();
  await short.close();
  await router.close();
  await door.close();
});

type Asked = [
  name: string,
  body: string | Buffer,
  more?: { headers?: Record<string, string>; query?: string; left?: true },
];
const event = (more: object = {}) =>
  JSON.stringify({ type: 'disk.usage', subject: '/sarc', data: { usage: 93 }, ...more });
const withoutKey = { authorization: '' };

const asked: Asked[] = [
  ['one event', event({ id: 'one', source: 'here' })],
  ['the same again', event({ id: 'one', source: 'here' })],
  ['its id for another event', event({ id: 'one', source: 'here', data: { usage: 94 } })],
  ['a list', `[${event({ id: 'a' })},${event({ id: 'b' })}]`],
  ['an empty list', '[]'],
  ['a list with a fault', `[${event()},${event({ typ: 'x' })}]`],
  ['a byte order mark', `\ufeff${event({ id: 'mark' })}`],
  ['text that no database takes', event({ id: 'nul', subject: 'a\u0000b' })],
  ['nothing', ''],
  ['no JSON', '{"type":'],
  ['a single value', '42'],
  ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
  ['too deep', `${'['.repeat(40)}${']'.repeat(40)}`],
  ['too long for an event', event({ data: { text: 'x'.repeat(300_000) } })],
  ['too long for a body', event({ data: { text: 'x'.repeat(1_100_000) } }), { left: true }],
  ['no key', event(), { headers: withoutKey }],
  ['a wrong key', event(), { headers: { authorization: 'Bearer this-is-no-key-at-all' } }],
  ['the key in the address', event({ id: 'query' }), { headers: withoutKey, query: `?key=${bootstrap}` }],
  ['another media type', event(), { headers: { 'content-type': 'text/plain' } }],
  ['another charset', event(), { headers: { 'content-type': 'application/json; charset=latin1' } }],
  ['compressed', event(), { headers: { 'content-encoding': 'gzip' } }],
  ['a CloudEvent', event(), { headers: { 'content-type': 'application/cloudevents+json' }, left: true }],
  ['a topic of ours', event({ type: 'tocsin.canary' })],
];

async function ask({ url }: OpenDoor, [, body, { headers = {}, query = '' } = {}]: Asked) {
  const answer = await fetch(`${url}/v1/events${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  return comparable(answer);
}

/** The same in one piece, as few libraries send it. */
async function askAtOnce({ port }: OpenDoor, [, body, { headers = {}, query = '' } = {}]: Asked) {
  const socket = net.connect(port, '127.0.0.1');
  const bytes = Buffer.from(body as string);
  const named = {
    host: 'here',
    authorization: `Bearer ${bootstrap}`,
    'content-type': 'application/json',
    ...headers,
    'content-length': String(bytes.length),
  };
  const lines = Object.entries(named).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`POST /v1/events${query} HTTP/1.1\r\n${lines.join('')}\r\n`);
  socket.write(Buffer.concat([head, bytes]));
  let heard = '';
  for await (const piece of socket) {
    heard += piece;
    const length = /\r\ncontent-length: (\d+)/i.exec(heard)?.[1];
    const [said, text] = heard.split('\r\n\r\n');
    if (length === undefined || text === undefined || Buffer.byteLength(text) < Number(length)) continue;
    const [first, ...rest] = said!.split('\r\n');
    const answers = rest.map((line) => line.split(': ') as [string, string]);
    return comparable(new Response(text, { status: Number(first!.split(' ')[1]), headers: answers }));
  }
  throw new Error(`it ended after ${heard}`);
}

async function comparable(answer: Response) {
  const kept = ['content-type', 'www-authenticate', 'retry-after'].map((name) => answer.headers.get(name));
  // What one way took is a duplicate, or another number, on the other.
  const text = (await answer.text())
    .replace(/"seq":\d+/g, '"seq":0')
    .replace(/"id":"e_\w+"/g, '"id":"e"')
    .replace(/"duplicate":\w+|"accepted":\d|"duplicates":\d/g, '');
  return { status: answer.status, kept, text };
}

it.each(asked.map((one) => [one[0], one] as const))('%s', async (_name, one) => {
  const before = answered;
  const short = await ask(plain, one);
  expect(answered - before, 'answered below the router').toBe(one[2]?.left ? 0 : 1);
  expect(short).toEqual(await ask(router, one));
});

// An empty header is not plain, and what is long does not come in one piece.
const atOnce = asked.filter(([, body, more]) => more?.headers?.authorization !== '' && body.length < 20_000);

it.each(atOnce.map((one) => [one[0], one] as const))('at once: %s', async (_name, one) => {
  const before = answered;
  const said = await askAtOnce(short, one);
  expect(answered - before, 'answered below Node’s HTTP').toBe(one[2]?.left ? 0 : 1);
  expect(said).toEqual(await ask(router, one));
});

it('says that nothing may be guessed about what it sends', async () => {
  const answer = await fetch(`${plain.url}/v1/events`, { method: 'POST', body: '{}' });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
});

it('leaves other addresses and methods to the router', async () => {
  const before = answered;
  expect((await fetch(`${plain.url}/v1/events`)).status).toBe(401);
  expect((await fetch(`${plain.url}/v1/eventsx`, { method: 'POST', body: '{}' })).status).toBe(404);
  expect(answered).toBe(before);
});
