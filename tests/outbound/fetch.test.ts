// Requests to addresses that people typed: what is never reached, what comes back, and whether bytes had gone out.
import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressFault, readAllowed } from '#outbound/address.ts';
import { type Asking, fetchGuarded, openOutbound } from '#outbound/fetch.ts';
import { freePort } from '../harness/free-port.ts';
import { forbiddenUrls } from './url-forms.ts';

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let answering: Answering;
let connections = 0;
let requests: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
let canary: Server;
let port: number;
const sockets = new Set<Socket>();

beforeAll(async () => {
  canary = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers, body });
      answering(request, response, body);
    });
  });
  canary.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
  });
  // Both families, so that no form of the own machine is out of its sight.
  await new Promise<void>((resolve) => canary.listen(0, '::', resolve));
  port = (canary.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => canary.close(resolve));
});
beforeEach(() => {
  connections = 0;
  requests = [];
  answering = (_request, response) => response.end('here');
});

const allow = (text: string) => {
  const read = readAllowed(text);
  if (!read.ok) throw new Error(`not a network: ${read.wrong}`);
  return read.allowed;
};
const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });
const named =
  (...answers: LookupAddress[][]) =>
  async () =>
    answers.length > 1 ? answers.shift()! : answers[0]!;
/** Only 127.0.0.2 is let through: it stands for a public address here. */
const outside = allow('127.0.0.2');
const get = (url: string, asking: Asking = {}) => fetchGuarded(url, { ...asking, allowed: outside });

describe('what is never reached', () => {
  it('no form of a forbidden address is connected to', async () => {
    const urls = forbiddenUrls(port);
    expect(urls.length).toBeGreaterThanOrEqual(150);
    const outcomes = await Promise.all(
      urls.map(async (url) => [url, (await fetchGuarded(url, { allowed: [], timeoutMs: 2_000 })).is]),
    );
    expect(outcomes.filter(([, is]) => is !== 'refused')).toEqual([]);
    expect(connections).toBe(0);
  });

  it('the canary would have heard it', async () => {
    expect(await fetchGuarded(`http://127.0.0.1:${port}/`, { allowed: allow('127.0.0.0/8') })).toMatchObject({
      is: 'answer',
      status: 200,
    });
    expect(await fetchGuarded(`http://[::1]:${port}/`, { allowed: allow('::1') })).toMatchObject({
      status: 200,
    });
    expect(connections).toBe(2);
  });

  it.each([
    ['a name of this machine', [[v4('127.0.0.1')]]],
    ['a name with one good answer among bad ones', [[v4('127.0.0.2'), v4('127.0.0.1')]]],
    ['a name that is good by IPv4 and bad by IPv6', [[v4('127.0.0.2'), v6('::1')]]],
    ['a name that is bad by IPv4 and good by IPv6', [[v6('2600::1'), v4('127.0.0.1')]]],
    ['a mapped answer', [[v6('::ffff:127.0.0.1')]]],
    ['an answer that is no address', [[v4('nonsense')]]],
  ])('%s is refused', async (_, answers) => {
    const fetched = await fetchGuarded(`http://inside.example:${port}/`, {
      allowed: outside,
      resolve: named(...answers),
    });
    expect(fetched).toMatchObject({ is: 'refused' });
    expect(connections).toBe(0);
  });

  it('a name is looked up once for each request, and judged each time, whatever was connected before', async () => {
    let asked = 0;
    const answers = [[v4('127.0.0.2')], [v4('127.0.0.1')], [v4('127.0.0.2')]];
    const rebinding = openOutbound(outside, async () => answers[asked++]!);
    const url = `http://rebinding.example:${port}/`;
    expect(await rebinding(url)).toMatchObject({ is: 'answer' });
    expect(await rebinding(url)).toMatchObject({ is: 'refused' });
    expect(await rebinding(url)).toMatchObject({ is: 'answer' });
    expect([asked, connections]).toEqual([3, 2]);
    expect(requests[0]!.headers).toMatchObject({ host: `rebinding.example:${port}`, connection: 'close' });
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect (%i) to this machine is an answer, not a way',
    async (status) => {
      answering = (_request, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${port}/inside` }).end();
      const fetched = await get(`http://127.0.0.2:${port}/`);
      expect(fetched).toMatchObject({ is: 'answer', status });
      expect(connections).toBe(1);
    },
  );

  it('no setting opens link-local addresses, metadata or addresses inside addresses', () => {
    const everything = allow('0.0.0.0/0, ::/0');
    for (const address of [
      '169.254.169.254',
      'fe80::1',
      'fd00:ec2::254',
      '100.100.100.200',
      '168.63.129.16',
      '0.0.0.0',
      '::',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
      '224.0.0.1',
      '::ffff:169.254.169.254',
    ])
      expect(addressFault(address, everything), address).toMatch(/never/);
    for (const address of ['10.0.0.1', '127.0.0.1', 'fd12::1', '::1', '100.64.0.1'])
      expect(addressFault(address, everything), address).toBeUndefined();
    for (const address of ['93.184.216.34', '2606:2800:220:1::1', '::ffff:8.8.8.8'])
      expect(addressFault(address, []), address).toBeUndefined();
  });

  it('proxies of the environment are not used', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' });
    expect(await get(`http://127.0.0.2:${port}/`)).toMatchObject({ is: 'answer' });
    process.env = before;
  });
});

describe('what comes back', () => {
  it('is status, headers and body, whatever the status', async () => {
    answering = (request, response, body) =>
      response.writeHead(418, { 'x-two': ['a', 'b'] }).end(`${request.method} ${body}`);
    const fetched = await get(`http://127.0.0.2:${port}/a?b=c`, {
      method: 'PUT',
      body: 'ö',
      headers: { 'x-mine': '1', Host: 'other', 'Content-Length': '999', Connection: 'keep-alive' },
    });
    expect(fetched).toMatchObject({
      is: 'answer',
      status: 418,
      truncated: false,
      headers: { 'x-two': 'a, b' },
    });
    expect(fetched.is === 'answer' && fetched.body.toString()).toBe('PUT ö');
    expect(requests[0]).toMatchObject({ url: '/a?b=c', body: 'ö' });
    expect(requests[0]!.headers).toMatchObject({
      'x-mine': '1',
      host: `127.0.0.2:${port}`,
      'content-length': '2',
      connection: 'close',
    });
  });

  it('is cut where it is long, without reading the rest', async () => {
    let written = 0;
    answering = (_request, response) => {
      const more = () => {
        while (!response.destroyed && written < 1e9 && response.write(Buffer.alloc(65_536, 120)))
          written += 65_536;
      };
      response.on('drain', more);
      more();
    };
    const fetched = await get(`http://127.0.0.2:${port}/`, { maxBytes: 1000 });
    expect(fetched).toMatchObject({ is: 'answer', truncated: true });
    expect(fetched.is === 'answer' && fetched.body.length).toBe(1000);
    expect(written).toBeLessThan(50_000_000);
  });

  it('is what was there when time ran out, and when the connection was cut within the body', async () => {
    answering = (_request, response) => void response.write('so far');
    // So long that it was there in any case.
    const slow = await get(`http://127.0.0.2:${port}/`, { timeoutMs: 2_000 });
    expect(slow).toMatchObject({ is: 'answer', status: 200, truncated: true });
    answering = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('so far');
      setTimeout(() => response.destroy(), 20);
    };
    const cut = await get(`http://127.0.0.2:${port}/`);
    expect(cut).toMatchObject({ is: 'answer', truncated: true });
    expect(cut.is === 'answer' && cut.body.toString()).toBe('so far');
  });
});

describe('a failure says whether bytes had gone out', () => {
  it('not when nobody listens, the name is unknown, or it is not looked up in time', async () => {
    expect(await get(`http://127.0.0.2:${await freePort()}/`)).toMatchObject({ is: 'failed', wrote: false });
    const unknown = async () => {
      throw Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
    };
    expect(await fetchGuarded('http://nowhere.example/', { allowed: [], resolve: unknown })).toMatchObject({
      is: 'failed',
      wrote: false,
      why: 'there is no such name',
    });
    const never = () => new Promise<LookupAddress[]>(() => {});
    expect(
      await fetchGuarded('http://slow.example/', { allowed: [], resolve: never, timeoutMs: 50 }),
    ).toMatchObject({ is: 'failed', wrote: false, why: 'no answer within 0.05 s' });
  });

  it('it had when the other side hung up, stayed silent, or spoke something else', async () => {
    answering = (request) => void request.socket.destroy();
    expect(await get(`http://127.0.0.2:${port}/`)).toMatchObject({ is: 'failed', wrote: true });
    answering = () => {};
    expect(await get(`http://127.0.0.2:${port}/`, { timeoutMs: 2_000 })).toMatchObject({
      is: 'failed',
      wrote: true,
    });
    answering = (request) => void request.socket.end('SSH-2.0-OpenSSH\r\n');
    expect(await get(`http://127.0.0.2:${port}/`)).toMatchObject({
      is: 'failed',
      wrote: true,
      why: 'it does not answer in HTTP',
    });
    answering = (request) =>
      void request.socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      );
    expect(await get(`http://127.0.0.2:${port}/`)).toMatchObject({ is: 'failed', wrote: true });
  });

  it('not when the certificate or the TLS handshake is not right', async () => {
    expect(await get(`https://127.0.0.2:${port}/`)).toMatchObject({ is: 'failed', wrote: false });
    expect(requests).toEqual([]);
  });

  it('and never repeats the address or a header, which can hold secrets', async () => {
    const fetched = await get(`http://127.0.0.2:${port}/`, { headers: { 'x-key': 'hunter2\r\nx: y' } });
    expect(fetched).toMatchObject({ is: 'refused' });
    expect(JSON.stringify(fetched)).not.toContain('hunter2');
    expect(connections).toBe(0);
  });
});

describe('what is typed is looked at before anything is sent', () => {
  const faultOf = (url: string, resolve = named([v4('127.0.0.2')])) =>
    openOutbound(outside, resolve).fault!(url);

  it.each([
    [
      'a name that leads to this machine',
      [v4('127.0.0.1')],
      'its name leads to addresses of this machine itself',
    ],
    [
      'a name of the inside among others',
      [v4('127.0.0.2'), v4('10.0.0.7')],
      'its name leads to addresses of a private network',
    ],
    ['where clouds keep secrets', [v4('169.254.169.254')], 'link-local addresses are never spoken to'],
  ])('%s', async (_, found, why) => {
    expect(await faultOf('https://hooks.example.org/x', named(found))).toContain(why);
    expect(connections).toBe(0);
  });

  it('localhost and forbidden addresses as they stand', async () => {
    expect(await faultOf('http://localhost:8080/')).toContain('addresses of this machine itself');
    expect(await faultOf('http://10.0.0.7/')).toContain('addresses of a private network');
    expect(await faultOf('http://[::1]/')).toContain('addresses of this machine itself');
  });

  it('nothing is said against a good name, a good address, or a name that nobody answers for', async () => {
    expect(await faultOf('https://hooks.example.org/x')).toBeUndefined();
    expect(await faultOf('http://127.0.0.2/')).toBeUndefined();
    const unknown = async () => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    };
    expect(await faultOf('https://nowhere.example.org/', unknown)).toBeUndefined();
  });
});
