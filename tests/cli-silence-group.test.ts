// The operator's commands for what is muted and for group chats, on a real ledger.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRunFile } from '../src/app/run-file.ts';
import { runCommand } from '../src/cli/run-command.ts';
import { readConfig } from '../src/config.ts';
import { type FreshDatabase, freshDatabase } from './harness/database.ts';

let database: FreshDatabase;
const folder = mkdtempSync(path.join(os.tmpdir(), 'tocsin-muted-'));
const now = Date.UTC(2026, 4, 4, 10, 0);

beforeAll(async () => {
  database = await freshDatabase();
  writeRunFile(folder, { pid: 1, startedAt: now, database: database.connection });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function tocsin(...args: string[]) {
  const read = readConfig({ DATA_DIR: folder });
  if (!read.ok) throw new Error(read.faults.join());
  const lines: string[] = [];
  const code = await runCommand(args, read.config, now, (text) => void lines.push(text));
  return { code, text: lines.join('\n') };
}

describe('with nobody here yet', () => {
  it('empty lists say that they are, and what to do', async () => {
    expect((await tocsin('silence', 'list')).text).toBe('Nothing is muted, and nothing will be.');
    expect((await tocsin('silence', 'list', '--state', 'over')).text).toBe('There are none.');
    expect((await tocsin('group', 'list')).text).toContain('Somebody adds the bot to one in Telegram');
    expect((await tocsin('member', 'list')).text).toContain('tocsin invite lets one in');
    expect(await tocsin('rules', 'export')).toEqual({ code: 0, text: '' });
  });

  it('a file that cannot be read or written is said so, without a trace', async () => {
    const gone = await tocsin('rules', 'import', `${folder}/none.yaml`);
    expect(gone).toEqual({
      code: 2,
      text: `${folder}/none.yaml cannot be read: there is no such file or folder.`,
    });
    expect(await tocsin('rules', 'export', `${folder}/none/rules.yaml`)).toEqual({
      code: 2,
      text: `${folder}/none/rules.yaml cannot be written: there is no such file or folder.`,
    });
    const around = path.join(folder, 'around.yaml');
    writeFileSync(around, '# Mine.\nrules:\n  - { name: A, topic: a, kind: every }\n');
    expect((await tocsin('rules', 'import', around)).text).toMatch(
      /a file is a list, each rule beginning with “- ”: leave “rules” around them out\nNothing was taken\./,
    );
    const empty = path.join(folder, 'empty.ndjson');
    writeFileSync(empty, '');
    const taken = await tocsin('rules', 'import', empty);
    expect(taken).toEqual({
      code: 1,
      text: 'there is no rule in it\nNothing was taken.\n0 rules made, 0 changed, 0 as they were.',
    });
  });
});

describe('with a group', () => {
  const chat = 'telegram:-1001234567890';

  it('makes it known, shows it, changes its settings, and leaves it', async () => {
    expect((await tocsin('group', 'show', chat)).code).toBe(2);
    const made = await tocsin('group', 'add', chat, '--title', 'Team\u202e\u001b[2J');
    expect(made).toMatchObject({
      code: 0,
      text: expect.stringMatching(/^Team \[2J is known from now on \(g_\w+\)\.$/),
    });
    expect((await tocsin('group', 'list')).text).toMatch(
      /^telegram:-1001234567890 {2}Team \[2J {2}UTC {2}no rules$/,
    );
    const set = await tocsin(
      'group',
      'set',
      chat,
      '--zone',
      'Europe/Berlin',
      '--morning',
      '8:30',
      '--quiet',
      '22:00-07:00',
    );
    expect(set.code).toBe(0);
    const shown = (await tocsin('group', 'show', chat)).text;
    expect(shown).toContain('Nothing was told there yet');
    expect(shown).toContain('Clock Europe/Berlin, morning 8:30, quiet 22:00-07:00.');
    expect(shown).toContain('told by telegram: Team');
    expect(await tocsin('group', 'set', chat, '--zone', 'Mars')).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^--zone: there is no such time zone/),
    });
    expect((await tocsin('group', 'set', chat, '--quiet', 'off')).code).toBe(0);
    expect((await tocsin('group', 'show', chat)).text).toContain('no quiet hours');
    expect((await tocsin('group', 'leave', chat)).text).toContain('tocsin group add brings it back');
    expect((await tocsin('group', 'leave', chat)).code).toBe(1);
    expect((await tocsin('group', 'show', chat)).text).toContain('nothing is told there');
    expect((await tocsin('group', 'list')).text).toContain('There are no groups yet');
    expect((await tocsin('group', 'add', chat, '--title', 'Team')).text).toContain('known from now on');
  });

  it('mutes for it, lists it, and tells it again', async () => {
    const add = ['silence', 'add', 'disk.**', '--owner', chat, '--for', '2h', '--match', 'host = "cad1"'];
    const made = await tocsin(...add, '--comment', 'rebuilt');
    expect(made.text).toMatch(/^1 silence made, 0 changed, 0 as they were\.\nz_\w+$/);
    const id = made.text.split('\n')[1]!;
    expect((await tocsin('silence', 'list', '--owner', chat)).text).toBe(
      `${id}  now  ${chat}  disk.** where host = "cad1"  until 2026-05-04T12:00Z  rebuilt`,
    );
    const file = path.join(folder, 'silences.yaml');
    expect((await tocsin('silence', 'export', file)).text).toBe(`1 silence written to ${file}.`);
    expect(readFileSync(file, 'utf8')).toContain('host = "cad1"');
    expect((await tocsin('silence', 'lift', id)).text).toBe('Lifted. What it muted is told again.');
    expect(await tocsin('silence', 'lift', id)).toEqual({ code: 1, text: 'This silence is over already.' });
    expect((await tocsin('silence', 'import', file)).text).toMatch(/^1 silence made, /);
    expect((await tocsin('silence', 'import', file)).text).toMatch(
      /^0 silences made, 0 changed, 1 as they were\./,
    );
  });

  it('what a silence lacks is said part by part, and nothing is muted', async () => {
    const bare = await tocsin('silence', 'add');
    expect(bare.code).toBe(1);
    expect(bare.text).toContain('until: say until when');
    expect(bare.text).toContain('owner: whose alerts are muted?');
    expect(bare.text).toMatch(/\nNothing is muted\.$/);
    expect((await tocsin('silence', 'list', '--owner', 'telegram:1')).code).toBe(2);
    const file = path.join(folder, 'bad.yaml');
    writeFileSync(file, '- topic: [\n');
    expect((await tocsin('silence', 'import', file)).text).toMatch(/^line \d: .+\nNothing was taken\.$/);
    expect((await tocsin('silence', 'list')).text.split('\n')).toHaveLength(1);
  });
});
