// A second machine watches the first: the peer is killed, told by another bot and a webhook, and told again when it is back.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { program } from '../harness/program.ts';
import { type RemotePerson, startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';

const data = temporaryFolder('watch-peer');
const stateFile = path.join(data.path, 'watch.json');
const cli = await program('src/cli.ts');
let telegram: TelegramProcess;
let peer: AppProcess;
let ana: RemotePerson;
const hooked: string[] = [];
let hookStatus = 200;
const outside = createServer((request, response) => {
  request.on('data', (part) => {
    if (hookStatus === 200) hooked.push(JSON.parse(String(part)).text);
  });
  response.writeHead(hookStatus).end();
});
let base = '';
let watcher: ChildProcess | undefined;
let printed = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  telegram = await startTelegramProcess();
  ana = await telegram.telegram.person(7001, { first_name: 'Ana' });
  peer = await startAppProcess(path.join(data.path, 'app'), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
    OWNER_IDS: '7001',
  });
  await ana.start();
}, 120_000);

afterAll(async () => {
  await endWatcher();
  await peer?.stop();
  await telegram?.stop();
  outside.closeAllConnections();
  outside.close();
  data.remove();
}, 60_000);

function tocsin(args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...cli, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: data.path,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (text) => {
      printed += String(text);
    });
  return child;
}

function startWatcher(): void {
  const to = ['--telegram', '7001', '--webhook', `${base}/hook`];
  const pace = ['--every', '1s', '--down-after', '2', '--up-after', '2'];
  watcher = tocsin(['watch', '--peer', peer.url, ...to, ...pace, '--state', stateFile]);
}

async function endWatcher(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  if (!watcher || watcher.exitCode !== null || watcher.signalCode !== null) return null;
  const exit = once(watcher, 'exit');
  watcher.kill(signal);
  await exit;
  return watcher.exitCode;
}

const told = async (words: RegExp) => (await ana.seen()).filter(({ text }) => words.test(text ?? ''));

it('a peer that is killed is told by another way than its own, once, and its return too', async () => {
  startWatcher();
  await until('it watches', () => printed.includes('Watching'));
  hookStatus = 500;
  await peer.kill();
  await until('Ana is told', async () => (await told(/cannot be relied on/)).length > 0);
  expect((await told(/cannot be relied on/))[0]!.text).toContain('nobody listens there');

  // Killed while one of the two could not be told: that is made up for, and nothing is told twice.
  await until('the webhook failed', () => printed.includes('could not be told: it answers with 500'));
  await until('it is kept who has heard', () => {
    const { untold } = JSON.parse(readFileSync(stateFile, 'utf8')) as { untold: object };
    return Object.keys(untold).length === 1;
  });
  await endWatcher('SIGKILL');
  hookStatus = 200;
  startWatcher();
  await until('the webhook is told', () => hooked.some((text) => /cannot be relied on/.test(text)));
  expect((await told(/cannot be relied on/)).length).toBe(1);

  const once1 = tocsin(['watch', '--peer', peer.url, '--once']);
  const [code] = await once(once1, 'exit');
  expect(code).toBe(1);

  await peer.start();
  await until('its return is told', async () => (await told(/is back/)).length > 0, 60_000);
  await until('to both', () => hooked.some((text) => /is back/.test(text)));
  expect(hooked.filter((text) => /cannot be relied on/.test(text)).length).toBe(1);
  expect(await endWatcher()).toBe(0);
  const [fine] = await once(tocsin(['watch', '--peer', peer.url, '--once']), 'exit');
  expect(fine).toBe(0);
}, 120_000);
