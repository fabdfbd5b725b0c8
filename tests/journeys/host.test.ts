// A machine watched without any push: node_exporter as Debian ships it, asked by the real program, told in Ana's chat.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { freePort } from '../harness/free-port.ts';
import { type RemotePerson, startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';

const program = 'prometheus-node-exporter';
const isMissing = spawnSync(program, ['--version']).status !== 0;
if (isMissing) {
  const why = `${program} is not installed: the host journey cannot be walked.`;
  if (process.env.CI === 'true') throw new Error(`${why} CI skips nothing.`);
  console.warn(`skipped: ${why}`);
}

const data = temporaryFolder('host');
const key = 'host-journey-key-0123456789';
let telegram: TelegramProcess;
let app: AppProcess;
let ana: RemotePerson;
let shell: ChildProcess | undefined;
let printed = '';

beforeAll(async () => {
  if (isMissing) return;
  telegram = await startTelegramProcess();
  app = await startAppProcess(path.join(data.path, 'app'), {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.telegram.apiRoot,
    OWNER_IDS: '7001',
    BOOTSTRAP_API_KEY: key,
    OUTBOUND_ALLOW: '127.0.0.0/8',
  });
  ana = await telegram.telegram.person(7001, { first_name: 'Ana' });
}, 120_000);

afterAll(async () => {
  await endExample();
  await app?.stop();
  await telegram?.stop();
  data.remove();
}, 60_000);

it.skipIf(isMissing)(
  'its memory is watched within a minute, with nothing pushed and no Prometheus',
  async () => {
    await ana.start();
    await until('the bot greets', async () => (await ana.seen()).length > 0);
    // More memory than any machine has left: met by the first answer.
    await ana.say('/watch host.memory available < 100.1');
    await until('the rule is saved', async () => /host.memory/.test((await ana.last())?.text ?? ''));
    await ana.say('/watch host.up up < 1');
    await until('the second rule is saved', async () => /host.up/.test((await ana.last())?.text ?? ''));

    shell = spawn('sh', ['examples/host/run.sh'], {
      env: {
        PATH: process.env.PATH ?? '',
        TMPDIR: data.path,
        TOCSIN_KEY: key,
        TOCSIN_URL: app.url,
        NODE_PORT: String(await freePort()),
        NAME: 'laptop',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [shell.stdout!, shell.stderr!])
      stream.on('data', (text) => {
        printed += String(text);
      });
    await until('the example runs', () => {
      if (shell!.exitCode !== null) throw new Error(`the program ended: ${printed}`);
      return printed.includes('Running.');
    });
    // Live values before anything was kept.
    const look = JSON.parse(/now:\n(.*)\n/.exec(printed)![1]!);
    const memory = look.shown.find(({ topic }: { topic: string }) => topic === 'host.memory');
    expect(memory).toMatchObject({
      subject: 'laptop',
      fields: [{ title: 'Available memory', unit: '%' }, {}],
    });
    expect(look.offers.length).toBeGreaterThan(3);

    const fired = await until('the alert is told', async () =>
      (await ana.seen()).find(({ text }) => text?.includes('laptop') && /limit 100.1/.test(text)),
    );
    expect(fired.text).toMatch(/^🟠/);
    const target = await only();
    expect(target).toMatchObject({ name: 'laptop', module: 'host', state: 'up', login: false });
    expect(target.found).toBeGreaterThan(3);

    // The machine falls silent: told as a failure, not as missing values.
    await endExample();
    await fetch(`${app.url}/v1/targets/${target.id}`, { method: 'PATCH', headers, body: '{"paused":true}' });
    await fetch(`${app.url}/v1/targets/${target.id}`, { method: 'PATCH', headers, body: '{"paused":false}' });
    const down = await until('it is told that it does not answer', async () =>
      (await ana.seen()).find(({ text }) => text?.includes('host.up') && /limit 1\b/.test(text)),
    );
    expect(down.text).toContain('laptop');
    expect(down.text).toMatch(/does not answer/);

    const removed = await fetch(`${app.url}/v1/targets/laptop`, { method: 'DELETE', headers });
    expect(await removed.json()).toMatchObject({ name: 'laptop' });
    expect((await list()).targets).toEqual([]);
  },
  120_000,
);

const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
interface Listed {
  targets: { id: string; name: string; module: string; state: string; login: boolean; found: number }[];
}
const list = async () => (await fetch(`${app.url}/v1/targets`, { headers })).json() as Promise<Listed>;
const only = async () =>
  until('the first look is over', async () => {
    const [target] = (await list()).targets;
    return target?.state === 'up' ? target : undefined;
  });

async function endExample(): Promise<void> {
  if (!shell || shell.exitCode !== null || shell.signalCode !== null) return;
  const exit = once(shell, 'exit');
  shell.kill('SIGTERM');
  await exit;
}
