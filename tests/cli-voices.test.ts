// What a command says where: a pipe or a file takes what was asked for, and only that.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../src/cli/run-command.ts';
import { readConfig } from '../src/config.ts';
import { savePerson } from '../src/store/people.ts';
import { temporaryFolder } from './harness/folder.ts';
import { program } from './harness/program.ts';
import { type Door, openDoor, saysWhereItRuns } from './ingest/door.ts';

const cli = await program('src/cli.ts');
const folder = temporaryFolder('voices');
const now = Date.UTC(2026, 4, 4, 10, 0);
let door: Door;

beforeAll(async () => {
  door = await openDoor();
  saysWhereItRuns(door, folder.path, 'http://127.0.0.1:1', now);
  const { db } = door.database;
  await savePerson(db, {
    id: 'p_1',
    telegramId: 7001,
    name: 'Ana',
    username: null,
    role: 'owner',
    zone: null,
    morning: 540,
    quiet: null,
    createdAt: now,
    leftAt: null,
  });
});
afterAll(async () => {
  await door.close();
  folder.remove();
});

async function tocsin(args: string[], piped = '', more: Record<string, string> = {}) {
  const read = readConfig({ DATA_DIR: folder.path, TOCSIN_KEY: 'no-key-of-anybody', ...more });
  if (!read.ok) throw new Error(read.faults.join());
  const [out, err]: string[][] = [[], []];
  async function* input() {
    yield Buffer.from(piped);
  }
  const print = (text: string) => void out!.push(text);
  const aside = (text: string) => void err!.push(text);
  const code = await runCommand(args, read.config, now, print, input(), undefined, aside);
  return { code, out: out!, err: err!.join('\n') };
}

describe('what went wrong', () => {
  it.each([
    ['rules export --owner telegram:1', 2],
    ['rules export --ower x', 2],
    ['key rotate k_none', 1],
    ['key create a --scope everything', 1],
    ['heartbeat remove none', 1],
    ['source sign none', 1],
    ['target probe nothing', 1],
    ['silence add disk.**', 1],
    ['silence lift z_none', 1],
    ['member remove telegram:1 --yes', 1],
    ['group show telegram:-1', 2],
    ['dotcor', 2],
  ])('is nothing that a pipe takes: %s', async (line, code) => {
    const said = await tocsin(line.split(' '));
    expect(said).toMatchObject({ code, out: [] });
    expect(said.err).not.toBe('');
  });
});

describe('what is made', () => {
  it('is alone in the output: a key, an address, the id of a silence', async () => {
    const key = await tocsin(['key', 'create', 'ci']);
    expect(key.out).toEqual([expect.stringMatching(/^tk_/)]);
    expect(key.err).toContain('only time');
    const [id] = /k_\w+/.exec(key.err)!;
    expect((await tocsin(['key', 'rotate', id])).out).toEqual([expect.stringMatching(/^tk_/)]);
    const ping = await tocsin(['heartbeat', 'create', 'nightly', '--every', '1d']);
    expect(ping.out).toEqual([expect.stringMatching(/^curl .*\/v1\/ping\/[\w-]+$/)]);
    const muted = await tocsin(['silence', 'add', 'disk.**', '--owner', 'telegram:7001', '--for', '2h']);
    expect(muted.out).toEqual([expect.stringMatching(/^z_/)]);
  });

  it('is named so that the next line can be pasted', async () => {
    expect((await tocsin(['source', 'create', 'the forge'])).out.join()).toContain(
      "tocsin key create 'the forge' gives",
    );
  });
});

describe('a list', () => {
  it.each(['key', 'source', 'target', 'heartbeat', 'member', 'group'])(
    'of %s is lines for people and one document for programs, empty or not',
    async (verb) => {
      const { code, out } = await tocsin([verb, 'list', '--json']);
      expect(code).toBe(0);
      const rows = JSON.parse(out.join('\n')) as Record<string, unknown>[];
      expect(Array.isArray(rows)).toBe(true);
      const lines = await tocsin([verb, 'list']);
      expect(lines.out).toHaveLength(rows.length);
      expect(lines.err === '').toBe(rows.length > 0);
      for (const [at, row] of rows.entries()) expect(lines.out[at]).toContain(String(row.name ?? row.title));
    },
  );

  it('shows no digest and no secret', async () => {
    await tocsin(['source', 'create', 'secretive']);
    const [secret] = (await tocsin(['source', 'sign', 'secretive'])).out;
    const key = (await tocsin(['key', 'create', 'secretive'])).out[0]!;
    const said = (await tocsin(['key', 'list', '--json'])).out.join('\n');
    expect(said).toContain('secretive');
    for (const hidden of ['hash', 'secret"', secret!, key]) expect(said).not.toContain(hidden);
  });
});

describe('a list of events that is piped in', () => {
  it('with a line that is no JSON says which', async () => {
    const { code, err } = await tocsin(['send', '-'], '{"type":"a.b"}\n\n{"type":"a.c"\n{"type":"a.d"}\n');
    expect(code).toBe(2);
    expect(err).toContain('Line 3 is no JSON: {"type":"a.c"; to send it as text, say what it is.');
  });
});

describe('a database that cannot be reached', () => {
  it('is told as at the start: which one, and why, without the password', async () => {
    const DATABASE_URL = 'postgres://anna:hunter2-hunter2@127.0.0.1:1/alerts';
    const { code, out, err } = await tocsin(['doctor'], '', { DATABASE_URL });
    expect({ code, out }).toEqual({ code: 2, out: [] });
    expect(err).toContain('cannot be used: nothing listens there (the connection was refused).');
    expect(err).toContain('Host 127.0.0.1, port 1, database alerts, user anna.');
    expect(err).not.toContain('hunter2');
  });
});

describe('a reader that has read enough', () => {
  const started = (args: string[]) => {
    const child = spawn(process.execPath, [...cli, ...args], {
      env: { PATH: process.env.PATH ?? '', DATA_DIR: path.join(folder.path, 'nothing') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (text) => {
      err += String(text);
    });
    child.stdout.destroy();
    return once(child, 'close').then(([code]) => ({ code, err }));
  };

  it('ends a command without a word', async () => {
    expect(await started(['help'])).toEqual({ code: 0, err: '' });
  });

  it('does not end what is run', async () => {
    const { code, err } = await started(['run', '--', 'sh', '-c', 'echo a line; echo told >&2; exit 4']);
    expect(code).toBe(4);
    expect(err).toContain('told\n');
  });
});
