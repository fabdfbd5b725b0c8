// Which connection is next: the warm one first, one more only when none is free, and everybody comes to their turn.
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import type postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPool, type Pool } from '#store/pool.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { freePort } from '../harness/free-port.ts';
import { until } from '../harness/until.ts';
import { startChaosProxy } from '../torture/chaos-proxy.ts';

let fresh: FreshDatabase;
let pool: Pool;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterEach(() => pool.end({ timeout: 5 }));
afterAll(() => fresh.drop());

// Each pool has a name of its own: the server forgets those that were closed a moment later.
let name = '';
let pools = 0;
function open(max: number): void {
  name = `tocsin wires ${++pools}`;
  pool = openPool({
    ...{ ...fresh.connection, max, onnotice: () => {} },
    connection: { application_name: name },
  });
}

type Speaker = Pick<postgres.Sql, 'unsafe'>;
const pidOf = async (sql: Speaker) => (await sql.unsafe('select pg_backend_pid() as pid'))[0]!.pid as number;
const opened = async () =>
  (await pool`select 1 from pg_stat_activity where application_name = ${name}`).length;

it('one after another go to the one that was used last, however many are open', async () => {
  open(6);
  await Promise.all(Array.from({ length: 4 }, () => pool`select pg_sleep(0.05)`));
  const pids = new Set<number>();
  for (let i = 0; i < 10; i++) pids.add(await pidOf(pool));
  expect(pids.size).toBe(1);
  const begun = new Set<number>();
  for (let i = 0; i < 10; i++) begun.add((await pool.begin((tx) => pidOf(tx))) as number);
  expect(begun.size).toBe(1);
  expect([...begun]).not.toEqual([...pids]);
});

it('opens no more than are asked for at once, and never more than it may', async () => {
  open(3);
  for (let i = 0; i < 5; i++) await pool`select 1`;
  expect(await opened()).toBe(1);
  const asked = Array.from({ length: 12 }, (_, i) =>
    i % 2 ? pool`select pg_sleep(0.01)` : pool.begin((tx) => tx`select pg_sleep(0.01)`),
  );
  await Promise.all(asked);
  // The last one may still be opening while the others do all of it.
  await until('as many are open as may be', async () => (await opened()) >= 3);
  expect(await opened()).toBe(3);
});

it('nothing else is sent on the connection of a transaction', async () => {
  open(2);
  const own = await pool.begin(async (tx) => {
    const pid = await pidOf(tx);
    const others = await Promise.all(Array.from({ length: 6 }, () => pidOf(pool)));
    return others.includes(pid);
  });
  expect(own).toBe(false);
});

it('with one connection, single statements and transactions take turns in order, and both write', async () => {
  open(1);
  await pool.unsafe('create table turns (id serial, n int)');
  const asked: PromiseLike<unknown>[] = [];
  for (let n = 0; n < 40; n++) {
    const put = (sql: postgres.Sql) => sql`insert into turns (n) values (${n}::int)`.execute();
    asked.push(n % 3 === 0 ? pool.begin((tx) => put(tx as never)) : put(pool));
    // A statement is asked a moment after it was made.
    for (let i = 0; i < 3; i++) await undefined;
  }
  await Promise.all(asked);
  const rows = await pool`select n from turns order by id`;
  expect(rows).toHaveLength(40);
  // None is passed over for long.
  for (const [place, row] of rows.entries()) expect(Math.abs(place - row.n)).toBeLessThan(20);
  expect(await opened()).toBe(1);
});

it('outside of a transaction nothing is written where transactions run', async () => {
  open(2);
  await pool.unsafe('create table guarded (n int)');
  const writes = await pool.begin(async (tx) => {
    const [row] = await tx`show default_transaction_read_only`;
    await tx`insert into guarded values (1)`;
    return row?.default_transaction_read_only;
  });
  expect(writes).toBe('on');
  const reads = pool.begin('read only', (tx) => tx`insert into guarded values (2)`);
  await expect(reads).rejects.toMatchObject({ code: '25006' });
  await pool`insert into guarded values (3)`;
  expect((await pool`select n from guarded order by n`).map(({ n }) => n)).toEqual([1, 3]);
});

it('a stream holds up nobody, and its connection is not counted among those of the others', async () => {
  open(1);
  const stream = await pool.unsafe('copy (select generate_series(1, 20000)) to stdout').readable();
  expect((await pool`select 1 as one`)[0]).toEqual({ one: 1 });
  let lines = 0;
  for await (const piece of stream) lines += String(piece).split('\n').length - 1;
  expect(lines).toBe(20_000);
});

it('when it ends, what runs comes to its end and what waits or comes is refused', async () => {
  open(1);
  const running = pool`select pg_sleep(0.1), 1 as one`;
  const waiting = pool`select 2 as two`;
  const hears = Promise.allSettled([running, waiting]);
  await new Promise((resolve) => setImmediate(resolve));
  await pool.end({ timeout: 5 });
  expect(await hears).toMatchObject([
    { status: 'fulfilled', value: [{ one: 1 }] },
    { status: 'rejected', reason: { code: 'CONNECTION_ENDED' } },
  ]);
  await expect(pool`select 3`).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
  await expect(pool.begin((tx) => tx`select 4`)).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
});

it('when its time to end is over, what still runs fails', async () => {
  open(1);
  const running = pool`select pg_sleep(20)`.then(
    () => 'done',
    ({ code }) => code,
  );
  await new Promise((resolve) => setImmediate(resolve));
  await pool.end({ timeout: 0.05 });
  expect(await running).toMatch(/CONNECTION_/);
});

describe('a connection that cannot be opened', () => {
  const refusal = (code: string) => (near: net.Socket) => {
    near.once('data', () => {
      const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mno\0\0`, 'latin1');
      const head = Buffer.from([0x45, 0, 0, 0, fields.length + 4]);
      near.end(Buffer.concat([head, fields]));
    });
  };

  it.each([
    ['nobody listens', 'ECONNREFUSED', undefined],
    ['the server has no room', '53300', refusal('53300')],
    ['the password is wrong', '28P01', refusal('28P01')],
    ['the other side hangs up at once', 'ECONNRESET', (near: net.Socket) => near.end()],
    [
      'the other side hangs up when it is greeted',
      'ECONNRESET',
      (near: net.Socket) => near.once('data', () => near.end()),
    ],
  ])('fails with its cause when %s, in a transaction and outside of one', async (_when, code, behave) => {
    const server = behave && (await serve(behave));
    pool = openPool({
      host: '127.0.0.1',
      port: server?.port ?? (await freePort()),
      max: 2,
      connect_timeout: 60,
    });
    await expect(pool`select 1`).rejects.toMatchObject({ code });
    await expect(pool.begin((tx) => tx`select 1`)).rejects.toMatchObject({ code });
    await expect(pool.row((row) => row`select 1`)).rejects.toMatchObject({ code });
    await server?.close();
  });

  it('is not opened again when it was cut while it connected', async () => {
    let came = 0;
    const open = new Set<net.Socket>();
    const server = await serve((near) => {
      came += 1;
      open.add(near.on('close', () => open.delete(near)));
    });
    pool = openPool({ host: '127.0.0.1', port: server.port, max: 1, connect_timeout: 60 });
    const asked = pool`select 1`.catch(({ code }) => code);
    await until('it connects', () => open.size === 1);
    await pool.end({ timeout: 0 });
    expect(await asked).toBe('CONNECTION_CLOSED');
    await until('nothing is left', () => open.size === 0);
    expect(came).toBe(1);
    await server.close();
  });
});

describe('a server that has no room for one more', () => {
  it('is asked over the connections that are there, of whichever kind', async () => {
    const role = `narrow_${randomUUID().replaceAll('-', '')}`;
    open(4);
    await pool.unsafe(`create role ${role} login connection limit 1`);
    const narrow = openPool({ ...fresh.connection, user: role, max: 4, onnotice: () => {} });
    try {
      await narrow`select 1`;
      expect(await narrow.begin((tx) => tx`select 2 as n`)).toMatchObject([{ n: 2 }]);
      const all = Array.from({ length: 12 }, (_, i) =>
        i % 2 ? narrow`select 3 as n` : narrow.begin((tx) => tx`select 3 as n`),
      );
      for (const rows of await Promise.all(all)) expect(rows).toMatchObject([{ n: 3 }]);
    } finally {
      await narrow.end({ timeout: 5 });
      await pool.unsafe(`drop role ${role}`);
    }
  });
});

describe('when one is given up', () => {
  it('by us, the others stay', async () => {
    open(3);
    const pid = await pidOf(pool);
    for (let n = 0; n < 3; n++) {
      const wordless = { toString: null } as never;
      const work = pool.begin((tx) => Promise.all([tx`select 1`, tx`select ${wordless}::text`]));
      await expect(work).rejects.toThrow();
    }
    expect(await pidOf(pool)).toBe(pid);
  });

  it('by the server, what the others are at is left alone, however long that takes', async () => {
    const later = globalThis.setTimeout;
    // A hundred times as quick.
    const quick = (run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
      later(run, ms / 100, ...given);
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(quick as never);
    try {
      pool = openPool({ ...fresh.connection, max: 3, connect_timeout: 1_000, onnotice: () => {} });
      const slow = pool`select pg_sleep(1), 1 as one`.execute();
      const inside = pool.begin(async (tx) => {
        await tx`select 1`;
        await slow;
        return tx`select 2 as two`;
      });
      await pool`select pg_terminate_backend(pg_backend_pid())`.catch(() => {});
      expect(await slow).toMatchObject([{ one: 1 }]);
      expect(await inside).toMatchObject([{ two: 2 }]);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

it('is refused with what to do where a pooler drops what it asks of a connection', async () => {
  const { user, database, host, port } = fresh.connection;
  const dropping = await serve((near) => {
    const there = host.startsWith('/') ? net.connect(`${host}/.s.PGSQL.${port}`) : net.connect(port, host);
    const without = (piece: Buffer) =>
      Buffer.from(piece.toString('latin1').replace('read_only\0on\0', 'read_only\0no\0'), 'latin1');
    near.on('data', (piece) => there.write(without(piece))).on('close', () => there.destroy());
    there.on('error', () => {}).on('data', (piece) => near.write(piece));
    there.on('close', () => near.destroy());
  });
  pool = openPool({ host: '127.0.0.1', port: dropping.port, user, database, max: 2, onnotice: () => {} });
  await expect(pool.begin((tx) => tx`select 1`)).rejects.toMatchObject({
    code: 'SETTINGS_IGNORED',
    message: expect.stringContaining('default_transaction_read_only'),
  });
  expect((await pool`select 1 as one`)[0]).toEqual({ one: 1 });
  await pool.end({ timeout: 5 });
  await dropping.close();
});

it('ends in its time although the other side does not hear that it ends', async () => {
  const { user, database, host, port } = fresh.connection;
  const proxy = await startChaosProxy(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
  pool = openPool({ host: '127.0.0.1', port: proxy.port, user, database, max: 2 });
  await pool`select 1`;
  proxy.be('blackhole');
  const ended = pool.end({ timeout: 0.05 }).then(() => true);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  await until('it is over', () => isOver);
  await proxy.close();
});

async function serve(
  behave: (near: net.Socket) => unknown,
): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    open.add(near.on('error', () => {}).on('close', () => open.delete(near)));
    near.resume();
    behave(near);
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
