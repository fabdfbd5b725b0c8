// The embedded PostgreSQL: found again after every kind of end, never started twice, never taken for a stranger.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { fallbackFolder } from '#sandbox/postgres/place.ts';
import { isAlive } from '#sandbox/postgres/processes.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';
import { makeProgram, type Running } from './postgres-program.ts';

const isRoot = process.getuid?.() === 0;
const idOf = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
const ordinary = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {};

let program: ReturnType<typeof makeProgram>;
let data: ReturnType<typeof temporaryFolder>;
let seed: ReturnType<typeof temporaryFolder>;
let running: Running[] = [];
beforeAll(async () => {
  program = makeProgram();
  seed = temporaryFolder('data');
  await (await startEmbeddedPostgres({ dataDir: seed.path })).stop();
});
afterAll(() => {
  program.remove();
  seed.remove();
});
beforeEach(() => {
  data = temporaryFolder('data');
});
afterEach(async () => {
  for (const one of running) await one.kill();
  running = [];
  // What a test has orphaned is ended the way the launcher would.
  if (fs.existsSync(path.join(data.path, 'postgres/cluster/postmaster.pid'))) {
    await (await startEmbeddedPostgres({ dataDir: data.path })).stop();
  }
  data.remove();
});

async function run(...args: Parameters<typeof program.run>): Promise<Running> {
  const one = await program.run(...args);
  running.push(one);
  return one;
}

/** Lays a finished, stopped database into the data folder: faster than creating one. */
function haveDatabase(): void {
  spawnSync('cp', ['-a', path.join(seed.path, 'postgres'), data.path]);
}

async function query<T = unknown>(where: Connection, text: string): Promise<T[]> {
  const { host, port, user, password, database } = where;
  const sql = postgres({ host, port, user, password, database, max: 1, onnotice: () => {} });
  try {
    return (await sql.unsafe(text)) as unknown as T[];
  } finally {
    await sql.end();
  }
}

const addNote = (where: Connection, note: string) =>
  query(where, `CREATE TABLE IF NOT EXISTS notes (note text); INSERT INTO notes VALUES ('${note}')`);
const notes = async (where: Connection) =>
  (await query<{ note: string }>(where, 'SELECT note FROM notes ORDER BY 1')).map((row) => row.note);

it('keeps whoever stops it alive until it has ended, though nothing else does', async () => {
  haveDatabase();
  const server = await startEmbeddedPostgres({ dataDir: data.path });
  const kept = () => process.getActiveResourcesInfo().filter((one) => one === 'ProcessWrap').length;
  const before = kept();
  const stopping = server.stop();
  expect(kept()).toBe(before + 1);
  await stopping;
});

describe('an ordinary life', () => {
  it('starts, is reachable by both drivers, keeps its data, and leaves nothing behind', async () => {
    const first = await startEmbeddedPostgres({ dataDir: data.path });
    await addNote(first.connection, 'kept');
    const client = new pg.Client(first.connection);
    await client.connect();
    const settings = await client.query(
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('fsync', 'synchronous_commit', 'server_encoding', 'listen_addresses', 'max_connections')`,
    );
    expect(Object.fromEntries(settings.rows.map((row) => [row.name, row.setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '',
      max_connections: '200',
    });
    await client.end();
    expect(Buffer.byteLength(path.join(first.host, '.s.PGSQL.5432'))).toBeLessThan(103);
    await first.stop();
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    expect(fs.existsSync(first.host)).toBe(false);
    expect(fs.readdirSync(first.folder).sort()).toEqual(['cluster', 'server.log']);

    const second = await startEmbeddedPostgres({ dataDir: data.path });
    expect(await notes(second.connection)).toEqual(['kept']);
    expect(second).toMatchObject({ tookOver: false, notice: undefined });
    await second.stop();
  });

  it('refuses a second application on the same data and names the first', async () => {
    haveDatabase();
    const first = await run(data.path);
    await expect(startEmbeddedPostgres({ dataDir: data.path })).rejects.toThrow(
      `Another Tocsin (process ${first.report.self})`,
    );
    expect(await query(first.report, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await first.stop();
    await (await startEmbeddedPostgres({ dataDir: data.path })).stop();
  });

  it('has one winner when several start at the same moment', async () => {
    const reports = (await Promise.all([1, 2, 3].map(() => run(data.path)))).map((one) => one.report);
    expect(reports.filter((report) => report.error === undefined)).toHaveLength(1);
    for (const { error } of reports) if (error) expect(error).toContain('Another Tocsin');
  });
});

describe('after kill -9', () => {
  it('of the application: stops the orphan and has every committed row', async () => {
    haveDatabase();
    const first = await run(data.path);
    await addNote(first.report, 'committed');
    await first.kill();
    expect(isAlive(first.report.pid)).toBe(true);

    const second = await startEmbeddedPostgres({ dataDir: data.path });
    expect(second.tookOver).toBe(true);
    expect(isAlive(first.report.pid)).toBe(false);
    expect(await notes(second.connection)).toEqual(['committed']);
    expect(fs.existsSync(first.report.host)).toBe(false);
    await second.stop();
  });

  it('of the server: says so with the last lines of its log, and recovers', async () => {
    haveDatabase();
    const first = await startEmbeddedPostgres({ dataDir: data.path });
    await addNote(first.connection, 'committed');
    const ended = new Promise((resolve) => first.onExit(resolve));
    process.kill(first.pid, 'SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL', log: expect.stringContaining('ready to accept') });

    const second = await startEmbeddedPostgres({ dataDir: data.path });
    expect(await notes(second.connection)).toEqual(['committed']);
    await second.stop();
  });

  it('of both at once', async () => {
    haveDatabase();
    const first = await run(data.path);
    await addNote(first.report, 'committed');
    process.kill(first.report.pid, 'SIGKILL');
    await first.kill();
    const second = await startEmbeddedPostgres({ dataDir: data.path });
    expect(await notes(second.connection)).toEqual(['committed']);
    await second.stop();
  });

  it('in the middle of creating the database: begins again', async () => {
    // What makes the files does not end by itself, or the cluster could be whole before the kill.
    const initdb = program.tool('initdb');
    fs.renameSync(initdb, `${initdb}.real`);
    fs.writeFileSync(initdb, '#!/bin/sh\n"$0.real" "$@"\nexec sleep 600\n', { mode: 0o755 });
    const child = spawn(process.execPath, [path.join(program.path, 'run.js'), data.path], {
      stdio: 'ignore',
      detached: true,
    });
    const folder = path.join(data.path, 'postgres');
    const halfMade = () =>
      fs.existsSync(folder) &&
      fs
        .readdirSync(folder)
        .find((n) => n.startsWith('draft-') && fs.existsSync(path.join(folder, n, 'PG_VERSION')));
    const begun = async () => {
      const server = await startEmbeddedPostgres({ dataDir: data.path });
      await addNote(server.connection, 'new');
      expect(new Set(await notes(server.connection))).toEqual(new Set(['new']));
      await server.stop();
    };
    try {
      await until('it is being made', halfMade);
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await exited;
      expect(fs.readdirSync(folder)).not.toContain('cluster');
      await begun();
    } finally {
      // What it had started outlives it, and may have written there until now.
      process.kill(-(child.pid as number), 'SIGKILL');
      fs.renameSync(`${initdb}.real`, initdb);
    }
    await begun();
    expect(fs.readdirSync(folder).sort()).toEqual(['cluster', 'server.log']);
  });
});

it('Ctrl-C reaches the application alone, which can still use the database to drain', async () => {
  haveDatabase();
  const first = await run(data.path);
  process.kill(-(first.child.pid as number), 'SIGINT');
  await until('it has ended', () => first.child.signalCode !== null || first.child.exitCode !== null);
  expect(await query(first.report, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('a temporary folder with a long path does not make the socket’s path too long', async () => {
  haveDatabase();
  const long = path.join(data.path, 'a-rather-long-name-for-a-folder'.repeat(3));
  fs.mkdirSync(long);
  fs.chmodSync(long, 0o777);
  const first = await run(data.path, {}, `export TMPDIR=${long};`);
  expect(await query(first.report, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await first.stop();
});

describe('strangers', () => {
  it('are not harmed when they got the old server’s process number, nor when they got the old owner’s', async () => {
    haveDatabase();
    const folder = path.join(data.path, 'postgres');
    const stranger = spawn('sleep', ['600'], ordinary);
    const lines = [stranger.pid, path.join(folder, 'cluster'), 1, 5432, '/tmp', '', '', 'ready'];
    fs.writeFileSync(path.join(folder, 'cluster/postmaster.pid'), lines.join('\n'));
    fs.chmodSync(path.join(folder, 'cluster/postmaster.pid'), 0o644);
    fs.writeFileSync(path.join(folder, 'owner'), `${stranger.pid}\nborn at another time\n`);
    const server = await startEmbeddedPostgres({ dataDir: data.path });
    expect(server.tookOver).toBe(false);
    expect(isAlive(stranger.pid as number)).toBe(true);
    await server.stop();
    stranger.kill('SIGKILL');
  });

  it('keep their socket folders; those of dead servers are removed', async () => {
    haveDatabase();
    const other = temporaryFolder('data');
    const living = await startEmbeddedPostgres({ dataDir: other.path });
    // Whole before it has the name: others on this machine look for such folders, too.
    const made = fs.mkdtempSync(path.join(os.tmpdir(), '.tocsin-socket-'));
    fs.writeFileSync(path.join(made, 'starter'), '0');
    const owner = fs.statSync(living.host);
    fs.chownSync(made, owner.uid, owner.gid);
    const dead = path.join(os.tmpdir(), path.basename(made).slice(1));
    fs.renameSync(made, dead);
    const server = await startEmbeddedPostgres({ dataDir: data.path });
    expect(fs.existsSync(dead)).toBe(false);
    expect(await query(living.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await living.stop();
    other.remove();
  });
});

describe('what goes wrong is said in a sentence', () => {
  it('when the folder holds something else', async () => {
    fs.mkdirSync(path.join(data.path, 'postgres/cluster'), { recursive: true });
    fs.writeFileSync(path.join(data.path, 'postgres/cluster/letter.txt'), 'Dear Ana');
    if (isRoot) spawnSync('chown', ['-R', 'nobody', path.join(data.path, 'postgres')]);
    await expect(startEmbeddedPostgres({ dataDir: data.path })).rejects.toThrow(
      'is not a PostgreSQL database',
    );
    expect(fs.readFileSync(path.join(data.path, 'postgres/cluster/letter.txt'), 'utf8')).toBe('Dear Ana');
  });

  it('when another version made the data', async () => {
    haveDatabase();
    fs.writeFileSync(path.join(data.path, 'postgres/cluster/PG_VERSION'), '12\n');
    await expect(startEmbeddedPostgres({ dataDir: data.path })).rejects.toThrow('made by PostgreSQL 12');
  });

  it('when the server does not start, with its last words', async () => {
    haveDatabase();
    fs.appendFileSync(path.join(data.path, 'postgres/cluster/postgresql.conf'), '\nno_such_setting = 1\n');
    await expect(startEmbeddedPostgres({ dataDir: data.path })).rejects.toThrow(
      /did not start[\s\S]*no_such_setting/,
    );
    expect(fs.existsSync(path.join(data.path, 'postgres/owner'))).toBe(false);
  });

  it('when the disk takes no more, and the next start works', async () => {
    const full = await run(data.path, {}, 'ulimit -f 200;');
    expect(full.report.error).toMatch(
      /could not be created:[\s\S]*(File too large|could not (write|extend))/,
    );
    await (await startEmbeddedPostgres({ dataDir: data.path })).stop();
  });
});

describe('whoever runs it', () => {
  it('an ordinary user, install scripts blocked, node_modules belonging to somebody else', async () => {
    for (const link of program.links()) fs.rmSync(path.join(link.parentPath, link.name));
    if (isRoot) fs.chownSync(data.path, ordinary.uid as number, ordinary.gid as number);
    const first = await run(data.path, ordinary);
    expect(first.report.error).toBeUndefined();
    await addNote(first.report, 'mine');
    await first.kill();
    const second = await run(data.path, ordinary);
    expect(second.report.tookOver).toBe(true);
    expect(await notes(second.report)).toEqual(['mine']);
    await second.stop();
    if (isRoot) {
      expect(program.links()).toEqual([]);
      // Root takes over an ordinary user's data and runs the server as that user.
      const asRoot = await startEmbeddedPostgres({ dataDir: data.path });
      expect(await notes(asRoot.connection)).toEqual(['mine']);
      await asRoot.stop();
      const again = await run(data.path, ordinary);
      expect(await notes(again.report)).toEqual(['mine']);
    }
  });

  it.runIf(isRoot)('an ordinary user whose data belongs to another user is told so', async () => {
    haveDatabase();
    if (fs.statSync(path.join(data.path, 'postgres')).uid === ordinary.uid) {
      spawnSync('chown', ['-R', 'daemon', path.join(data.path, 'postgres')]);
    }
    const refused = await run(data.path, ordinary);
    expect(refused.report.error).toContain('cannot write in');
  });

  it.runIf(isRoot)(
    'root, install scripts blocked, everything under a folder that is closed to others',
    async () => {
      for (const link of program.links()) fs.rmSync(path.join(link.parentPath, link.name));
      fs.chmodSync(program.path, 0o700);
      const closed = path.join(program.path, 'data');
      const fallback = fallbackFolder(closed);
      try {
        const first = await run(closed);
        expect(first.report.notice).toContain(fallback);
        expect(first.report.folder).toBe(fallback);
        await addNote(first.report, 'elsewhere');
        await first.stop();
        // A permission that changes later must not make the data look lost.
        fs.chmodSync(program.path, 0o755);
        const second = await run(closed);
        expect(await notes(second.report)).toEqual(['elsewhere']);
        await second.stop();
      } finally {
        fs.chmodSync(program.path, 0o755);
        fs.rmSync(fallback, { recursive: true, force: true });
      }
    },
  );
});
