// Connections that died without a word are told from servers that are slow: by asking the server about them.
import net from 'node:net';
import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/connection.ts';
import { openPool } from '../../src/store/pool.ts';
import { hangingUp } from '../../src/store/silent-sockets.ts';
import { follow } from '../../src/store/unanswered.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { until } from '../harness/until.ts';
import { type ChaosProxy, startChaosProxy } from '../torture/chaos-proxy.ts';

/** Far more than any test has: only what the server says about a connection can end one in time. */
const never = 600_000;

let fresh: FreshDatabase;
let direct: Database;
let proxy: ChaosProxy;
let far: postgres.Sql;
// Each test's are told from those of the one before, which the server forgets a moment later.
let name = '';
let tests = 0;
beforeAll(async () => {
  fresh = await freshDatabase();
  direct = openDatabase(fresh.connection, 4);
});
afterAll(async () => {
  await direct.close();
  await fresh.drop();
});
beforeEach(async () => {
  name = `tocsin far ${++tests}`;
  const { host, port } = fresh.connection;
  proxy = await startChaosProxy(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
  far = pool(proxy.port, never);
});
afterEach(async () => {
  await far.end({ timeout: 0 });
  await proxy.close();
});

function pool(port: number, ms: number, everyMs = 50): postgres.Sql {
  const { user, database } = fresh.connection;
  const connection = { application_name: name };
  return openPool({
    ...{ host: '127.0.0.1', port, user, database, max: 3, connection, fetch_types: false },
    ...{ onnotice: () => {}, socket: hangingUp(ms, everyMs) },
  });
}

const answers = () => until('it answers again', async () => (await far`select 1 as one`)[0]?.one === 1);
/** How many connections the server believes in. */
async function believed(): Promise<number> {
  const [row] = await direct.sql`
    select count(*)::int as n from pg_stat_activity where application_name = ${name}`;
  return row?.n;
}

describe('a connection that the server knows nothing of', () => {
  it('is given up as soon as it has said so, inside a transaction, too', async () => {
    const inside = far.begin(async (tx) => {
      await tx`select 1`;
      proxy.abandon();
      await until('the server has let it go', async () => (await believed()) === 0);
      return tx`select 2`;
    });
    await expect(inside).rejects.toThrow();
    await answers();
  });

  it('is given up with those that are idle', async () => {
    await Promise.all([1, 2, 3].map((n) => far`select pg_sleep(0.1), ${n}::int`));
    proxy.abandon();
    await expect(far`select 1`).rejects.toThrow();
    await until('none is left of the old ones', async () => (await far`select 1`).length === 1);
    await expect(Promise.all([1, 2, 3].map((n) => far`select ${n}::int`))).resolves.toHaveLength(3);
  });
});

describe('a connection on which the server waits for us, as we wait for it', () => {
  it('is given up, and the server lets go of what it had locked', async () => {
    await direct.sql`create table if not exists held (id int primary key)`;
    await direct.sql`insert into held values (1) on conflict do nothing`;
    const inside = far.begin(async (tx) => {
      await tx`select id from held for update`;
      proxy.deafen();
      return tx`select 2`;
    });
    await expect(inside).rejects.toThrow();
    // The server has not heard of the end; without being told it would keep the row for half a minute.
    await direct.sql.begin(async (tx) => {
      await tx`set local lock_timeout = '20s'`;
      expect(await tx`select id from held for update`).toHaveLength(1);
    });
    await answers();
  });
});

describe('a connection that owes nothing', () => {
  it('is kept, whatever was asked on it', async () => {
    const kinds: (() => Promise<unknown>)[] = [
      () => far`select ${1}::int`,
      () => far`select 1; select 2`.simple(),
      () => far`select 1 / ${0}::int`,
      () => far`selec`,
      () => far`select ${'x'}::int`,
      () => far.unsafe('select $1::int', [1], { prepare: true }),
      () => far.unsafe('select 1; select 1 / 0'),
      () => far.begin((tx) => Promise.all([tx`select 1`, tx`select ${2}::int`, tx`select pg_sleep(0.01)`])),
      () => far.begin((tx) => Promise.all([tx`select 1`, tx`select 1 / 0`, tx`select 3`])),
      () => far.begin((tx) => tx.savepoint((inner) => inner`select 1 / 0`).catch(() => tx`select 1`)),
      () => far`select repeat('x', 300000), n from generate_series(1, 5) n`,
    ];
    for (let round = 0; round < 3; round++) await Promise.allSettled(kinds.flatMap((ask) => [ask(), ask()]));
    const pids = async () => {
      const rows = await direct.sql`
        select pid from pg_stat_activity where application_name = ${name} order by pid`;
      return rows.map(({ pid }) => pid);
    };
    const before = await pids();
    // Many times as long as a question may stay unanswered before the server is asked about it.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(before).toHaveLength(3);
    expect(await pids()).toEqual(before);
  });
});

describe('what is unanswered', () => {
  it('is the second of two questions that went out together, as long as one answer came', async () => {
    const server = net.createServer((near) => {
      near
        .on('error', () => {})
        .once('data', () => {
          // A greeting, cut anywhere, and one answer to what comes next.
          near.write('R\0\0\0\x08\0\0\0\0K\0\0\0\x0c\0\0', 'latin1');
          near.write('\x01\x02\0\0\0\0Z\0\0\0\x05I', 'latin1');
          near.once('data', () => near.write('C\0\0\0\x0dSELECT 1\0Z\0\0\0\x05T', 'latin1'));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    const wire = follow(socket);
    socket.write('\0\0\0\x08\0\x03\0\0', 'latin1');
    await until('it is greeted', () => wire.answers() === 1);
    expect([wire.pid(), wire.waits(), wire.inside()]).toEqual([258, false, false]);
    const sync = Buffer.from('S\0\0\0\x04', 'latin1');
    socket.write(Buffer.concat([sync, sync]));
    expect(wire.waits()).toBe(true);
    await until('the first answer is there', () => wire.answers() === 2);
    expect([wire.waits(), wire.inside()]).toEqual([true, true]);
    socket.destroy();
    server.close();
  });
});

describe('a server that is slow', () => {
  it('is not hung up on while it computes, however long, outside a transaction, too', async () => {
    const patient = pool(proxy.port, 2_000);
    try {
      // Longer than the time in which it must answer when it cannot be asked.
      await expect(patient`select pg_sleep(3), 1 as one`).resolves.toMatchObject([{ one: 1 }]);
    } finally {
      await patient.end({ timeout: 0 });
    }
  });

  it('is given so long when it cannot be asked, and no longer', async () => {
    const hasty = pool(proxy.port, 700);
    try {
      await hasty`select 1`;
      proxy.be('blackhole');
      await expect(hasty`select 2`).rejects.toThrow();
    } finally {
      proxy.be('pass');
      await hasty.end({ timeout: 0 });
    }
  });
});

describe('a way that is slow', () => {
  it('is not taken for death while what was sent still moves, although the server has heard nothing of it', async () => {
    const narrow = await between(proxy.port, (near, there) => {
      near.on('data', (bytes) => {
        there.write(bytes);
        near.pause();
        setTimeout(() => near.resume(), 2);
      });
      there.on('data', (bytes) => near.write(bytes));
    });
    const slow = pool(narrow.port, never, 300);
    const bytes = 48 * 1024 * 1024;
    try {
      const [row] = await slow`select length(${'x'.repeat(bytes)}::text) as bytes`;
      expect(row).toEqual({ bytes });
    } finally {
      await slow.end({ timeout: 0 });
      await narrow.close();
    }
  });
});

describe('a pooler that names processes of its own', () => {
  it('is not believed: nothing is hung up on because nobody knows its process', async () => {
    // It tells each client of a process that does not exist.
    const renaming = await between(proxy.port, (near, there) => {
      near.on('data', (bytes) => there.write(bytes));
      there.on('data', (bytes) => {
        const at = bytes.indexOf(Buffer.from('K\0\0\0\x0c', 'latin1'));
        if (at >= 0) bytes.writeUInt32BE(2_000_000_000, at + 5);
        near.write(bytes);
      });
    });
    const behind = pool(renaming.port, never);
    try {
      await expect(behind`select pg_sleep(1.5), 1 as one`).resolves.toMatchObject([{ one: 1 }]);
    } finally {
      await behind.end({ timeout: 0 });
      await renaming.close();
    }
  });
});

/** What `join` makes of the two sides, for each that comes. */
async function between(
  port: number,
  join: (near: net.Socket, there: net.Socket) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const there = net.connect(port, '127.0.0.1');
    for (const one of [near, there]) open.add(one.on('error', () => {}));
    near.on('close', () => there.destroy());
    there.on('close', () => near.destroy());
    join(near, there);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const one of open) one.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
