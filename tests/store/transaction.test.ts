// Transactions whose beginning and end go out with their statements: whatever breaks, nothing is written outside of them, and
// nothing half.
import net from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Database, openDatabase, sqlState, type Tx } from '#store/connection.ts';
import { lastly } from '#store/lastly.ts';
import { type FreshDatabase, freshDatabase } from '../harness/database.ts';
import { until } from '../harness/until.ts';
import { type ChaosProxy, startChaosProxy } from '../torture/chaos-proxy.ts';

let fresh: FreshDatabase;
let direct: Database;
let proxy: ChaosProxy;
let far: Database;
let relay: Relay;
beforeAll(async () => {
  fresh = await freshDatabase();
  direct = openDatabase(fresh.connection, 4);
  await direct.sql.unsafe('create table pairs (n int, half text, unique (n, half) deferrable)');
  const { host, port } = fresh.connection;
  relay = await startRelay(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
  proxy = await startChaosProxy({ port: relay.port });
});
beforeEach(() => {
  const { user, database } = fresh.connection;
  far = openDatabase({ host: '127.0.0.1', port: proxy.port, user, database }, 4);
});
afterEach(async () => {
  proxy.be('pass');
  await far.close();
  await direct.sql`delete from pairs`;
});
afterAll(async () => {
  await direct.close();
  await proxy.close();
  await relay.close();
  await fresh.drop();
});

const put = (tx: Tx, n: number, half: string) =>
  tx.execute(sql`insert into pairs values (${n}::int, ${half}::text)`);
const there = async () =>
  (await direct.sql`select n, half from pairs order by n, half`).map((row) => ({ ...row }));

/** Often enough for the connection to know the statements. */
async function warm(database = far) {
  for (let n = -6; n < 0; n++)
    await database.db.transaction(async (tx) => lastly(tx, [put(tx, n, 'a'), put(tx, n, 'b')]));
  await database.sql`delete from pairs`;
  relay.writes.length = 0;
}

it('sends its beginning with its first statements, and its end with its last', async () => {
  await warm();
  await far.db.transaction(async (tx) => {
    await Promise.all([put(tx, 1, 'a'), put(tx, 2, 'b')]);
    return lastly(tx, [put(tx, 1, 'b'), put(tx, 2, 'a')]);
  });
  expect(relay.writes.map((write) => write.match(/begin|commit/g))).toEqual([['begin'], ['commit']]);
  expect(await there()).toHaveLength(4);
});

it('reads behind its end what it has committed, in the same write, and can write nothing there', async () => {
  await warm();
  let found: Promise<unknown> | undefined;
  let writing: Promise<unknown> | undefined;
  const run = (n: number) =>
    far.db.transaction(async (tx) =>
      lastly(tx, [put(tx, n, 'a'), put(tx, n, 'b')], (line) => {
        found = line.execute(sql`select count(*)::int as n from pairs`);
        writing = n < 4 ? undefined : line.execute(sql`insert into pairs values (9, 'behind')`);
        writing?.catch(() => {});
      }),
    );
  for (const n of [1, 2, 3]) {
    relay.writes.length = 0;
    await run(n);
    expect(await found).toMatchObject([{ n: 2 * n }]);
  }
  expect(relay.writes.map((write) => write.match(/begin|commit|count/g))).toEqual([
    ['begin', 'commit', 'count'],
  ]);
  await run(4);
  await expect(writing).rejects.toMatchObject({ code: '25006' });
  expect(await there()).toHaveLength(8);
});

it('commits after the answers what the connection has to get to know first', async () => {
  await far.db.transaction((tx) => lastly(tx, [put(tx, 1, 'a'), put(tx, 1, 'b')]));
  expect(await there()).toHaveLength(2);
});

it('writes nothing when its beginning fails, and fails with it', async () => {
  await warm();
  let seen: unknown[] = [];
  const work = far.sql.begin('isolation level nonsense', async (tx) => {
    const asked = [1, 2].map((n) => tx.unsafe('insert into pairs values ($1::int, $2::text)', [n, 'a']));
    seen = await Promise.allSettled(asked);
  });
  await expect(work).rejects.toMatchObject({ code: '42601' });
  await until('the statements that followed are answered', () => seen.length === 2);
  expect(seen).toEqual([1, 2].map(() => expect.objectContaining({ status: 'rejected' })));
  expect(await there()).toEqual([]);
  expect((await far.sql`select 1 as one`)[0]).toEqual({ one: 1 });
});

it('fails when the answer to its beginning is lost, and sends nothing more', async () => {
  await warm();
  proxy.swallow('BEGIN', 1);
  let after: Promise<unknown> | undefined;
  const work = far.db.transaction(async (tx) => {
    await put(tx, 1, 'a').catch(() => {});
    after = put(tx, 1, 'b').then(() => 'sent');
    return after;
  });
  await expect(work).rejects.toThrow();
  await expect(after).rejects.toThrow();
  expect(await there()).toEqual([]);
});

it.each(['between its statements', 'before its end'])('fails when its backend ends %s', async (when) => {
  await warm();
  const work = far.db.transaction(async (tx) => {
    await put(tx, 1, 'a');
    const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await direct.sql`select pg_terminate_backend(${row!.pid})`;
    await until('it is gone', async () => {
      const left = await direct.sql`select 1 from pg_stat_activity where pid = ${row!.pid}`;
      return left.length === 0;
    });
    if (when === 'between its statements') await put(tx, 1, 'b');
  });
  await expect(work).rejects.toThrow();
  expect(await there()).toEqual([]);
});

it('is whole or not there when the answer to its end is lost', async () => {
  await warm();
  proxy.swallow('COMMIT', 1);
  await expect(far.db.transaction((tx) => lastly(tx, [put(tx, 1, 'a'), put(tx, 1, 'b')]))).rejects.toThrow();
  expect([0, 2]).toContain((await there()).length);
});

it('is never half there, however often its connection is cut', async () => {
  let next = 1;
  let cutting = true;
  const succeeded: number[] = [];
  const writer = async () => {
    while (cutting) {
      const n = next++;
      const way = n % 3;
      await far.db
        .transaction(async (tx) => {
          if (way > 0) await put(tx, n, 'a');
          if (way === 2) return put(tx, n, 'b');
          return lastly(tx, way === 1 ? [put(tx, n, 'b')] : [put(tx, n, 'a'), put(tx, n, 'b')]);
        })
        .then(
          () => succeeded.push(n),
          () => {},
        );
    }
  };
  const writers = [1, 2, 3].map(writer);
  for (let cuts = 0; cuts < 25; cuts++) {
    const before = succeeded.length;
    await until('some more are there', () => succeeded.length >= before + 5);
    proxy.cut();
  }
  cutting = false;
  await Promise.all(writers);
  const halves = await direct.sql`select n from pairs group by n having count(*) <> 2`;
  expect(halves).toEqual([]);
  const kept = new Set((await there()).map((row) => (row as { n?: number }).n));
  expect(succeeded.filter((n) => !kept.has(n))).toEqual([]);
}, 60_000);

it('rejects with what failed among its last statements, whoever hides it', async () => {
  await warm();
  const divide = (tx: Tx) => tx.execute(sql`insert into pairs values (1 / ${0}::int, 'a')`);
  for (let i = 0; i < 4; i++) {
    const work = far.db.transaction(async (tx) => {
      await put(tx, 1, 'a');
      await lastly(tx, [divide(tx), put(tx, 1, 'b')]).catch(() => {});
      return 'well';
    });
    await expect(work.catch((error) => Promise.reject(sqlState(error)))).rejects.toBe('22012');
  }
  expect(await there()).toEqual([]);
});

it('rejects when its end itself fails', async () => {
  await warm();
  const twice = far.db.transaction((tx) => {
    const later = tx.execute(sql`set constraints all deferred`);
    return lastly(tx, [later, put(tx, 1, 'a'), put(tx, 1, 'a')]);
  });
  await expect(twice.catch((error) => Promise.reject(sqlState(error)))).rejects.toBe('23505');
  expect(await there()).toEqual([]);
});

it('refuses what comes after its last statements', async () => {
  await warm();
  let late: Promise<unknown> | undefined;
  await far.db
    .transaction(async (tx) => {
      const done = lastly(tx, [put(tx, 1, 'a')]);
      await done;
      late = put(tx, 1, 'b').then(() => 'sent');
      await late.catch(() => {});
    })
    .catch(() => {});
  expect(sqlState(await late?.catch((error) => error))).toBe('TRANSACTION_OVER');
  expect(await there()).toEqual([{ n: 1, half: 'a' }]);
});

it.each(['knows', 'does not know'])(
  'commits nothing when a statement among its last cannot be put into words, on a connection that %s it',
  async (how) => {
    if (how === 'knows') await warm();
    const wordless = { toString: null } as never;
    const work = far.db.transaction((tx) =>
      lastly(tx, [put(tx, 1, 'a'), put(tx, 1, wordless), put(tx, 2, 'b')]),
    );
    await expect(work).rejects.toThrow();
    expect(await there()).toEqual([]);
    expect((await far.sql`select 1 as one`)[0]).toEqual({ one: 1 });
  },
);

it('commits nothing after a statement among its last that could not even be built, whoever hides it', async () => {
  await warm();
  const work = far.db.transaction(async (tx) => {
    const unbuilt = Promise.reject(new Error('unbuilt')) as never;
    await lastly(tx, [put(tx, 1, 'a'), unbuilt]).catch(() => {});
    await put(tx, 1, 'b');
    await put(tx, 2, 'a');
  });
  await expect(work).rejects.toThrow('unbuilt');
  expect(await there()).toEqual([]);
});

it('commits nothing that the driver sends once more because the table was changed', async () => {
  const add = (tx: Tx, n: number) => tx.execute(sql`insert into changing values (${n}::int) returning *`);
  await direct.sql.unsafe('create table changing (n int)');
  for (let n = 0; n < 6; n++) await far.db.transaction((tx) => lastly(tx, [add(tx, n)]));
  await direct.sql.unsafe('alter table changing add column more int');
  const outdated = far.db.transaction((tx) => lastly(tx, [add(tx, 99)]));
  // As a collision: whoever goes again after one does so here.
  await expect(outdated.catch((error) => Promise.reject(sqlState(error)))).rejects.toBe('40001');
  await until('the connection is free', async () => (await far.sql`select 1`).length === 1);
  expect(await direct.sql`select 1 from changing where n = 99`).toEqual([]);
  await far.db.transaction((tx) => lastly(tx, [add(tx, 7)]));
  expect(await direct.sql`select 1 from changing where n = 7`).toHaveLength(1);
});

it('fails when it was rolled back although each of its last statements was answered', async () => {
  const look = (tx: Tx) => tx.execute(sql`select * from looked where n = ${1}::int`);
  await direct.sql.unsafe('create table looked (n int)');
  for (let n = -6; n < 0; n++) await far.db.transaction((tx) => lastly(tx, [put(tx, n, 'a'), look(tx)]));
  await direct.sql.unsafe('alter table looked add column more int');
  // The driver reads once more, after the end of the transaction, and finds nothing wrong.
  const work = far.db.transaction((tx) => lastly(tx, [put(tx, 1, 'a'), look(tx)]));
  await expect(work.catch((error) => Promise.reject(sqlState(error)))).rejects.toBe('40001');
  expect(await direct.sql`select 1 from pairs where n = 1`).toEqual([]);
});

it('within a savepoint ends nothing', async () => {
  await warm();
  const work = far.db.transaction(async (tx) => {
    await tx.transaction(async (inner) =>
      lastly(inner as Tx, [put(inner as Tx, 1, 'a'), put(inner as Tx, 1, 'b')]),
    );
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await there()).toEqual([]);
});

/** Passes everything on, and remembers what the near side wrote, piece by piece. */
interface Relay {
  port: number;
  writes: string[];
  close(): Promise<void>;
}

async function startRelay(target: { port: number } | { path: string }): Promise<Relay> {
  const writes: string[] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const to = net.connect(target as net.NetConnectOpts);
    for (const [one, other] of [
      [near, to],
      [to, near],
    ] as const) {
      open.add(one);
      one
        .on('error', () => {})
        .on('close', () => {
          open.delete(one);
          other.destroy();
        });
    }
    near.on('data', (piece) => {
      writes.push(piece.toString('latin1'));
      to.write(piece);
    });
    to.on('data', (piece) => near.write(piece));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    writes,
    async close() {
      for (const one of open) one.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
