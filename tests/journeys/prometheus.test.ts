// Real input: node_exporter, Prometheus and Alertmanager as Debian ships them, into the real program, into Ana's chat.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { type RemotePerson, startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';

const programs = ['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter'];
const missing = programs.filter((name) => spawnSync(name, ['--version']).status !== 0);
if (missing.length > 0) {
  const why = `${missing.join(', ')} not installed: the Prometheus journey cannot be walked.`;
  if (process.env.CI === 'true') throw new Error(`${why} CI skips nothing.`);
  console.warn(`skipped: ${why}`);
}

const data = temporaryFolder('prometheus');
const metrics = path.join(data.path, 'metrics');
const key = 'prometheus-journey-key-0123456789';
let telegram: TelegramProcess;
let app: AppProcess;
let ana: RemotePerson;
let shell: ChildProcess;
let printed = '';
let ports: { NODE_PORT: string; PROMETHEUS_PORT: string; ALERTMANAGER_PORT: string };

beforeAll(async () => {
  if (missing.length > 0) return;
  telegram = await startTelegramProcess();
  app = await startAppProcess(path.join(data.path, 'app'), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
    OWNER_IDS: '7001',
    BOOTSTRAP_API_KEY: key,
  });
  ana = await telegram.telegram.person(7001, { first_name: 'Ana' });
  const [node, prometheus, alertmanager] = await freePorts(3);
  ports = { NODE_PORT: `${node}`, PROMETHEUS_PORT: `${prometheus}`, ALERTMANAGER_PORT: `${alertmanager}` };
  shell = spawn('sh', ['examples/prometheus/run.sh'], {
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: data.path,
      TOCSIN_KEY: key,
      TOCSIN_URL: app.url,
      METRICS_DIR: metrics,
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [shell.stdout!, shell.stderr!])
    stream.on('data', (text) => {
      printed += String(text);
    });
}, 120_000);

afterAll(async () => {
  await endExample();
  await app?.stop();
  await telegram?.stop();
  data.remove();
}, 60_000);

it.skipIf(missing.length > 0)(
  'a disk over its limit is told in the chat, and that it is over',
  async () => {
    await until('the example says how to write a metric', () => {
      if (shell.exitCode !== null) throw new Error(`the program ended: ${printed}`);
      return printed.includes(`> ${metrics}/disk.prom`);
    });
    const children = childrenOf(shell.pid!);
    expect(children).toHaveLength(3);
    await ana.start();
    await until('the bot greets', async () => (await ana.seen()).length > 0);
    await ana.say('/watch alertmanager.**');
    await until('the rule is saved', async () => /alertmanager/.test((await ana.last())?.text ?? ''));

    // As the example's own line says it.
    write('93.5');
    const fired = await until(
      'the alert is told',
      async () => (await ana.seen()).find(({ text }) => text?.includes('/home is nearly full')),
      60_000,
    );
    expect(fired.text).toMatch(/^🟠 \/home is nearly full/);
    expect(fired.text).toContain('93.5 % used');
    expect(fired.text).toContain('DiskNearlyFull');

    write('50');
    const over = await until(
      'it is told that it is over',
      async () =>
        (await ana.seen()).find(
          ({ text, message_id }) => message_id !== fired.message_id && /^✅ .*is over/.test(text ?? ''),
        ),
      60_000,
    );
    expect(over.text).toContain('/home is nearly full');
    await until('the first message turns green', async () =>
      (await ana.seen()).some(
        ({ text, message_id }) => message_id === fired.message_id && text?.startsWith('✅'),
      ),
    );
    // One alert, told once and ended once, however often Prometheus repeats itself.
    const told = (await ana.seen()).filter(({ text }) => text?.includes('/home is nearly full'));
    expect(told).toHaveLength(2);
    const refused = (await telegram.telegram.ledger()).filter(({ error }) => error?.code === 400);
    expect(refused.map(({ error }) => error!.description)).toEqual([]);

    await endExample();
    expect(children.filter(isAlive), 'nothing of the example is left running').toEqual([]);
    expect(readdirSync(data.path).filter((name) => name.startsWith('tmp'))).toEqual([]);
  },
  180_000,
);

/** What the example's own line does, in one step: node_exporter must not read half a file. */
function write(value: string): void {
  writeFileSync(path.join(metrics, 'disk.new'), `demo_disk_usage_percent{mount="/home"} ${value}\n`);
  renameSync(path.join(metrics, 'disk.new'), path.join(metrics, 'disk.prom'));
}

async function endExample(): Promise<void> {
  if (!shell || shell.exitCode !== null || shell.signalCode !== null) return;
  const exit = once(shell, 'exit');
  shell.kill('SIGTERM');
  await exit;
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const found = probes.map((probe) => (probe.address() as net.AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return found;
}
