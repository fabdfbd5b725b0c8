// Guarded requests over TLS: a certificate of a CA that this machine was told of is taken, for its own name alone.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fetched } from '#outbound/fetch.ts';
import { temporaryFolder } from '../harness/folder.ts';

const possible = spawnSync('openssl', ['version']).status === 0;
if (!possible && process.env.CI === 'true') throw new Error('openssl is not installed; CI skips nothing.');
const folder = temporaryFolder('https');
const at = (name: string) => path.join(folder.path, name);
const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
const requests: { name: unknown; host: string | undefined; body: string }[] = [];
let server: ReturnType<typeof createServer> | undefined;
let port: number;

beforeAll(async () => {
  if (!possible) return;
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    at(name),
  ];
  openssl('req', '-x509', ...key('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', '/CN=Our own CA');
  openssl('req', ...key('hook.key'), '-out', at('hook.csr'), '-subj', '/CN=hooks.example.test');
  writeFileSync(at('names'), 'subjectAltName=DNS:hooks.example.test\n');
  openssl(
    ...[
      'x509',
      '-req',
      '-in',
      at('hook.csr'),
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
    ],
    ...['-out', at('hook.pem'), '-days', '2', '-extfile', at('names')],
  );
  const pair = { key: readFileSync(at('hook.key')), cert: readFileSync(at('hook.pem')) };
  server = createServer(pair, (request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      requests.push({ name: (request.socket as TLSSocket).servername, host: request.headers.host, body });
      response.writeHead(201, { 'x-from': 'tls' }).end('taken');
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.2', resolve));
  port = (listening.address() as AddressInfo).port;
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  folder.remove();
});

/** As a process of its own: whom it trusts is decided when it starts. */
async function ask(name: string, trusts: boolean): Promise<Fetched> {
  const program = `
    import { readAllowed } from '#outbound/address.ts';
    import { fetchGuarded } from '#outbound/fetch.ts';
    const { allowed } = readAllowed('127.0.0.2');
    const resolve = async () => [{ address: '127.0.0.2', family: 4 }];
    const asking = { method: 'POST', body: 'hello', allowed, resolve };
    const fetched = await fetchGuarded('https://${name}:${port}/hook', asking);
    console.log(JSON.stringify({ ...fetched, body: fetched.body?.toString() }));`;
  const env = { PATH: process.env.PATH ?? '', ...(trusts ? { NODE_EXTRA_CA_CERTS: at('ca.pem') } : {}) };
  const flags = ['--import', 'tsx', '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env });
  return JSON.parse(stdout);
}

it.skipIf(!possible)('asks by name, is answered, and shows the name to the server', async () => {
  expect(await ask('hooks.example.test', true)).toMatchObject({
    is: 'answer',
    status: 201,
    headers: { 'x-from': 'tls' },
    body: 'taken',
    truncated: false,
  });
  expect(requests).toEqual([
    { name: 'hooks.example.test', host: `hooks.example.test:${port}`, body: 'hello' },
  ]);
});

it.skipIf(!possible)(
  'takes it for no other name, and not from nobody known: nothing is written',
  async () => {
    requests.length = 0;
    expect(await ask('other.example.test', true)).toMatchObject({
      is: 'failed',
      why: 'its certificate is for another name',
      wrote: false,
    });
    expect(await ask('hooks.example.test', false)).toMatchObject({
      is: 'failed',
      why: 'its certificate is signed by nobody known',
      wrote: false,
    });
    expect(requests).toEqual([]);
  },
);
