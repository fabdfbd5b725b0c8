// Commands used wrongly: each says what is wrong, and one line that is right.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../src/cli/run-command.ts';
import { readConfig } from '../src/config.ts';
import { type Door, openDoor, saysWhereItRuns } from './ingest/door.ts';

let door: Door;
const folder = mkdtempSync(path.join(os.tmpdir(), 'tocsin-misused-'));
const now = Date.UTC(2026, 4, 4, 10, 0);

beforeAll(async () => {
  door = await openDoor();
  saysWhereItRuns(door, folder, 'http://127.0.0.1:1', now);
});
afterAll(async () => {
  await door.close();
  rmSync(folder, { recursive: true });
});

async function tocsin(args: string[]) {
  const read = readConfig({ DATA_DIR: folder });
  if (!read.ok) throw new Error(read.faults.join());
  const lines: string[] = [];
  async function* input() {}
  const code = await runCommand(args, read.config, now, (text) => void lines.push(text), input());
  return { code, text: lines.join('\n') };
}

it.each([
  [
    'heartbeat create nightly --evry 1d',
    'There is no --evry. Did you mean --every?',
    'heartbeat create nightly-b',
  ],
  ['encryption rotate now', '“now” is one word too many.', 'encryption rotate'],
  ['doctor now', '“now” is one word too many.', 'doctor'],
  ['key list now', '“now” is one word too many.', 'key list'],
  ['key revoke k_a now', '“now” is one word too many.', 'key revoke '],
  ['key rotate k_a now', '“now” is one word too many.', 'key rotate '],
  ['source list now', '“now” is one word too many.', 'source list'],
  ['target list now', '“now” is one word too many.', 'target list'],
  ['target modules now', '“now” is one word too many.', 'target modules'],
  ['heartbeat list now', '“now” is one word too many.', 'heartbeat list'],
  ['member list now', '“now” is one word too many.', 'member list'],
  ['member remove telegram:7001 now', '“now” is one word too many.', 'member list'],
  ['invite now', '“now” is one word too many.', 'invite --role member'],
  ['group list now', '“now” is one word too many.', 'group list'],
  ['group show', 'Say which; group list names them.', 'group show telegram:-100'],
  ['group add telegram:7001 --title Team', 'Say the chat’s number, which is below zero', 'group add '],
  ['group set telegram:-1 --zon x', 'There is no --zon. Did you mean --zone?', 'group set '],
  ['silence list --state soon', 'A state is one of now, later, over.', 'silence list --state now'],
  ['silence lift', 'Say which; silence list names them.', 'silence lift z_'],
  ['silence import', 'Say which file.', 'silence import silences.yaml'],
  ['silence add disk.** more', '“more” is one word too many.', 'silence add disk.**'],
  ['rules import /none', 'The name of /none does not say what it is; say --form', 'rules import rules.yaml'],
  ['rules export --form xml', '“xml” is no form; say --form yaml|json|ndjson.', 'rules export rules.yaml'],
  ['heartbeat create --every 1d', 'Say how it is called.', 'heartbeat create nightly-b'],
  ['heartbeat create nightly', 'Say when it comes: --every, or --cron.', 'heartbeat create nightly-b'],
  ['heartbeat create a --every 1d --cron x', 'When it comes is said twice', 'heartbeat create nightly-b'],
  ['heartbeat renew', 'Say which.', 'heartbeat renew nightly-backup'],
  ['heartbeat remove', 'Say which.', 'heartbeat remove nightly-backup'],
  ['invite --rolle admin', 'There is no --rolle. Did you mean --role?', 'invite --role member'],
  ['invite --role king', 'A role is one of', 'invite --role member'],
  ['key create', 'Say for whom.', 'key create backup-server'],
  ['key create a b', '“b” is one word too many.', 'key create backup-server'],
  ['key create a --expires soon', '“soon” is no duration', 'key create backup-server'],
  ['key rotate --overlap', 'After --overlap comes its value.', 'key rotate '],
  ['key rotate', 'Say which.', 'key rotate '],
  ['key revoke', 'Say which.', 'key revoke '],
  ['rules export --ower x', 'There is no --ower. Did you mean --owner?', 'rules export rules.yaml'],
  ['rules import', 'Say which file.', 'rules import rules.yaml'],
  ['rules import a b', 'Name one file.', 'rules import rules.yaml'],
  ['rules back-test', 'Say which file and whose rules', 'rules back-test rules.yaml'],
  ['source create a --rat 5', 'There is no --rat. Did you mean --rate?', 'source create backup-server'],
  ['source sign', 'Say which.', 'source sign backup-server'],
  ['source unsign a b', '“b” is one word too many.', 'source unsign backup-server'],
  ['target add host --nme x', 'There is no --nme. Did you mean --name?', 'target add host'],
  ['target add', 'Say what kind of software.', 'target add host'],
  ['target add host --every soon', '“soon” is no duration', 'target add host'],
  ['target probe host --param url', 'After --param comes name=value', 'target probe host --param'],
  ['target remove', 'Say which.', 'target remove laptop'],
  ['watch --pear x', 'There is no --pear. Did you mean --peer?', 'watch --peer http'],
  ['watch', 'Say whom to watch.', 'watch --peer http'],
  ['watch --peer http://a --every soon', '--every must be a time span', 'watch --peer http'],
  ['watch --peer http://a', 'Say who is told', 'watch --peer http'],
])('used wrongly (%s) says what is wrong, and one line that is right', async (line, fault, right) => {
  const { code, text } = await tocsin(line.split(' '));
  expect(code).toBe(2);
  const [said, example, ...more] = text.split('\n');
  expect(said).toContain(fault);
  expect(example).toContain(`Right is, for example: tocsin ${right}`);
  expect(more).toEqual([]);
});
