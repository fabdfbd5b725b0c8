// The real program as a child: it comes up with nothing given, does what its screen says, and goes without a trace.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Health } from '../src/app/health.ts';
import { readRunFile } from '../src/app/run-file.ts';
import { type AppProcess, startAppProcess } from './harness/app-process.ts';
import { freshDatabase } from './harness/database.ts';
import { temporaryFolder } from './harness/folder.ts';
import { program } from './harness/program.ts';
import { redisAvailable, startRedis } from './harness/redis.ts';
import { until } from './harness/until.ts';

const main = await program('src/main.ts');
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(variables: Record<string, string> = {}): Promise<AppProcess & { dataDir: string }> {
  const folder = temporaryFolder('start');
  closers.push(() => folder.remove());
  const app = await startAppProcess(folder.path, { LOG_LEVEL: 'info', ...variables });
  closers.push(() => app.stop());
  await until('the screen is printed', () => app.output().includes('Ctrl-C stops everything'));
  return { ...app, dataDir: folder.path };
}

function curlOf(screen: string): string {
  const lines = screen.split('\n');
  const at = lines.findLastIndex((line) => line.includes('curl -H'));
  return `${lines[at]}\n${lines[at + 1]}`;
}

const healthOf = async (url: string) => (await (await fetch(`${url}/healthz`)).json()) as Health;
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('with nothing given', () => {
  it('prints where things are, serves the curl it printed, keeps its data through kill -9, and leaves nothing behind', async () => {
    const app = await start();
    expect(app.output()).toContain(`${app.url}/sandbox`);
    expect(app.output()).toContain('embedded PostgreSQL');
    expect(await (await fetch(`${app.url}/sandbox`)).text()).toContain('<!doctype html>');

    const sent = spawnSync('sh', ['-c', curlOf(app.output())], { encoding: 'utf8' });
    const answer = JSON.parse(sent.stdout);
    expect(answer).toMatchObject({ accepted: 1, duplicates: 0 });
    await until('the canary is through', async () => (await healthOf(app.url)).status === 'ok');
    const keyFile = path.join(app.dataDir, 'first-key');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readRunFile(app.dataDir)).toMatchObject({ pid: app.pid(), url: app.url });

    const key = readFileSync(keyFile, 'utf8').trim();
    await app.kill();
    await app.start();
    // The kill may have come before its lane was worked on: then that is made good now.
    const found = await until('the event is kept and processed', async () => {
      const response = await fetch(`${app.url}/v1/events/${answer.events[0].seq}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const event = (await response.json()) as { processed?: boolean };
      return event.processed === true ? event : undefined;
    });
    expect(found).toMatchObject({ type: 'disk.usage', subject: '/home' });
    expect(readFileSync(keyFile, 'utf8').trim()).toBe(key);

    const server = app.postgresPid()!;
    expect(isAlive(server)).toBe(true);
    expect(await app.stop()).toBe(0);
    expect(isAlive(server)).toBe(false);
    expect(existsSync(path.join(app.dataDir, 'run.json'))).toBe(false);
    // The only place where the key may stand is the screen.
    expect(
      app
        .output()
        .replaceAll(curlOf(app.output()), '')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .join(),
    ).not.toContain(key);
  }, 90_000);

  it('comes back by itself when its database is killed', async () => {
    const app = await start();
    const [program, server] = [app.pid(), app.postgresPid()!];
    process.kill(server, 'SIGKILL');
    await until('another server runs', () => {
      const next = app.postgresPid();
      return next !== undefined && next !== server && isAlive(next);
    });
    await until('it takes traffic again', async () => (await fetch(`${app.url}/readyz`)).ok);
    await until('the canary is through', async () => (await healthOf(app.url)).status === 'ok');
    expect(app.pid()).toBe(program);
  }, 90_000);

  it('refuses a second one on the same data, in words', async () => {
    const app = await start();
    const second = startAppProcess(app.dataDir, {});
    const said = String(await second.catch((error) => error));
    expect(said).toMatch(/Another Tocsin \(process \d+\) is already using the data/);
    expect(said).not.toContain('"stack"');
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  }, 90_000);
});

describe.skipIf(!redisAvailable())('with a PostgreSQL and a Redis of its own', () => {
  it('embeds neither, goes on while Redis is away, and drains on SIGTERM', async () => {
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const redis = await startRedis();
    closers.push(() => redis.stop());
    const app = await start({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      BOOTSTRAP_API_KEY: 'a-key-of-our-own-choice',
    });
    expect(app.output()).toContain('PostgreSQL of DATABASE_URL · queue Redis of REDIS_URL');
    expect(app.output()).not.toContain('a-key-of-our-own-choice');
    await until('the canary is through', async () => (await healthOf(app.url)).status === 'ok');
    await redis.kill();
    await until('it notices', async () => (await healthOf(app.url)).status === 'degraded');
    const sent = await fetch(`${app.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-key-of-our-own-choice', 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'disk.usage', subject: '/', data: { usage: 1 } }),
    });
    expect(sent.status).toBe(202);
    await until('the sweeper has worked', async () => {
      const health = await healthOf(app.url);
      return health.status === 'degraded' && health.oldestWaitingEvent.ageSeconds === null;
    });
    expect(await app.stop()).toBe(0);
  }, 90_000);
});

describe('refuses to start', () => {
  const run = (variables: Record<string, string>) =>
    spawnSync(process.execPath, main, {
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
      env: { PATH: process.env.PATH ?? '', ...variables },
    });

  it('with bad variables, naming each', () => {
    const { status, stderr } = run({ PORT: 'x', ROLES: 'worker' });
    expect(status).toBe(2);
    expect(stderr).toContain('PORT must be a number from 0 to 65535');
  });

  it.skipIf(!redisAvailable())('on a Redis that may forget', async () => {
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const redis = await startRedis();
    closers.push(() => redis.stop());
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    client.disconnect();
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const { status, stderr } = run({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      DATA_DIR: folder.path,
      PORT: '0',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('maxmemory-policy allkeys-lru');
  });

  it.runIf(existsSync('/proc/self'))('in a folder that cannot be made, at once and in a sentence', () => {
    for (const [DATA_DIR, why] of [
      ['/proc/nope/deeper', 'cannot be made in /proc: nothing can be made there'],
      ['/proc', 'takes no files'],
    ] as const) {
      const { status, stderr } = run({ DATA_DIR });
      expect(stderr).toContain(`The folder DATA_DIR (${DATA_DIR}) ${why}`);
      expect(stderr).not.toMatch(/"stack"|\n\s+at /);
      expect(status).toBe(1);
    }
  });

  it('on a file, or below one', () => {
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const file = path.join(folder.path, 'file');
    writeFileSync(file, '');
    expect(run({ DATA_DIR: file }).stderr).toContain('is a file, not a folder');
    expect(run({ DATA_DIR: path.join(file, 'below') }).stderr).toContain('a part of that path is a file');
  });

  it('on a database that cannot be reached, naming it and the reason, with a stack only for those who look', () => {
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const given = {
      DATABASE_URL: 'postgres://anna:hunter2-hunter2@127.0.0.1:1/alerts',
      DATA_DIR: folder.path,
    };
    const { status, stderr } = run(given);
    expect(stderr).toBe(
      'Tocsin cannot start:\n  The database of DATABASE_URL cannot be used: nothing listens there (the connection was refused).\n' +
        '  Host 127.0.0.1, port 1, database alerts, user anna.\n',
    );
    expect(status).toBe(1);
    expect(run({ ...given, LOG_LEVEL: 'debug' }).stderr).toContain('"stack"');
  });

  it('on a port that is taken, in a sentence and nothing else', async () => {
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const taken = net.createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    closers.push(() => taken.close());
    const { port } = taken.address() as net.AddressInfo;
    const { status, stderr } = run({
      DATABASE_URL: database.url,
      DATA_DIR: folder.path,
      PORT: String(port),
      LOG_LEVEL: 'error',
    });
    expect(stderr).toBe(
      `Tocsin cannot start:\n  Port ${port} is in use by another program. Stop it, or set PORT to another number.\n`,
    );
    expect(status).toBe(1);
  });
});

describe('a token that Telegram does not know', () => {
  it('is told in one sentence, once', async () => {
    const database = await freshDatabase();
    closers.push(() => database.drop());
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const telegram = http.createServer((_, answer) => {
      answer.writeHead(401, { 'content-type': 'application/json' });
      answer.end('{"ok":false,"error_code":401,"description":"Unauthorized"}');
    });
    await once(telegram.listen(0, '127.0.0.1'), 'listening');
    closers.push(() => telegram.close());
    const child = spawn(process.execPath, main, {
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: database.url,
        DATA_DIR: folder.path,
        TELEGRAM_BOT_TOKEN: `123456789:${'A'.repeat(35)}`,
        TELEGRAM_API_ROOT: `http://127.0.0.1:${(telegram.address() as net.AddressInfo).port}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toBe(
      'Tocsin cannot start:\n  Telegram does not know TELEGRAM_BOT_TOKEN. Copy it anew from @BotFather, or leave it out to use the sandbox.\n',
    );
  });
});

describe('a start that is not done', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends at %s without a word of failure', async (signal) => {
    const folder = temporaryFolder('start');
    closers.push(() => folder.remove());
    const silent = net.createServer();
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    closers.push(() => silent.close());
    const { port } = silent.address() as net.AddressInfo;
    const reached = once(silent, 'connection');
    const child = spawn(process.execPath, main, {
      env: {
        PATH: process.env.PATH ?? '',
        DATABASE_URL: `postgres://a@127.0.0.1:${port}/a`,
        DATA_DIR: folder.path,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (text) => {
      said += String(text);
    });
    const ended = once(child, 'exit');
    const [socket] = (await reached) as [net.Socket];
    closers.push(() => socket.destroy());
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(said).toContain('"stopped"');
    expect(said).not.toContain('cannot start');
  });
});
