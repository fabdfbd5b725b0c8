// The commands that bring events in: send from a pipe, run around a command, heartbeats and targets on the command line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../src/cli/run-command.ts';
import { readEvents, refusalOf } from '../src/cli/send.ts';
import { readConfig } from '../src/config.ts';
import { savePerson } from '../src/store/people.ts';
import { program } from './harness/program.ts';
import { bootstrap, type Door, openDoor, saysWhereItRuns } from './ingest/door.ts';

const cli = await program('src/cli.ts');
let door: Door;
let server: ServerType;
let url: string;
let folder: string;
let env: Record<string, string>;
const now = Date.UTC(2026, 4, 4, 10, 0);

beforeAll(async () => {
  door = await openDoor();
  server = serve({ fetch: door.app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(os.tmpdir(), 'tocsin-producers-'));
  env = { DATA_DIR: folder, BOOTSTRAP_API_KEY: bootstrap };
  saysWhereItRuns(door, folder, url, now);
});
afterAll(async () => {
  server.close();
  await door.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await door.database.sql`truncate events, heartbeats, targets`;
});

async function tocsin(args: string[], piped = '', more: Record<string, string> = {}) {
  const read = readConfig({ ...env, ...more });
  if (!read.ok) throw new Error(read.faults.join());
  const lines: string[] = [];
  async function* input() {
    yield Buffer.from(piped);
  }
  const code = await runCommand(args, read.config, now, (text) => void lines.push(text), input());
  return { code, text: lines.join('\n') };
}
const told = async () => {
  const rows = await door.database
    .sql`select type, subject, severity, status, event_id, body from events order by seq`;
  return rows.map(({ body, ...rest }) => ({ ...rest, ...JSON.parse(body) }));
};

describe('send', () => {
  it('finds server and key in the environment, which give way to what is typed', async () => {
    const elsewhere = { DATA_DIR: mkdtempSync(path.join(os.tmpdir(), 'tocsin-cli-')), BOOTSTRAP_API_KEY: '' };
    const line = ['send', 'a.b', '--data', 'x=1'];
    expect((await tocsin(line, '', { ...elsewhere, TOCSIN_URL: url })).text).toContain('TOCSIN_KEY');
    const set = { ...elsewhere, TOCSIN_URL: url, TOCSIN_KEY: bootstrap };
    expect(await tocsin(line, '', set)).toMatchObject({ code: 0 });
    expect((await tocsin([...line, '--key', 'wrong'], '', set)).code).not.toBe(0);
    const both = { ...set, TOCSIN_KEY: 'wrong', BOOTSTRAP_API_KEY: bootstrap };
    expect((await tocsin(line, '', both)).code).not.toBe(0);
    rmSync(elsewhere.DATA_DIR, { recursive: true });
  });

  it('one event by flags, which a repeat with the same id does not double', async () => {
    const line =
      'send disk.usage --subject /home --data usage=93.5 --data full=true --label env=prod --severity critical --id x1';
    for (const duplicates of [0, 1])
      expect(await tocsin(line.split(' '))).toMatchObject({
        code: 0,
        text: expect.stringContaining(`"duplicates":${duplicates}`),
      });
    expect(await told()).toMatchObject([
      {
        type: 'disk.usage',
        subject: '/home',
        severity: 'critical',
        event_id: 'x1',
        data: { usage: 93.5, full: true },
        labels: { env: 'prod' },
      },
    ]);
  });

  it('values as they were typed: only what a number says whole is one', async () => {
    const typed = [
      'n=05',
      'hash=12e5',
      'version=1.10',
      'long=12345678901234567890',
      'low=-0.50',
      'none=null',
    ];
    await tocsin(['send', 'app', ...typed.flatMap((pair) => ['--data', pair])]);
    expect((await told())[0]!.data).toEqual({
      n: '05',
      hash: '12e5',
      version: '1.10',
      long: '12345678901234567890',
      low: -0.5,
      none: null,
    });
  });

  it('what is piped in: lines of JSON, where flags fill in what is missing', async () => {
    const piped = '{"subject":"a","data":{"n":1}}\n\n{"type":"c.d","subject":"b"}\n';
    expect(await tocsin(['send', 'a.b', '-', '--label', 'env=prod'], piped)).toEqual({
      code: 0,
      text: '2 of 2 events were taken.',
    });
    expect((await told()).map(({ type, subject, labels }) => [type, subject, labels])).toEqual([
      ['a.b', 'a', { env: 'prod' }],
      ['c.d', 'b', { env: 'prod' }],
    ]);
  });

  it('text, whose end is kept', async () => {
    expect((await tocsin(['send', 'cron.output', '-'], 'line one\nline two\n')).code).toBe(0);
    expect((await told())[0]!.data).toEqual({ text: 'line one\nline two' });
  });

  it('says which were not taken, and that something is missing', async () => {
    const mixed = await tocsin(['send', '-'], '[{"type":"a.b"},{"type":"no topic"}]');
    expect(mixed.code).toBe(1);
    expect(mixed.text).toMatch(/Not taken: 1 .*no topic.*\n1 of 2 events were taken/);
    expect(await tocsin(['send', '-'], 'some text')).toMatchObject({
      code: 2,
      text: expect.stringContaining('say what it is'),
    });
    expect(await tocsin(['send', 'a.b', '-'], ' \n')).toMatchObject({
      code: 2,
      text: 'Nothing was piped in.\nRight is, for example: tocsin send cron.output - < log.txt',
    });
    expect(await tocsin(['send', '-'], '{"subject":"x"}')).toMatchObject({
      code: 2,
      text: expect.stringContaining('event 1 has no type'),
    });
    const away = await tocsin(['send', 'a.b', '--url', 'http://127.0.0.1:1']);
    expect(away).toMatchObject({ code: 2, text: expect.stringContaining('Is Tocsin running?') });
  });

  it.each([
    ['', 'What happened is missing: a topic, such as disk.usage.'],
    ['a.b c.d', '“c.d” is one word too many; a text with spaces stands in quotes.'],
    ['a.b --type c.d', 'What happened is said twice: “a.b” and --type c.d.'],
    ['a.b usage=93.5', '“usage=93.5” stands alone: write --data usage=93.5'],
    ['a.b --data usage', 'After --data comes name=value; “usage” is none.'],
    ['a.b --label =x', 'After --label comes name=value; “=x” is none.'],
    ['a.b --sbject /home', 'There is no --sbject. Did you mean --subject?'],
    ['a.b --qqqqqq', 'There is no --qqqqqq.'],
    ['a.b -x', 'There is no -x.'],
    ['a.b --subject', 'After --subject comes its value.'],
    [
      'a.b --subject --data x=1',
      'After --subject comes its value; one that begins with - is written --subject=-…',
    ],
  ])('used wrongly (%s) it says what is wrong, and one line that is right', async (line, fault) => {
    expect(await tocsin(['send', ...line.split(' ').filter(Boolean)])).toEqual({
      code: 2,
      text: `${fault}\nRight is, for example: tocsin send disk.usage --subject /home --data usage=93.5`,
    });
  });

  it('what the server refuses is said in lines', async () => {
    const { code, text } = await tocsin(['send', 'a.b', '--severity', 'awful']);
    expect(code).toBe(1);
    expect(text).toMatch(/^ {2}severity: .+\nRight is, for example: tocsin send disk\.usage/m);
    expect(text).not.toContain('{');
  });

  it('shows a right line only when the event itself is wrong, and a fault of the whole without a name', () => {
    const problem = JSON.stringify({
      detail: 'It cannot be taken.',
      errors: [{ path: '', text: 'too much' }],
    });
    for (const status of [400, 422])
      expect(refusalOf(problem, status)).toMatch(
        /^It cannot be taken\.\n {2}too much\nRight is, for example: tocsin send /,
      );
    expect(refusalOf(problem, 403)).toBe('It cannot be taken.\n  too much');
    expect(refusalOf('<html>', 502)).toBeUndefined();
  });

  it('reads JSON in every form', () => {
    for (const text of ['{"type":"a"}', '[{"type":"a"}]', '{"type":"a"}\n', '{"type":"a"}\r\n{"type":"a"}'])
      expect((readEvents(text, {}) as object[])[0]).toEqual({ type: 'a' });
    expect(readEvents('[1,2]', { type: 't' })).toEqual([{ type: 't', data: { text: '[1,2]' } }]);
  });
});

describe('run', () => {
  /** As a person would: the real program around a real command. */
  function tocsinRun(args: string[], more: Record<string, string> = {}, signal?: NodeJS.Signals) {
    const child = spawn(process.execPath, [...cli, 'run', ...args], {
      env: { PATH: process.env.PATH ?? '', ...env, ...more },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const printed = { out: '', err: '' };
    child.stdout.on('data', (text) => {
      printed.out += String(text);
      if (signal) child.kill(signal);
    });
    child.stderr.on('data', (text) => {
      printed.err += String(text);
    });
    child.stdin.end('from the pipe\n');
    return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, ...printed })),
    );
  }

  it('passes everything through, and tells the start and a good end', async () => {
    const ran = await tocsinRun(['--label', 'env=prod', '--', 'sh', '-c', 'cat; echo done; echo oops >&2']);
    expect(ran).toEqual({ code: 0, out: 'from the pipe\ndone\n', err: 'oops\n' });
    const [start, end] = await told();
    expect(start).toMatchObject({
      type: 'job.sh',
      subject: os.hostname(),
      status: null,
      data: { status: 'start' },
    });
    expect(end).toMatchObject({
      type: 'job.sh',
      status: 'resolved',
      labels: { env: 'prod' },
      data: { status: 'ok', exitCode: 0, description: 'finished well' },
    });
    expect(end!.data.output).toContain('done');
    expect(end!.data.duration).toBeGreaterThanOrEqual(0);
  });

  it('hands on the exit code of a failure, with the last lines', async () => {
    const script = 'for i in $(seq 100); do echo line $i; done; exit 7';
    const ran = await tocsinRun([
      '--type',
      'builds.all',
      '--subject',
      'nightly',
      '--quiet-start',
      '--',
      'sh',
      '-c',
      script,
    ]);
    expect(ran.code).toBe(7);
    const events = await told();
    expect(events).toMatchObject([
      {
        type: 'builds.all',
        subject: 'nightly',
        status: 'firing',
        data: { status: 'fail', exitCode: 7, title: 'nightly', description: 'failed with exit code 7' },
      },
    ]);
    expect(events[0]!.data.output.split('\n')).toEqual(
      Array.from({ length: 20 }, (_, i) => `line ${i + 81}`),
    );
  });

  it('a command that is not there is 127; one that is ended by a signal says so', async () => {
    const [missing, ended] = await Promise.all([
      tocsinRun(['--', 'no-such-command-here']),
      tocsinRun(['--', 'sh', '-c', 'echo ready; exec sleep 60'], {}, 'SIGTERM'),
    ]);
    expect(missing.code).toBe(127);
    expect(missing.err).toBe('tocsin: no-such-command-here: there is no such command\n');
    expect(ended.code).toBe(143);
    const ends = (await told())
      .filter(({ data }) => data.status === 'fail')
      .map(({ data }) => data.description);
    expect(ends.toSorted()).toEqual(['there is no such command', 'was ended by SIGTERM']);
  });

  it('never stands in the way of the command: without a key, and with a wrong one', async () => {
    const nothing = { DATA_DIR: path.join(folder, 'nothing'), BOOTSTRAP_API_KEY: '' };
    const [none, wrong] = await Promise.all([
      tocsinRun(['--', 'sh', '-c', 'echo fine; exit 3'], nothing),
      tocsinRun(['--key', 'wrong-key-0123456789', '--', 'sh', '-c', 'echo fine; exit 3']),
    ]);
    expect([none.code, none.out, wrong.code, wrong.out]).toEqual([3, 'fine\n', 3, 'fine\n']);
    expect(none.err).toMatch(/will not be told/);
    expect(wrong.err).toMatch(/could not be told/);
  });

  it('says what is missing, and leaves --help to the command behind --', async () => {
    expect(await tocsin(['run'])).toMatchObject({ code: 2, text: expect.stringContaining('-- make all') });
    expect((await tocsin(['run', '--help'])).text).toContain('exit code are its own');
  });
});

it('the shell line of the guide works as it is printed', async () => {
  const guide = readFileSync(new URL('../docs/guides/producers.md', import.meta.url), 'utf8');
  const line = /```sh\n(tocsin\(\) .*)\n```/.exec(guide)![1]!;
  const script = `${line}\ntocsin disk.usage /home 93.5 && tocsin job.done backup`;
  const shell = spawn('sh', ['-c', script], {
    env: { PATH: process.env.PATH ?? '', TOCSIN_KEY: bootstrap, TOCSIN_URL: url },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await new Promise((resolve) => shell.on('close', resolve))).toBe(0);
  expect((await told()).map(({ type, subject, data }) => [type, subject, data])).toEqual([
    ['disk.usage', '/home', { value: 93.5 }],
    ['job.done', 'backup', { value: 1 }],
  ]);
});

describe('heartbeat and target', () => {
  it('makes a heartbeat for the one owner, and its line works as it is printed', async () => {
    await savePerson(door.database.db, {
      id: 'p_ana',
      telegramId: 7001,
      name: 'Ana',
      username: null,
      role: 'owner',
      zone: 'Europe/Berlin',
      morning: 540,
      quiet: null,
      createdAt: now,
      leftAt: null,
    });
    const made = await tocsin(['heartbeat', 'create', 'nightly', 'backup', '--every', '1d', '--grace', '1h']);
    expect(made.code, made.text).toBe(0);
    const address = /curl \S+ -m 10 --retry 5 -o \/dev\/null (\S+)/.exec(made.text)![1]!;
    expect(address.startsWith(`${url}/v1/ping/`)).toBe(true);
    expect((await fetch(address)).status).toBe(200);
    expect(made.text).toContain('It may be 1h late.');
    expect((await told())[0]).toMatchObject({ type: 'heartbeat.nightly_backup', data: { status: 'ok' } });
    expect((await tocsin(['heartbeat', 'list'])).text).toMatch(
      /^nightly backup {2}every 1d, grace 1h {2}ok /,
    );
    expect((await tocsin(['heartbeat', 'renew', 'nightly', 'backup'])).code).toBe(0);
    expect((await fetch(address)).status).toBe(404);
    expect((await tocsin(['heartbeat', 'remove', 'nightly', 'backup'])).text).toContain('no longer');
    expect((await tocsin(['heartbeat', 'list'])).text).toContain('no heartbeats yet');
    for (const args of [
      ['create'],
      ['create', 'x'],
      ['create', 'x', '--every', '1h', '--for', 'telegram:1'],
      ['paint'],
    ])
      expect((await tocsin(['heartbeat', ...args])).code).toBe(2);
    expect(await tocsin(['heartbeat', 'create', 'x', '--cron', 'noon'])).toMatchObject({ code: 1 });
  });

  it('looks at a target, adds it, lists it, and takes it out', async () => {
    const page = serve({
      fetch: () => new Response('jobs_waiting 7\n', { headers: { 'content-type': 'text/plain' } }),
      hostname: '127.0.0.1',
      port: 0,
    });
    await new Promise((resolve) => page.once('listening', resolve));
    const address = `http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`;
    const what = [
      'metrics',
      '--param',
      `url=${address}`,
      '--param',
      'metrics=jobs_waiting',
      '--name',
      'queue',
    ];
    expect(await tocsin(['target', 'probe', ...what])).toMatchObject({
      code: 1,
      text: expect.stringMatching(/OUTBOUND_ALLOW/),
    });
    const near = { OUTBOUND_ALLOW: '127.0.0.0/8' };
    const look = await tocsin(['target', 'probe', ...what], '', near);
    expect(look.text).toContain('metrics.jobs_waiting  queue\n  value = 7  (Value)');
    expect(await tocsin(['target', 'add', ...what], '', near)).toMatchObject({ code: 0 });
    expect((await tocsin(['target', 'list'])).text).toMatch(
      /^queue {2}metrics {2}waiting, every 1m, 0 things$/,
    );
    expect((await tocsin(['target', 'pause', 'queue'])).code).toBe(0);
    expect((await tocsin(['target', 'list'])).text).toContain('paused');
    expect((await tocsin(['target', 'remove', 'queue'])).code).toBe(0);
    expect((await tocsin(['target', 'remove', 'queue'])).code).toBe(1);
    expect((await tocsin(['target', 'modules'])).text).toMatch(/^host {2}A machine.*\n {2}--param url=…/);
    for (const args of [[], ['add'], ['add', 'host', '--every', 'soon'], ['pause']])
      expect((await tocsin(['target', ...args])).code).toBe(2);
    page.close();
  });
});
