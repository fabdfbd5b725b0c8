// The operator's commands beside a running program: what they do, what they refuse, and in which words.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindAudit } from '#store/audit-chain.ts';
import { openDatabase } from '#store/connection.ts';
import { openKeyring } from '#store/keyring.ts';
import { writeRunFile } from '../src/app/run-file.ts';
import { runCommand } from '../src/cli/run-command.ts';
import { readConfig } from '../src/config.ts';
import { ensureBootstrapKey } from '../src/ingest/bootstrap-key.ts';
import { type FreshDatabase, freshDatabase } from './harness/database.ts';
import { type StoryWorld, startWorld } from './harness/world.ts';

let database: FreshDatabase;
let folder: string;
let env: Record<string, string>;
const now = Date.UTC(2026, 4, 4, 10, 0);

beforeAll(async () => {
  database = await freshDatabase();
  folder = mkdtempSync(path.join(os.tmpdir(), 'tocsin-cli-'));
  env = { DATA_DIR: folder };
  writeRunFile(folder, { pid: 1, startedAt: now, database: database.connection, botUsername: 'tocsin_bot' });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function tocsin(line: string, more: Record<string, string> = {}, answer?: string) {
  const read = readConfig({ ...env, ...more });
  if (!read.ok) throw new Error(read.faults.join());
  const lines: string[] = [];
  const code = await runCommand(
    line.split(' ').filter(Boolean),
    read.config,
    now,
    (text) => void lines.push(text),
    undefined,
    answer === undefined ? undefined : async () => answer,
  );
  return { code, text: lines.join('\n') };
}

describe('tocsin', () => {
  it('lists its commands, and names the nearest to one that it does not know', async () => {
    const listed = await tocsin('help');
    expect(listed.code).toBe(0);
    for (const name of ['doctor', 'key', 'source', 'invite', 'send'])
      expect(listed.text).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(await tocsin('dotcor')).toEqual({
      code: 2,
      text: 'There is no command “dotcor”. Did you mean “doctor”? tocsin help lists them.',
    });
    expect((await tocsin('key --help')).text).toContain('key rotate <id>');
  });

  it('says which one it is', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    for (const asked of ['--version', '-v', 'version'])
      expect(await tocsin(asked)).toEqual({ code: 0, text: `tocsin ${version}` });
  });

  it('adds and lists sources, and makes one sign', async () => {
    const made = await tocsin('source create forge --rate 20');
    expect(made).toMatchObject({ code: 0, text: expect.stringContaining('tocsin key create forge') });
    expect((await tocsin('source create forge')).code).toBe(1);
    expect(await tocsin('source sign forge')).toMatchObject({
      code: 1,
      text: expect.stringContaining('ENCRYPTION_KEYS'),
    });
    const keys = { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` };
    const signed = await tocsin('source sign forge', keys);
    expect(signed.text).toMatch(/^whsec_\S+\nFrom now on/);
    const again = await tocsin('source sign forge --secret a-secret-given-by-hand --overlap 2h', keys);
    expect(again.text).toContain('The old one is good until 2026-05-04T12:00:00.000Z.');
    expect((await tocsin('source list')).text).toMatch(
      /^forge {2}s_\w+ {2}0 good keys, 20 events a second, signed$/m,
    );
    expect((await tocsin('source unsign forge')).text).toBe('forge need not sign any longer.');
    expect((await tocsin('source sign none')).code).toBe(1);
    for (const line of ['source', 'source paint', 'source sign', 'source sign forge --overlap long'])
      expect((await tocsin(line)).code).toBe(2);
  });

  it('makes, lists, replaces and ends keys', async () => {
    const made = await tocsin('key create --source ci --scope ingest,read --topic builds.** --expires 90d');
    expect(made.code).toBe(0);
    const [key, id] = [made.text.split('\n')[0]!, /Key (k_\w+)\./.exec(made.text)![1]!];
    expect(key).toMatch(/^tk_/);
    const listed = await tocsin('key list');
    expect(listed.text).toMatch(
      new RegExp(`${id} {2}ingest,read {2}builds\\.\\*\\* {2}good until 2026-08-02`),
    );
    expect(listed.text).not.toContain(key);
    const next = await tocsin(`key rotate ${id} --overlap 2h`);
    expect(next.text).toContain('The old one is good until 2026-05-04T12:00:00.000Z');
    expect((await tocsin(`key revoke ${id}`)).code).toBe(0);
    expect((await tocsin('key list')).text).toMatch(new RegExp(`${id}.*revoked`));
    expect(await tocsin('key revoke k_nothing')).toEqual({ code: 1, text: 'I do not know this key.' });
  });

  it('says what is missing', async () => {
    expect(await tocsin('key')).toMatchObject({
      code: 2,
      text: expect.stringContaining('tocsin key create'),
    });
    expect(await tocsin('key create --soruce x')).toMatchObject({
      code: 2,
      text: expect.stringContaining('--soruce'),
    });
    expect(await tocsin('invite --role king')).toMatchObject({
      code: 2,
      text: expect.stringContaining('member, admin, owner'),
    });
    expect(await tocsin('send')).toMatchObject({
      code: 2,
      text: expect.stringContaining('tocsin send disk.usage'),
    });
    const nowhere = await tocsin('doctor', { DATA_DIR: path.join(folder, 'nothing') });
    expect(nowhere).toMatchObject({ code: 2, text: expect.stringContaining('No Tocsin is running') });
  });

  it('invites with a link that lets one person in', async () => {
    const { code, text } = await tocsin('invite --role admin');
    expect(code).toBe(0);
    expect(text).toMatch(/^https:\/\/t\.me\/tocsin_bot\?start=[\w-]{22}$/m);
    expect(text).toContain('until 2026-05-05T10:00Z');
  });
});

describe('tocsin doctor', () => {
  it('is content with an empty ledger', async () => {
    expect(await tocsin('doctor')).toMatchObject({
      code: 0,
      text: expect.stringContaining('All promises are kept.'),
    });
    const { text } = await tocsin('doctor');
    expect(text).toContain(
      '0 events are kept.\n0 alerts are kept; none burns now.\n0 notifications are kept;',
    );
  });

  it('finds an event that nobody looked at, a timer that was missed, and an end that nobody was told', async () => {
    const { sql, close } = openDatabase(database.connection, 1);
    const old = new Date(now - 600_000).toISOString();
    await sql`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, body, received_at)
      values ('s', 'lost', 'h', -6, 'f', 's', 'a.b', '', '{}', ${old})`;
    await sql`insert into rule_states (rule_id, key, met, due_at) values ('r_1', '["x"]', true, ${old})`;
    await sql`insert into rules (id, owner_id, created_by, name, topic, match, kind, params, key, for_ms, keep_firing_for_ms, paused, "to", version, created_at, updated_at)
      values ('r_1', 'p_1', 'x', 'n', 'a.b', '[]', 'every', '{}', '[]', 0, 0, false, '[]', 1, ${old}, ${old})`;
    await sql`insert into alerts (id, rule_id, owner_id, key, labels, topic, subject, title, fields, status, severity, reading, since, fired_at, resolved_at, count, rev)
      values ('a_1', 'r_1', 'p_1', '["x"]', '{}', 'a.b', '', 't', '{}', 'resolved', 'warning', '{"is":"unmet","text":""}', ${old}, ${old}, ${old}, 1, 2)`;
    await sql`insert into transitions (alert_id, rev, "from", "to", change, at, reading) values ('a_1', 2, 'firing', 'resolved', 'resolved', ${old}, '{}')`;
    await sql`insert into copies (alert_id, receiver_id, channel, address, message_id, shown_rev, wanted_rev, edit_after, heard_at)
      values ('a_1', 'v_1', 'telegram', '7', '1', 2, 2, ${old}, ${old})`;
    const { code, text } = await tocsin('doctor');
    expect(code).toBe(1);
    expect(text).toMatch(
      /WRONG {2}1 accepted event was neither processed nor put aside\. \[events-processed\]: \d+/,
    );
    expect(text).toContain('[timers-kept]: r_1 ["x"]');
    expect(text).toContain('[no-orphans]: a_1 v_1');
    expect(text).toContain('3 kinds of trouble were found.');
    await sql`truncate events, rule_states, alerts, transitions, copies, verifications, rules`;
    await close();
  });
});

describe('tocsin doctor, of who did what', () => {
  it('names the record that somebody changed', async () => {
    const keyring = openKeyring([{ id: 'k1', bytes: new Uint8Array(32).fill(7) }]);
    const keys = { keyring, chance: (bytes: number) => new Uint8Array(bytes).fill(9) };
    const { db, sql, close } = openDatabase(database.connection, 2);
    await sql`delete from audit`;
    await sql`insert into audit (at, actor, verb, target) values (now(), 'operator', 'create-key', 'k_1'), (now(), 'operator', 'revoke-key', 'k_1')`;
    await db.transaction((tx) => bindAudit(tx, keys));
    // Without the key nothing can be said about it.
    expect(await tocsin('doctor')).toMatchObject({
      code: 0,
      text: expect.stringContaining('cannot be looked at'),
    });
    const more = { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}` };
    expect((await tocsin('doctor', more)).text).toContain(
      '2 records of who did what are as they were written.',
    );
    const [row] = await sql`update audit set actor = 'clock' where verb = 'revoke-key' returning id`;
    expect(await tocsin('doctor', more)).toMatchObject({
      code: 1,
      text: expect.stringContaining(`the audit trail was changed at ${row!.id}: it is not what was written`),
    });
    // What was found, or remembered otherwise, in DATA_DIR.
    await sql`update audit set actor = 'operator'`;
    const file = path.join(folder, 'audit-head.json');
    writeFileSync(file, JSON.stringify({ link: 9, seal: 'x', era: 0 }));
    const { code, text } = await tocsin('doctor', more);
    expect(code).toBe(1);
    expect(text).toContain('the audit trail was changed at 9: it went further than this');
    expect(text).toContain(`remove ${file} [audit-chain]`);
    rmSync(file);
    expect((await tocsin('doctor', more)).code).toBe(0);
    await sql`truncate audit`;
    await sql`delete from markers where name = 'audit-chain'`;
    await sql`delete from secrets where name = 'audit-chain'`;
    await close();
  });
});

describe('tocsin send', () => {
  let world: StoryWorld;
  beforeAll(async () => {
    world = await startWorld();
    await ensureBootstrapKey(world.rooms.world, 'the-key-of-this-test', now);
  });
  afterAll(() => world.stop());

  it('sends one event by HTTP, numbers as numbers', async () => {
    const server = serve({ fetch: world.app.fetch, hostname: '127.0.0.1', port: 0 });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const sent = await tocsin(
      `send --type disk.usage --subject /home --data usage=93.5 --data state=full --label env=prod --url http://127.0.0.1:${port}`,
      { BOOTSTRAP_API_KEY: 'the-key-of-this-test' },
    );
    expect(sent).toMatchObject({ code: 0, text: expect.stringContaining('"accepted":1') });
    const [row] = await world.rooms.world.database.sql`select type, subject, body from events`;
    expect(row).toMatchObject({ type: 'disk.usage', subject: '/home' });
    expect(JSON.parse(row!.body)).toMatchObject({
      data: { usage: 93.5, state: 'full' },
      labels: { env: 'prod' },
    });
    const refused = await tocsin(`send --type a..b --url http://127.0.0.1:${port}`, {
      BOOTSTRAP_API_KEY: 'the-key-of-this-test',
    });
    expect(refused.code).toBe(1);
    const stranger = await tocsin(`send --type a.b --key no-such-key --url http://127.0.0.1:${port}`);
    expect(stranger).toMatchObject({ code: 1, text: expect.stringMatching(/^The key is not good\./) });
    server.close();
    const away = await tocsin(`send --type a.b --url http://127.0.0.1:${port}`, {
      BOOTSTRAP_API_KEY: 'the-key-of-this-test',
    });
    expect(away).toMatchObject({
      code: 2,
      text: expect.stringMatching(/does not answer \((?!fetch failed).+\)\. Is Tocsin running\?$/),
    });
  });
});

describe('tocsin member', () => {
  it('removes nobody without a yes, and never the last owner', async () => {
    const world = openDatabase(database.connection, 2);
    await world.sql`insert into people (id, telegram_id, name, role, morning, created_at) values
      ('p_own', 7101, 'Olga', 'owner', 540, now()), ('p_go', 7102, ${'Be\u202en\n\u001b[2J'}, 'member', 540, now())`;
    const here = async () =>
      (await world.sql`select id from people where left_at is null and id in ('p_own', 'p_go')`).length;
    const silent = await tocsin('member remove telegram:7102');
    expect(silent).toMatchObject({ code: 1, text: expect.stringContaining('with --yes') });
    expect(silent.text).toMatch(/^Remove Ben {1,2}\[2J\? /);
    expect(await tocsin('member remove telegram:7102', {}, 'no')).toMatchObject({ code: 1 });
    expect(await tocsin('member remove telegram:7102', {}, '')).toMatchObject({ code: 1 });
    expect((await tocsin('member remove telegram:7001')).text).toContain('member list');
    expect(await here()).toBe(2);
    expect((await tocsin('member list')).text).toMatch(/^telegram:7102 {2}member {2}Ben \[2J$/m);
    expect(await tocsin('member remove telegram:7101 --yes')).toMatchObject({
      code: 1,
      text: expect.stringContaining('tocsin invite --role owner'),
    });
    expect(await tocsin('member remove telegram:7102', {}, 'yes')).toMatchObject({ code: 0 });
    expect(await here()).toBe(1);
    await world.close();
  });
});

describe('tocsin rules', () => {
  it('says what the rules of a file would have told', async () => {
    const world = openDatabase(database.connection, 2);
    await world.sql`insert into people (id, telegram_id, name, role, morning, created_at)
      values ('p_past', 7078, 'Ben', 'member', 540, now())`;
    await world.sql`insert into events (source_id, event_id, body_hash, lane, fingerprint, source, type, subject, body,
        received_at, processed_at)
      select 's', 'past' || i, '', 0, 'f', 'cad', 'past.usage', '/home',
        '{"data":{"usage":' || case when i % 4 = 0 then 95 else 50 end || '},"labels":{}}',
        ${new Date(now - 30 * 3_600_000).toISOString()}::timestamptz + i * interval '1 hour', now()
      from generate_series(1, 24) i`;
    await world.close();
    const file = path.join(folder, 'past.yaml');
    // As an exported file has it.
    const rule =
      'id: r_past, owner: "telegram:7078", topic: past.usage, kind: threshold, params: { field: usage, op: ">", limit';
    writeFileSync(file, `- { ${rule}: 90 } }\n`);
    const told = await tocsin(`rules back-test ${file} --owner telegram:7078 --days 2 --limits 40,99`);
    expect(told.code).toBe(0);
    expect(told.text).toContain('would have told 6 times in the time since');
    expect(told.text).toContain('  limit 40: once, ');
    expect(told.text).toContain('  limit 99: 0 times, ');
    expect(told.text).toMatch(/ {2}\/home {2}95, limit 90$/m);
    writeFileSync(file, `- { ${rule}: much } }\n`);
    const bad = await tocsin(`rules back-test ${file} --owner telegram:7078`);
    expect(bad).toMatchObject({ code: 1, text: expect.stringMatching(/^line 1: params.limit: /) });
    expect((await tocsin(`rules back-test ${file}`)).code).toBe(2);
  });

  it('writes rules to a file and takes them from one', async () => {
    const world = openDatabase(database.connection, 2);
    await world.sql`insert into people (id, telegram_id, name, role, morning, created_at)
      values ('p_cli', 7077, 'Ana', 'member', 540, now())`;
    await world.close();
    const file = path.join(folder, 'rules.yaml');
    writeFileSync(file, '- { owner: telegram:7077, name: Builds, topic: builds.**, kind: every }\n');
    expect(await tocsin(`rules import ${file}`)).toEqual({
      code: 0,
      text: '1 rule made, 0 changed, 0 as they were.',
    });
    const copy = path.join(folder, 'copy.ndjson');
    expect(await tocsin(`rules export ${copy} --owner telegram:7077`)).toEqual({
      code: 0,
      text: `1 rule written to ${copy}.`,
    });
    expect(await tocsin(`rules import ${copy}`)).toEqual({
      code: 0,
      text: '0 rules made, 0 changed, 1 as they were.',
    });
    expect((await tocsin('rules export')).text).toContain('topic: builds.**');
    writeFileSync(file, '- { owner: telegram:7077, topic: "a b", kind: every }\n');
    const bad = await tocsin(`rules import ${file}`);
    expect(bad.code).toBe(1);
    expect(bad.text).toMatch(/^line 1: \[0\]\.topic: .*\nNothing was taken\./);
    expect((await tocsin('rules')).code).toBe(2);
    writeFileSync(
      file,
      '{owner: "telegram:7077", name: Worded, topic: x, kind: every, template: {title: "{{ a | gone }}"}}',
    );
    const worded = await tocsin(`rules import ${file}`);
    expect(worded).toMatchObject({ code: 1, text: expect.stringContaining('template.title') });
    expect((await tocsin(`rules import ${folder}/nothing.yaml`)).code).toBe(2);
  });
});
