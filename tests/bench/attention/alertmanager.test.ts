// The model of Alertmanager beside Debian's Alertmanager: one storm in real time, as many messages, about the same alerts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { missingPrograms } from '../../harness/example.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { freePorts } from '../../harness/free-port.ts';
import { until } from '../../harness/until.ts';
import { openSink } from '../../notify/stand-ins/sink.ts';
import { sendings } from './alertmanager.ts';

// The program has no clock that could be moved: the month uses the model, and here the model is held against the program.
const missing = missingPrograms(['prometheus-alertmanager']);
const second = 1000;
const grouping = { groupWait: 2 * second, groupInterval: 4 * second, repeatInterval: 4 * 3600 * second };
const data = temporaryFolder('alertmanager');
const stops: (() => unknown)[] = [() => data.remove()];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

it.skipIf(missing.length > 0)(
  'a storm of 200 alerts, 50 more after the first message, and their end: the program sends what the model says',
  async () => {
    const sink = await openSink();
    stops.push(() => sink.close());
    const api = await startAlertmanager(`${sink.url}/chat`);
    const changes: { at: number; subject: string; firing: boolean }[] = [];
    const say = async (names: string[], firing: boolean) => {
      const at = Date.now();
      // It decides by this instant, so the model is told the same.
      const ends = firing ? at + 600 * second : at - 1;
      const body = names.map((subject) => ({
        labels: { alertname: 'Volume', subject },
        startsAt: new Date(at - second).toISOString(),
        endsAt: new Date(ends).toISOString(),
      }));
      const answer = await fetch(`${api}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
      changes.push(...names.map((subject) => ({ at, subject, firing })));
    };
    const messages = () =>
      sink.received.map(({ body }) => JSON.parse(body) as { status: string; alerts: { status: string }[] });
    const heard = (count: number) => until(`message ${count}`, () => messages().length >= count, 30_000);
    const first = Array.from({ length: 200 }, (_, i) => `v${i}`);
    const more = Array.from({ length: 50 }, (_, i) => `w${i}`);
    await say(first, true);
    await heard(1);
    await say(more, true);
    await heard(2);
    await say(first.slice(0, 100), false);
    await heard(3);
    await say([...first.slice(100), ...more], false);
    await heard(4);
    // The group is gone: a new alert begins anew, with the wait and not the interval.
    await say(['later'], true);
    await heard(5);
    await say(['later'], false);
    await heard(6);
    const firing = (at: number) => messages()[at]!.alerts.filter(({ status }) => status === 'firing').length;
    expect([0, 1, 2, 3, 4, 5].map((at) => [messages()[at]!.status, firing(at)])).toEqual([
      ['firing', 200],
      ['firing', 250],
      ['firing', 150],
      ['resolved', 0],
      ['firing', 1],
      ['resolved', 0],
    ]);
    expect(messages()).toHaveLength(6);
    expect(sendings(changes, grouping)).toHaveLength(6);
  },
  120_000,
);

async function startAlertmanager(hook: string): Promise<string> {
  const [port] = await freePorts(1);
  const config = path.join(data.path, 'alertmanager.yml');
  const [wait, interval] = [grouping.groupWait, grouping.groupInterval].map((ms) => `${ms / second}s`);
  writeFileSync(
    config,
    `route: { receiver: chat, group_by: [alertname], group_wait: ${wait}, group_interval: ${interval}, repeat_interval: 4h }
receivers: [{ name: chat, webhook_configs: [{ url: '${hook}', send_resolved: true }] }]
`,
  );
  const flags = [
    `--config.file=${config}`,
    `--storage.path=${path.join(data.path, 'state')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  const program = spawn('prometheus-alertmanager', flags, { stdio: 'ignore' });
  const ended = once(program, 'exit');
  stops.push(async () => {
    program.kill('SIGTERM');
    await ended;
  });
  const api = `http://127.0.0.1:${port}`;
  await until('Alertmanager is ready', async () => (await fetch(`${api}/-/ready`)).ok);
  return api;
}
