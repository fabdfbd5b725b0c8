// What somebody does here is passed back to where the alert came from: a real Alertmanager, and the others as they describe themselves.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { temporaryFolder } from '../harness/folder.ts';
import { freePort } from '../harness/free-port.ts';
import { until } from '../harness/until.ts';
import type { StoryWorld } from '../harness/world.ts';
import { openSink, type Sink } from '../notify/stand-ins/sink.ts';
import { story } from './story.ts';

const program = 'prometheus-alertmanager';
const isMissing = spawnSync(program, ['--version']).status !== 0;
if (isMissing && process.env.CI === 'true') throw new Error(`${program} is not installed. CI skips nothing.`);

const data = temporaryFolder('pass-back');
let sink: Sink;
let manager: ChildProcess | undefined;
let managerUrl = '';

beforeAll(async () => {
  sink = await openSink((response) =>
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}'),
  );
  if (isMissing) return;
  const config = path.join(data.path, 'alertmanager.yml');
  mkdirSync(path.join(data.path, 'kept'));
  writeFileSync(config, 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n');
  const port = await freePort();
  managerUrl = `http://127.0.0.1:${port}`;
  manager = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${path.join(data.path, 'kept')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  await until('Alertmanager answers', async () => (await fetch(`${managerUrl}/-/ready`)).ok, 30_000);
}, 60_000);
beforeEach(() => sink.forget());
afterAll(async () => {
  if (manager && manager.exitCode === null) {
    const exit = once(manager, 'exit');
    manager.kill('SIGTERM');
    await exit;
  }
  await sink.close();
  data.remove();
});

/** Ana adds the other system as a place, and a rule that tells her and it. */
async function joins(world: StoryWorld, contact: Record<string, string>, topic: string): Promise<void> {
  await world.enrols(world.ana);
  const added = await world.app.request('/v1/receivers', {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ owner: `telegram:${world.ana.id}`, channel: 'peer', label: 'source', contact }),
  });
  expect(added.status, await added.clone().text()).toBe(201);
  await world.settle();
  await world.makesRule(world.ana, { topic, kind: 'every', to: ['telegram', 'source'] });
  sink.forget();
}

const silences = async () =>
  (await (await fetch(`${managerUrl}/api/v2/silences`)).json()) as {
    comment: string;
    createdBy: string;
    matchers: { name: string; value: string }[];
    status: { state: string };
  }[];

if (isMissing) console.warn(`skipped: ${program} is not installed.`);
else
  story(
    'who takes over an alert of Prometheus silences it in Alertmanager until it is over',
    async (world) => {
      const { ana } = world;
      await joins(world, { peer: 'alertmanager', url: managerUrl }, 'alertmanager.**');
      const labels = { alertname: 'DiskFull', instance: 'cad1:9100', mount: '/home', severity: 'warning' };
      const say = async (endsAt: number) => {
        const answer = await world.app.request(`/api/v2/alerts?key=${world.key}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify([
            { labels, annotations: { summary: 'Full' }, endsAt: new Date(endsAt).toISOString() },
          ]),
        });
        expect(answer.status).toBe(200);
        await world.settle();
      };
      await say(world.now() + 240_000);
      ana.expects('Full');
      expect(await silences()).toEqual([]);
      await ana.presses('Acknowledge');
      const [silence] = await silences();
      expect(silence!.createdBy).toBe('Ana (Tocsin)');
      expect(Object.fromEntries(silence!.matchers.map(({ name, value }) => [name, value]))).toEqual(labels);
      await say(world.now() - 1_000);
      ana.expects('Full');
      expect((await silences()).map(({ status }) => status.state)).toEqual(['expired']);
    },
    { now: Date.now() },
  );

story(
  'who takes over what speaks PagerDuty acknowledges it there by its own key, and ends it',
  async (world) => {
    const { ana } = world;
    await joins(world, { peer: 'pagerduty', url: sink.url, token: 'R0UT1NG' }, 'pagerduty.**');
    const enqueue = async (body: object) => {
      const answer = await world.app.request('/v2/enqueue', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ routing_key: world.key, dedup_key: 'disk/cad1', ...body }),
      });
      expect(answer.status).toBe(202);
      await world.settle();
    };
    const payload = { summary: 'Disk full', source: 'cad1', severity: 'critical' };
    await enqueue({ event_action: 'trigger', payload });
    ana.expects('Disk full');
    expect(sink.received).toEqual([]);
    await ana.presses('Acknowledge');
    expect(sink.received.map(({ path: at, body }) => [at, JSON.parse(body)])).toEqual([
      ['/v2/enqueue', { routing_key: 'R0UT1NG', dedup_key: 'disk/cad1', event_action: 'acknowledge' }],
    ]);
    await enqueue({ event_action: 'resolve' });
    expect(JSON.parse(sink.received.at(-1)!.body)).toMatchObject({ event_action: 'resolve' });
  },
);

story(
  'an acknowledgement is a comment below the issue; one that is refused is seen in the log',
  async (world) => {
    const { ana } = world;
    await joins(world, { peer: 'github', url: `${sink.url}/api#o,closed`, token: 'ghp_x' }, 'ci.failed');
    await world.post({
      type: 'ci.failed',
      subject: 'x',
      data: { url: 'https://github.com/o/r/issues/12' },
      status: 'firing',
    });
    await ana.presses('Acknowledge');
    // Not from GitHub: nothing to be said there.
    expect(sink.received).toEqual([]);

    await world.makesRule(ana, { topic: 'github.**', kind: 'every', to: ['telegram', 'source'] });
    await world.post({
      type: 'github.issues.opened',
      subject: 'o/r',
      data: { url: `${sink.url}/o/r/issues/12` },
      status: 'firing',
    });
    await ana.presses('Acknowledge');
    const [said] = sink.received;
    expect(said).toMatchObject({ method: 'POST', path: '/api/repos/o/r/issues/12/comments' });
    expect(said!.headers.authorization).toBe('Bearer ghp_x');
    expect(JSON.parse(said!.body)).toEqual({ body: 'Ana has taken it over.' });

    sink.next(403);
    await world.post({
      type: 'github.issues.opened',
      subject: 'o/other',
      data: { url: `${sink.url}/o/other/pull/3` },
      status: 'firing',
    });
    await ana.presses('Acknowledge');
    const log = await world.app.request('/v1/deliveries?limit=20', {
      headers: { authorization: `Bearer ${world.key}` },
    });
    expect(await log.text()).toContain('it does not let us in (HTTP 403)');
  },
  { complaints: [/HTTP 403/] },
);
