// The harness itself: fresh databases are separate and migrated, and Redis really forgets, dies and comes back.
import { Redis } from 'ioredis';
import pg from 'pg';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { freshDatabase } from './database.ts';
import { redisAvailable, startRedis } from './redis.ts';

it('gives each test a database of its own that postgres.js and pg can both reach', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
  const sql = postgres({ ...one.connection, max: 1 });
  await sql`CREATE TABLE only_here (id int)`;
  const client = new pg.Client(two.connection);
  await client.connect();
  await expect(client.query('SELECT * FROM only_here')).rejects.toThrow('does not exist');
  await Promise.all([client.end(), sql.end()]);
  const byUrl = new pg.Client(one.url);
  await byUrl.connect();
  expect((await byUrl.query('SELECT count(*)::int AS n FROM only_here')).rows).toEqual([{ n: 0 }]);
  await byUrl.end();
  await Promise.all([one.drop(), two.drop()]);
});

describe.skipIf(!redisAvailable())('redis', () => {
  it('forgets, dies and comes back with what it had written', async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    redis.on('error', () => {});
    await redis.set('a', '1');
    await server.flushall();
    expect(await redis.get('a')).toBeNull();
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    await redis.set('b', '2');
    await server.restart();
    expect(await redis.get('b')).toBe('2');
    await server.kill();
    await server.restart();
    redis.disconnect();
    await server.stop();
  });
});
