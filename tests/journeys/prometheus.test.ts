// Real input: node_exporter, Prometheus and Alertmanager as Debian ships them, into the real program, into Ana's chat.
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { type Example, isAlive, missingPrograms, runExample } from '../harness/example.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { freePorts } from '../harness/free-port.ts';
import { type RemotePerson, startTelegramProcess, type TelegramProcess } from '../harness/telegram-client.ts';
import { until } from '../harness/until.ts';

const missing = missingPrograms(['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter']);

const data = temporaryFolder('prometheus');
const metrics = path.join(data.path, 'metrics');
const key = 'prometheus-journey-key-0123456789';
let telegram: TelegramProcess;
let app: AppProcess;
let ana: RemotePerson;
let example: Example | undefined;

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
  example = runExample('prometheus', {
    TMPDIR: data.path,
    TOCSIN_KEY: key,
    TOCSIN_URL: app.url,
    METRICS_DIR: metrics,
    NODE_PORT: `${node}`,
    PROMETHEUS_PORT: `${prometheus}`,
    ALERTMANAGER_PORT: `${alertmanager}`,
  });
}, 120_000);

afterAll(async () => {
  await example?.end();
  await app?.stop();
  await telegram?.stop();
  data.remove();
}, 60_000);

it.skipIf(missing.length > 0)(
  'a disk over its limit is told in the chat, and that it is over',
  async () => {
    await example!.prints(`> ${metrics}/disk.prom`);
    const children = example!.children();
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

    await example!.end();
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
