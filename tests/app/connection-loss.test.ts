// What the database drivers throw when their server goes away must not end the program; everything else must.
import pg from 'pg';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { connectionLoss } from '../../src/app/connection-loss.ts';
import { freshDatabase } from '../harness/database.ts';
import { startChaosProxy } from '../torture/chaos-proxy.ts';

const nowhere = { host: '/nowhere', port: 1, user: 'x', database: 'x' };

it('knows the real errors of both drivers', async () => {
  const sql = postgres({ ...nowhere, max: 1, connect_timeout: 2 });
  expect(connectionLoss(await sql`select 1`.catch((error) => error))).toBe('harmless');
  await sql.end({ timeout: 1 });
  const client = new pg.Client(nowhere);
  expect(connectionLoss(await client.connect().catch((error) => error))).toBe('harmless');

  const database = await freshDatabase();
  const cut = postgres({ ...database.connection, max: 1, onnotice: () => {} });
  const query = cut`select pg_sleep(60)`.catch((error) => error);
  const other = postgres({ ...database.connection, max: 1 });
  await expect
    .poll(async () => {
      const rows = await other`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query like 'select pg_sleep%'`;
      return rows.length;
    })
    .toBeGreaterThan(0);
  expect(connectionLoss(await query)).toBe('harmless');
  await Promise.all([cut.end({ timeout: 1 }), other.end({ timeout: 1 })]);
  await database.drop();
});

it('knows the slip of the driver by where it happens', () => {
  const slip = new TypeError("Cannot read properties of null (reading 'write')");
  slip.stack = `${slip.message}\n    at Immediate.nextWrite (file:///app/node_modules/postgres/src/connection.js:255:22)`;
  expect(connectionLoss(slip)).toBe('broken');
});

it('knows a connection that was reset while an answer was awaited', async () => {
  const database = await freshDatabase();
  const { host, port } = database.connection;
  const proxy = await startChaosProxy(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { port });
  const sql = postgres({ ...database.connection, host: '127.0.0.1', port: proxy.port, max: 1 });
  await sql`select 1`;
  const query = sql`select pg_sleep(60)`.catch((error) => error);
  proxy.cut();
  expect(connectionLoss(await query)).toBe('harmless');
  await sql.end({ timeout: 0 });
  await proxy.close();
  await database.drop();
});

it.each([
  ['EMFILE', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['ETIMEDOUT', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['EAI_AGAIN', 'getaddrinfo'],
])('survives %s while it connects (%s)', (code, syscall) =>
  expect(connectionLoss(Object.assign(new Error(code), { code, syscall }))).toBe('harmless'),
);

it.each([
  new TypeError('x is not a function'),
  Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' }),
  'text',
  undefined,
])('takes %s for the bug it is', (error) => expect(connectionLoss(error)).toBeUndefined());
