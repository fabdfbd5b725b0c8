// Tickets: what lets a browser follow the stream, which can set no header.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { revokeKey } from '#operations/revoke-key.ts';
import type { EventReader } from '../harness/event-source.ts';
import { until } from '../harness/until.ts';
import { openStage, operator, type Stage } from './stage.ts';

let stage: Stage;
let open: EventReader[] = [];
beforeAll(async () => {
  stage = await openStage({ beatMs: 300 });
});
afterEach(() => {
  for (const reader of open) reader.close();
  open = [];
});
afterAll(() => stage.close());

const follows = async (query: string) => {
  const reader = await stage.follows({ with: '', query });
  open.push(reader);
  return reader;
};
const ask = async (key: string) => {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${stage.url}/v1/stream/tickets`, { method: 'POST', headers });
  const { path } = (await answer.json()) as { path?: string };
  return { status: answer.status, query: path?.slice('/v1/stream'.length) ?? '' };
};

it('a ticket is good once, for its key’s topics, and for half a minute', async () => {
  const { key } = await stage.keyFor(['disk.**']);
  const ticket = await ask(key);
  expect(ticket.status).toBe(201);
  const tries = await Promise.all([1, 2, 3].map(() => follows(ticket.query)));
  expect(tries.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  const reader = tries.find(({ status }) => status === 200)!;
  await until('the stream is ready', () => reader.heard.some(({ event }) => event === 'ready'));
  await stage.commits([stage.fires({ topic: 'money.lost' }), stage.fires({ topic: 'disk.usage' })]);
  const told = () => reader.heard.filter(({ event }) => event === 'transition');
  await until('the change arrives', () => told().length > 0);
  expect(told().map(({ data }) => data.alert.topic)).toEqual(['disk.usage']);
  const late = await ask(key);
  stage.clock.now += 31_000;
  expect((await follows(late.query)).status).toBe(401);
  expect((await ask('tk_nobody_knows_this_one')).status).toBe(401);
  const secret = late.query.slice('?ticket='.length);
  expect(secret).toMatch(/^[\w-]{20,}$/);
  const rows = await stage.database.sql`select * from passes`;
  expect(JSON.stringify(rows)).not.toContain(secret);
  const noted = await stage.database
    .sql`select actor, detail from audit where verb = 'give-ticket' order by id`;
  expect(noted).toHaveLength(2);
  expect(noted[0]!.actor).toMatch(/^key:s_/);
  expect(JSON.stringify(noted)).not.toContain(secret);
});

it('it lets nobody in whose key has run out or was taken back since', async () => {
  const { sql } = stage.database;
  const { id, key } = await stage.keyFor();
  const [first, second] = [await ask(key), await ask(key)];
  await sql`update keys set expires_at = ${new Date(stage.clock.now).toISOString()} where id = ${id}`;
  expect((await follows(first.query)).status).toBe(401);
  await sql`update keys set expires_at = null where id = ${id}`;
  await revokeKey(stage.world, operator, { keyId: id }, stage.clock.now);
  expect((await follows(second.query)).status).toBe(401);
});
