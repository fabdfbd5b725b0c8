// Processes that are frozen, and servers that fall silent without a word: what they held is free, and work goes on.
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connection.ts';
import { endFrozen } from '../../src/store/frozen.ts';
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
    await until('the other one has it', () => other.take('lead'));
    await until('the frozen one knows', () => !frozen.holds('lead'));
    await other.release('lead');
  });

  it('stays with a process that lives, however long', async () => {
    const holder = openLocks(direct, { beatMs: 50, lifeMs: 3_000 });
    const other = openLocks(direct);
    expect(await holder.take('lead')).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
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

describe('a process that is frozen in the middle of a question', () => {
  it('holds its lane until its connection is ended by another one', async () => {
    const socket = await halfAsked('select pg_advisory_xact_lock(11, 22)');
    const isFree = async () => {
      const [row] = await direct.sql`select pg_try_advisory_lock(11, 22) as yes, pg_advisory_unlock(11, 22)`;
      return row?.yes === true;
    };
    expect(await isFree()).toBe(false);
    expect(await endFrozen(direct.db, 3_600_000)).toBe(0);
    await until('it is ended', async () => (await endFrozen(direct.db, 100)) === 1);
    await until('its lane is free', isFree);
    socket.destroy();
  });

  it('is not taken for one that only thinks between two questions, or asks none', async () => {
    await direct.sql.begin(async (tx) => {
      await tx`select 1`;
      await direct.sql`select pg_sleep(0.3)`;
      expect(await endFrozen(direct.db, 100)).toBe(0);
      await tx`select 1`;
    });
  });
});

/** A connection whose transaction did this, and then sent the first half of a question and nothing more. */
async function halfAsked(first: string): Promise<net.Socket> {
  const { host, port, user, database } = fresh.connection;
  const socket = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
  let heard = '';
  socket
    .on('error', () => {})
    .on('data', (part) => {
      heard += part.toString('latin1');
    });
  const message = (type: string, body: string) => {
    const text = Buffer.from(body, 'latin1');
    const head = Buffer.alloc(4);
    head.writeInt32BE(text.length + 4);
    return Buffer.concat([Buffer.from(type, 'latin1'), head, text]);
  };
  const words = `user\0${user}\0database\0${database}\0application_name\0tocsin\0\0`;
  socket.write(message('', `\0\x03\0\0${words}`));
  socket.write(message('Q', `begin; ${first}\0`));
  await until('it holds it', () => heard.includes('SELECT 1'));
  socket.write(message('P', '\0select 2\0\0\0'));
  socket.write(message('H', ''));
  return socket;
}

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
