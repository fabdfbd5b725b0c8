// Processes that are frozen, and servers that fall silent without a word: what they held is free, and work goes on.
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connection.ts';
import { openLocks } from '../../src/store/locks.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { until } from '../harness/until.ts';
import { type ChaosProxy, startChaosProxy } from '../torture/chaos-proxy.ts';

let fresh: FreshDatabase;
let direct: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  direct = openDatabase(fresh.connection, 4);
});
afterAll(async () => {
  await direct.close();
  await fresh.drop();
});

describe('a name that a process holds', () => {
  it('is free again when the process is frozen: it misses its beats', async () => {
    const frozen = openLocks(direct, { beatMs: 600_000, lifeMs: 500 });
    const other = openLocks(direct);
    expect(await frozen.take('lead')).toBe(true);
    expect(await other.take('lead')).toBe(false);
    await until('the other one has it', () => other.take('lead'));
    await until('the frozen one knows', () => !frozen.holds('lead'));
    await other.release('lead');
  });

  it('stays with a process that lives, however long', async () => {
    const holder = openLocks(direct, { beatMs: 50, lifeMs: 400 });
    const other = openLocks(direct);
    expect(await holder.take('lead')).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(holder.holds('lead')).toBe(true);
    expect(await other.take('lead')).toBe(false);
    await holder.release('lead');
  });
});

describe('a transaction of a frozen process', () => {
  it('keeps its rows for half a minute at most', async () => {
    const [row] = await direct.sql.begin((tx) => tx`show idle_in_transaction_session_timeout`);
    expect(row?.idle_in_transaction_session_timeout).toBe('30s');
  });
});

describe('connections that a firewall forgot', () => {
  let proxy: ChaosProxy;
  let far: Database;
  beforeAll(async () => {
    const { host, port, user, database } = fresh.connection;
    proxy = await startChaosProxy(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
    far = openDatabase({ host: '127.0.0.1', port: proxy.port, user, database }, 3, 400);
  });
  afterAll(async () => {
    await far.close();
    await proxy.close();
  });

  it('are given up, and the next query goes through', async () => {
    await Promise.all([1, 2, 3].map((n) => far.sql`select pg_sleep(0.1), ${n}::int`));
    proxy.abandon();
    await expect(far.sql`select 1`).rejects.toThrow();
    await until('it answers again', async () => (await far.sql`select 1 as one`)[0]?.one === 1);
    await expect(Promise.all([1, 2, 3].map((n) => far.sql`select ${n}::int`))).resolves.toHaveLength(3);
  });

  it('have more time inside a transaction, where statements may take long', async () => {
    const slow = far.sql.begin(async (tx) => {
      await tx`select 1`;
      return tx`select pg_sleep(0.9), 1 as one`;
    });
    await expect(slow).resolves.toMatchObject([{ one: 1 }]);
  });

  it('are kept while they are only idle', async () => {
    const [before] = await far.sql`select pg_backend_pid() as pid`;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const pids = await Promise.all(
      [1, 2, 3].map(() => far.sql`select pg_backend_pid() as pid, pg_sleep(0.05)`),
    );
    expect(pids.map(([row]) => row?.pid)).toContain(before?.pid);
  });
});

describe('a server with TLS', () => {
  it('is asked for by its name', async () => {
    const heard: Buffer[] = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      // Yes to TLS; then the first words of the client, in which the name is readable.
      socket.once('data', () => {
        socket.write('S');
        socket.once('data', (hello) => {
          heard.push(hello);
          socket.destroy();
        });
      });
    });
    await once(server.listen(0, 'localhost'), 'listening');
    const { port } = server.address() as net.AddressInfo;
    const far = openDatabase({ url: `postgres://u@localhost:${port}/d?sslmode=require` }, 2, 400);
    try {
      await expect(far.sql`select 1`).rejects.toThrow();
      expect(heard[0]?.includes('localhost')).toBe(true);
    } finally {
      await far.close();
      server.close();
    }
  });
});
