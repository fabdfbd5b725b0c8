// Sealing at rest: what opens, what never does, changing the keys, and keys that are not this ledger's.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#store/connection.ts';
import { type Keyring, openKeyring, readKeys } from '#store/keyring.ts';
import { CannotOpen, keepSecret, keysFault, sealAnew } from '#store/secrets.ts';
import { addKey, keptKeys, openKeys } from '../../src/app/encryption-keys.ts';
import { runCommand } from '../../src/cli/run-command.ts';
import { readConfig } from '../../src/config.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { sealing } from '../harness/sealing.ts';

const { chance } = sealing;
const key = (id: string, fill: number) => ({ id, bytes: Buffer.alloc(32, fill) });
const place = { table: 'receivers', column: 'contact', row: 'v_1' };
const opened = (ring: Keyring, sealed: string, where = place) => {
  const read = ring.open(sealed, where);
  return read.ok ? read.plain : read.why;
};

describe('a sealed text', () => {
  const ring = openKeyring([key('a', 1)]);

  it('opens in its place to what it was, never twice in the same form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const one = ring.seal(text, place, chance(12));
        const two = ring.seal(text, place, chance(12));
        expect(one).not.toBe(two);
        expect(opened(ring, one)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it.each([
    ['another row', { ...place, row: 'v_2' }],
    ['another column', { ...place, column: 'label' }],
    ['another table', { ...place, table: 'secrets' }],
  ])('does not open in %s', (_, where) => {
    const sealed = ring.seal('ana@example.org', place, chance(12));
    expect(ring.open(sealed, where).ok).toBe(false);
  });

  it('does not open with any letter changed, cut short, or with another key', () => {
    const sealed = ring.seal('ana@example.org', place, chance(12));
    for (let at = 2; at < sealed.length - 1; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(ring.open(changed, place).ok, `at ${at}`).toBe(false);
    }
    for (const text of ['', 'a', 'a:', 'a:AAAA', sealed.slice(0, 30), 'ana@example.org'])
      expect(ring.open(text, place).ok).toBe(false);
    expect(openKeyring([key('a', 2)]).open(sealed, place).ok).toBe(false);
    expect(opened(openKeyring([key('b', 1)]), sealed)).toContain('the key “a”, which is not here');
  });

  it('opens with an older key, and is sealed with the first', () => {
    const sealed = ring.seal('x', place, chance(12));
    const both = openKeyring([key('b', 2), key('a', 1)]);
    expect(opened(both, sealed)).toBe('x');
    expect(both.seal('x', place, chance(12))).toMatch(/^b:/);
  });
});

describe('ENCRYPTION_KEYS', () => {
  const good = Buffer.alloc(32, 5).toString('base64');
  it.each([
    ['', 0],
    [`k1:${good}`, 1],
    [`k2:${Buffer.alloc(32, 255).toString('base64url')}, k1:${good}`, 2],
  ])('%s is read', (text, count) => {
    const read = readKeys(text);
    expect(read.ok && read.keys.length).toBe(count);
  });

  it.each([
    [good, 'not of the form'],
    ['k1:c2hvcnQ=', 'has 5 bytes instead of 32'],
    [`k1:${good},k1:${good}`, 'two keys named “k1”'],
  ])('%s is refused without being repeated', (text, why) => {
    const read = readConfig({ ENCRYPTION_KEYS: text });
    expect(!read.ok && read.faults.join()).toContain(why);
    expect(!read.ok && read.faults.join()).not.toContain(good);
  });

  it('is scrubbed from the log key by key', () => {
    const read = readConfig({ ENCRYPTION_KEYS: `k1:${good}` });
    expect(read.ok && read.config.secrets).toContain(good);
  });
});

describe('the keys of a ledger', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let folder: string;
  beforeAll(async () => {
    fresh = await freshDatabase();
    database = openDatabase(fresh.connection, 3);
    folder = mkdtempSync(path.join(os.tmpdir(), 'tocsin-keys-'));
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
    rmSync(folder, { recursive: true });
  });
  const config = () => ({ dataDir: folder, encryptionKeys: [] });
  const file = () => path.join(folder, 'encryption-keys');

  it('are made once, for this user alone, and found again', async () => {
    const ring = openKeys(config(), chance);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(openKeys(config(), chance).active()).toBe(ring.active());
    expect(await keysFault(database.db, ring, chance)).toBeUndefined();
    expect(await keysFault(database.db, openKeys(config(), chance), chance)).toBeUndefined();
  });

  it('must be those it was sealed with', async () => {
    const stranger = openKeyring([key('other', 9)]);
    expect(await keysFault(database.db, stranger, chance)).toMatch(/secrets.sealed of canary cannot be read/);
  });

  it('keep a secret under its name, one for all who ask at once', async () => {
    const ring = openKeys(config(), chance);
    let made = 0;
    const ask = () => keepSecret(database.db, ring, 'vapid', () => `secret ${++made}`, chance);
    const all = await Promise.all(Array.from({ length: 8 }, ask));
    expect(new Set(all).size).toBe(1);
    expect(await ask()).toBe(all[0]);
    const dump = JSON.stringify(await database.sql`select * from secrets`);
    expect(dump).not.toContain('secret 1');
    await database.sql`update secrets s set sealed = (select sealed from secrets where name = 'canary') where name = 'vapid'`;
    await expect(ask()).rejects.toThrow(CannotOpen);
    await database.sql`delete from secrets where name = 'vapid'`;
  });

  it('are changed beside a running program, which goes on reading', async () => {
    const running = openKeys(config(), chance);
    const before = await keepSecret(database.db, running, 'vapid', () => 'kept', chance);
    const newest = addKey(folder, chance);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await sealAnew(database.db, keptKeys(config()), chance)).toBe(2);
    const rows = await database.sql<{ sealed: string }[]>`select sealed from secrets`;
    expect(rows.every(({ sealed }) => sealed.startsWith(`${newest}:`))).toBe(true);
    expect(await keepSecret(database.db, running, 'vapid', () => 'new', chance)).toBe(before);
    expect(await sealAnew(database.db, keptKeys(config()), chance)).toBe(0);
    writeFileSync(file(), readFileSync(file(), 'utf8').split('\n')[0]!);
    expect(await keysFault(database.db, openKeys(config(), chance), chance)).toBeUndefined();
  });

  it('are changed by one command', async () => {
    const read = readConfig({ DATA_DIR: folder, DATABASE_URL: fresh.url });
    if (!read.ok) throw new Error(read.faults.join());
    const lines: string[] = [];
    const code = await runCommand(['encryption', 'rotate'], read.config, 0, (line) => void lines.push(line));
    expect([code, lines.join('\n')]).toEqual([0, expect.stringContaining('2 sealed anew with the key k')]);
  });
});
