// Who may push and read: keys, scopes, topics, rotation, revocation, and how fast.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#core/actor.ts';
import { ensureBootstrapKey } from '#ingest/bootstrap-key.ts';
import { createKey, type KeyInput } from '#operations/create-key.ts';
import { createSource } from '#operations/create-source.ts';
import { revokeKey } from '#operations/revoke-key.ts';
import { rotateKey } from '#operations/rotate-key.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

const operator: Actor = { is: 'operator', name: 'the operator' };
let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

async function key(input: Partial<KeyInput> = {}): Promise<{ id: string; key: string }> {
  const made = await createKey(door.world, operator, { source: 'tests', ...input }, door.clock.now);
  if (!made.ok) throw new Error(made.text);
  return made;
}
const event = { type: 'disk.usage' };

describe('a key', () => {
  it('has its text shown once; the ledger keeps a digest', async () => {
    const { id, key: text } = await key();
    expect(text).toMatch(/^tk_[0-9a-z]{20}_[\w-]{43,}$/);
    expect((await door.post(event, { key: text })).status).toBe(202);
    const dump =
      JSON.stringify(await door.database.sql`select * from keys`) +
      JSON.stringify(await door.database.sql`select * from audit`);
    expect(dump).toContain(id);
    expect(dump).not.toContain(text.slice(-30));
  });

  it('is refused in the same words, whatever is wrong with it', async () => {
    const { id, key: text } = await key();
    const ends = await key({ expiresAt: door.clock.now + 1_000 });
    const revoked = await key();
    await revokeKey(door.world, operator, { keyId: revoked.id }, door.clock.now);
    door.clock.now += 5_000;
    const wrong = [
      ends.key,
      revoked.key,
      `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`,
      text.replace(/^tk_.{20}/, `tk_${'0'.repeat(20)}`),
      id,
      'x',
      'x'.repeat(600),
      `${text}x`,
      '%00',
    ];
    const answers = await Promise.all(wrong.map((one) => door.post(event, { key: one })));
    const none = await door.post(event, { key: '' });
    for (const answer of [...answers, none]) {
      expect(answer.status).toBe(401);
      expect(answer.json).toEqual(none.json);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('may come in the address, for systems that cannot set a header', async () => {
    const { key: text } = await key();
    const path = `/v1/events?key=${encodeURIComponent(text)}`;
    expect((await door.post(event, { key: '', path })).status).toBe(202);
    expect((await door.post(event, { key: 'wrong-but-long-enough', path })).status).toBe(401);
  });

  it.each([
    ['ingest', 202, 403],
    ['read', 403, 404],
    ['admin', 202, 404],
  ])('with the scope %s pushes with %i and reads with %i', async (scope, push, read) => {
    const { key: text } = await key({ scopes: [scope] });
    expect((await door.post(event, { key: text })).status).toBe(push);
    expect((await door.get('/v1/events/999999', text)).status).toBe(read);
    expect((await door.get('/v1/alerts/a_none', text)).status).toBe(read);
  });

  it('pushes and reads only under its topics', async () => {
    const { key: text } = await key({ scopes: ['ingest', 'read'], topics: ['builds.**', 'disk.usage'] });
    const list = [
      { type: 'builds.vr0.place' },
      { type: 'disk.usage' },
      { type: 'secret.thing', id: 'foreign' },
    ];
    const refused = await door.post(list, { key: text });
    expect(refused).toMatchObject({ status: 403, json: { errors: [{ path: '[2].type' }] } });
    expect(await door.database.sql`select 1 from events where event_id = 'foreign'`).toHaveLength(0);
    const mine = await door.post(list.slice(0, 2), { key: text });
    const theirs = await door.post(list[2], { key: bootstrap });
    expect((await door.get(`/v1/events/${mine.json.events[0].seq}`, text)).status).toBe(200);
    expect((await door.get(`/v1/events/${theirs.json.events[0].seq}`, text)).status).toBe(404);
  });

  it('that was good is refused within a second of its revocation', async () => {
    const { id, key: text } = await key();
    expect((await door.post(event, { key: text })).status).toBe(202);
    await revokeKey(door.world, operator, { keyId: id }, door.clock.now);
    door.clock.now += 1_000;
    expect((await door.post(event, { key: text })).status).toBe(401);
  });

  it('and its successor are both good during the overlap, then only the successor', async () => {
    const old = await key({ topics: ['disk.**'] });
    const next = await rotateKey(door.world, operator, { keyId: old.id, overlapHours: 2 }, door.clock.now);
    if (!next.ok) throw new Error(next.text);
    const statuses = async () =>
      Promise.all([old.key, next.key].map(async (one) => (await door.post(event, { key: one })).status));
    expect(await statuses()).toEqual([202, 202]);
    expect((await door.post({ type: 'other' }, { key: next.key })).status).toBe(403);
    door.clock.now += 2 * 3_600_000;
    expect(await statuses()).toEqual([401, 202]);
    expect(await rotateKey(door.world, operator, { keyId: old.id }, door.clock.now)).toMatchObject({
      ok: false,
      code: 'conflict',
    });
  });

  it('remembers its last use, written at most once a minute', async () => {
    const { id, key: text } = await key();
    const used = async () => {
      const [row] = await door.database.sql`select last_used_at from keys where id = ${id}`;
      return row!.last_used_at === null ? null : new Date(row!.last_used_at).getTime();
    };
    const first = door.clock.now;
    await door.post(event, { key: text });
    await expect.poll(used).toBe(first);
    door.clock.now += 30_000;
    await door.post(event, { key: text });
    door.clock.now += 30_000;
    await door.post(event, { key: text });
    await expect.poll(used).toBe(first + 60_000);
  });
});

it('only admins and the operator keep sources and keys', async () => {
  const member: Actor = { is: 'person', personId: 'p_none', name: 'Ana', role: 'owner' };
  const pusher: Actor = { is: 'key', sourceId: 's_1', name: 'ci', scopes: ['ingest'] };
  for (const actor of [member, pusher, { is: 'clock' } as const]) {
    expect(await createKey(door.world, actor, { source: 'sneaky' }, 1)).toMatchObject({ code: 'forbidden' });
    expect(await createSource(door.world, actor, { name: 'sneaky' }, 1)).toMatchObject({ code: 'forbidden' });
    expect(await revokeKey(door.world, actor, { keyId: 'k_1' }, 1)).toMatchObject({ code: 'forbidden' });
    expect(await rotateKey(door.world, actor, { keyId: 'k_1' }, 1)).toMatchObject({ code: 'forbidden' });
  }
  expect(await door.database.sql`select 1 from sources where name = 'sneaky'`).toHaveLength(0);
});

it('refuses keys that make no sense', async () => {
  const refused = [
    { scopes: [] },
    { scopes: ['root'] },
    { topics: [] },
    { topics: ['not a topic'] },
    { expiresAt: 5 },
    { source: '' },
    { source: 'a\nb' },
  ];
  for (const input of refused)
    expect(
      await createKey(door.world, operator, { source: 'tests', ...input }, door.clock.now),
    ).toMatchObject({ code: 'invalid' });
});

it('the key from the environment may be any text; a new one ends the old one, a revoked one stays revoked', async () => {
  const now = door.clock.now;
  const first = 'häuser & 1234567890=';
  const push = async (text: string) => {
    door.clock.now += 1_000;
    return (
      await door.app.request(`/v1/events?key=${encodeURIComponent(text)}`, {
        method: 'POST',
        body: JSON.stringify(event),
        headers: { 'content-type': 'application/json' },
      })
    ).status;
  };
  await ensureBootstrapKey(door.world, first, now);
  await ensureBootstrapKey(door.world, first, now);
  expect([await push(first), await push(bootstrap)]).toEqual([202, 401]);
  await ensureBootstrapKey(door.world, bootstrap, now);
  expect([await push(first), await push(bootstrap)]).toEqual([401, 202]);
  await ensureBootstrapKey(door.world, first, now);
  const [row] = await door.database.sql`select id from keys where id like 'k_given_%'`;
  await revokeKey(door.world, operator, { keyId: row!.id }, now);
  await ensureBootstrapKey(door.world, first, now);
  expect(await push(first)).toBe(401);
  await ensureBootstrapKey(door.world, bootstrap, now);
  expect(await push(bootstrap)).toBe(202);
  await expect(ensureBootstrapKey(door.world, 'too short', now)).rejects.toThrow('16');
});

it('a source that is too fast is told how long to wait, and the owners hear of it once an hour', async () => {
  await createSource(door.world, operator, { name: 'hasty', ratePerSecond: 2, burst: 5 }, door.clock.now);
  const { key: text } = await key({ source: 'hasty' });
  const push = async (events = 1) =>
    door.post(
      Array.from({ length: events }, () => event),
      { key: text },
    );
  expect((await push(9)).status).toBe(202);
  const refused = await push();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
  await push();
  expect(door.told).toHaveLength(1);
  expect(door.told[0]).toContain('hasty');
  expect((await door.post(event)).status).toBe(202);
  door.clock.now += 3_000;
  expect((await push()).status).toBe(202);
  door.clock.now += 3_600_000;
  expect((await push(6)).status).toBe(202);
  expect((await push()).status).toBe(429);
  expect(door.told).toHaveLength(2);
});
