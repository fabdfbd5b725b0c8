// Who may use which door: every route of the program, tried by every role; a route without a row is refused here.
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookDoor } from '#chat/webhook.ts';
import type { Actor } from '#core/actor.ts';
import { type Door, makeDoor } from '#http.ts';
import { hasScope, openKeyBook } from '#ingest/key-book.ts';
import { mailPages } from '#notify/mail-pages.ts';
import { pushPages } from '#notify/push-pages.ts';
import { createKey, type KeyInput } from '#operations/create-key.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';
import { type Row, rows } from './route-rows.ts';

/**
 * What a caller can be over HTTP. A member of the house is who may push or read, another member one of other topics; a
 * mask is nobody, as without a key; who was sent away has a key that was revoked or has ended.
 */
const roles = {
  anonymous: {},
  stranger: {},
  pusher: { scopes: ['ingest'] },
  'other pusher': { scopes: ['ingest'], topics: ['other.**'] },
  reader: { scopes: ['read'] },
  'other reader': { scopes: ['read'], topics: ['other.**'] },
  admin: { scopes: ['admin'] },
  'sent away': { scopes: ['admin'] },
  'key that ended': { scopes: ['admin'] },
} as const;
type Role = keyof typeof roles;
const nobody: readonly Role[] = ['anonymous', 'stranger', 'sent away', 'key that ended'];

const operator: Actor = { is: 'operator', name: 'the operator' };
let world: StoryWorld;
let app: Hono;
let event = 0;
let alert = '';
const keys: Partial<Record<Role, string>> = {
  stranger: `tk_${'0'.repeat(20)}_${'s'.repeat(43)}`,
};

beforeAll(async () => {
  world = await startWorld();
  const { rooms, now, telegram, metrics } = world;
  await world.enrols(world.ana);
  await world.makesRule(world.ana, { name: 'Any disk', topic: 'disk.**', kind: 'every' });
  await world.post({ type: 'disk.usage', subject: '/private', data: { usage: 95 } });
  const { sql } = rooms.world.database;
  event = Number((await sql`select seq from events where type = 'disk.usage'`)[0]!.seq);
  alert = (await sql`select id from alerts`)[0]!.id as string;
  const make = async (role: Role, input: Partial<KeyInput>) => {
    const made = await createKey(rooms.world, operator, { source: `of ${role}`, ...input }, now());
    if (!made.ok) throw new Error(made.text);
    keys[role] = made.key;
    return made.id;
  };
  for (const role of ['pusher', 'other pusher', 'reader', 'other reader', 'admin'] as const) {
    const { scopes, ...rest } = roles[role];
    await make(role, { scopes: [...scopes], ...('topics' in rest ? { topics: [...rest.topics] } : {}) });
  }
  const gone = await make('sent away', { scopes: ['admin'] });
  await revokeKey(rooms.world, operator, { keyId: gone }, now());
  await make('key that ended', { scopes: ['admin'], expiresAt: now() + 1_000 });
  await world.advance('1m');
  const book = openKeyBook(rooms.world);
  // Whole, so that a new part of the door is missed by the compiler and its routes by the first test.
  const door: Required<Door> = {
    ingest: rooms.ingest,
    dashboard: rooms.dashboard,
    health: async () => ({
      status: 'ok',
      database: { up: true },
      queue: { backend: 'postgres', up: true },
      roundTrip: { ageSeconds: 1 },
      oldestWaitingEvent: { ageSeconds: null },
    }),
    ready: () => true,
    metrics,
    mayRead: async (text) => {
      const caller = await book.find(text, now());
      return caller !== undefined && hasScope(caller, 'read');
    },
    sandbox: telegram.page,
    push: pushPages(rooms.world, rooms.channels, now),
    mail: mailPages(rooms.world, now),
    webhook: { path: '/telegram/hook', answer: webhookDoor(rooms.world, 'the-secret', now) },
    publicHost: 'tocsin.example',
    broke: (error) => {
      throw error;
    },
  };
  app = makeDoor(door);
  // The first look at the pages for browsers makes the installation's key for them.
  await app.request('/app/notifications/nothing');
}, 90_000);
afterAll(() => world?.stop());

/** Every door as `METHOD /pattern`; what only adds headers or answers for what is not there is none. */
function doors(): string[] {
  // The last answers below a root, and the limit on what is posted below /app.
  const notDoors = ['ALL /*', 'ALL /v1/*', 'ALL /api/v2/*', 'ALL /v2/*', 'ALL /app/*'];
  const all = app.routes.map(({ method, path }) => `${method} ${path.replace(/\{[^}]*\}/g, '')}`);
  return [...new Set(all)].filter((name) => !notDoors.includes(name)).sort();
}

it('each door has a row and each row a door', () => {
  expect(Object.keys(rows).sort(), 'a new route needs a row in route-rows.ts: who may use it').toEqual(
    doors(),
  );
});

it('the doors answer each role as their rows say', { timeout: 240_000 }, async () => {
  let cells = 0;
  const wrong: string[] = [];
  for (const [name, row] of Object.entries(rows)) {
    const before = JSON.stringify(await counts());
    const order = [...(Object.keys(roles) as Role[])].sort((a, b) => rank(row, a) - rank(row, b));
    let looked = false;
    for (const role of order) {
      const expected = expectedOf(row, role);
      // Everybody who is refused comes first: by now nothing may have been written.
      if (typeof expected !== 'number' && !looked) {
        looked = true;
        if (JSON.stringify(await counts()) !== before) wrong.push(`${name}: who was refused wrote something`);
      }
      const { status, text } = await ask(name, row, role);
      cells++;
      const fits =
        expected === 'in'
          ? status < 500 && status !== 401 && status !== 403
          : expected === 'nothing'
            ? status === 200 && !/private|disk\.usage/.test(text)
            : status === expected && !text.includes('/private');
      if (!fits) wrong.push(`${name}, ${role}: ${status} instead of ${expected}: ${text.slice(0, 120)}`);
    }
    if (!looked && JSON.stringify(await counts()) !== before)
      wrong.push(`${name}: who was refused wrote something`);
  }
  console.log(
    `${Object.keys(rows).length} routes × ${Object.keys(roles).length} roles: ${cells} cells asserted`,
  );
  expect(wrong).toEqual([]);
  expect(cells).toBe(Object.keys(rows).length * Object.keys(roles).length);
});

function expectedOf({ may, elsewhere, refused = {} }: Row, role: Role): number | 'in' | 'nothing' {
  if (may === 'anybody') return 'in';
  if (may === 'token') return refused.unknown ?? 404;
  if (nobody.includes(role)) return refused.unknown ?? 401;
  const own: readonly string[] = (roles[role] as { scopes: readonly string[] }).scopes;
  if (own.includes('admin')) return 'in';
  if (!may.split(' ').some((scope) => own.includes(scope))) return refused.unfit ?? 403;
  return role.startsWith('other') && elsewhere !== undefined ? elsewhere : 'in';
}

function rank(row: Row, role: Role): number {
  return typeof expectedOf(row, role) === 'number' ? 0 : role === 'admin' ? 2 : 1;
}

async function ask(name: string, row: Row, role: Role): Promise<{ status: number; text: string }> {
  const [verb = '', pattern = ''] = name.split(' ');
  const method = verb === 'ALL' ? 'GET' : verb;
  const path = (row.path ?? pattern.replace(/:\w+/g, '1'))
    .replace('{event}', String(event))
    .replace('{alert}', alert);
  const key = keys[role];
  const text =
    row.body === undefined ? '{}' : typeof row.body === 'string' ? row.body : JSON.stringify(row.body);
  const answer = await app.request(path, {
    method,
    headers: {
      'content-type': typeof row.body === 'string' ? 'text/plain' : 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...row.headers,
    },
    ...(method === 'GET' ? {} : { body: text.replace('{key}', key ?? '') }),
  });
  const streams = answer.headers.get('content-type')?.startsWith('text/event-stream');
  return { status: answer.status, text: await (streams ? beginning(answer) : answer.text()) };
}

/** A stream does not end by itself: what it says at first is enough. */
async function beginning(answer: Response): Promise<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: ready')) text += (await reader.read()).value ?? '';
  await reader.cancel();
  return text;
}

/** How many rows each table has that a request could add to. */
async function counts(): Promise<Record<string, unknown>> {
  const { sql } = world.rooms.world.database;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public'`;
  const each = tables.map(({ name }) => `select '${name}' as name, count(*)::int as n from "${name}"`);
  const found = await sql.unsafe<{ name: string; n: number }[]>(each.join(' union all '));
  return Object.fromEntries(found.map(({ name, n }) => [name, n]).sort());
}
