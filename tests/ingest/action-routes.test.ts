// Actions over HTTP: declared, changed, tried without doing, removed; and what is wrong with them is said.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionBook } from '#act/action-book.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { addAlert, addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let app: ReturnType<typeof ingestRoutes>;
beforeAll(async () => {
  door = await openDoor();
  const { world, clock } = door;
  app = ingestRoutes({ world, now: () => clock.now, actions: actionBook });
});
afterAll(async () => {
  await app.close();
  await door.close();
});

async function ask(method: string, path: string, body?: unknown, key = bootstrap) {
  const response = await app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
}
const restart = {
  name: 'restart',
  title: 'Restart',
  params: { url: 'https://ops.example.org/restart/{subject}' },
  topic: 'disk.*',
  match: ['subject =~ "/.*"'],
};

it('is declared once with a secret that is shown once, changed by its name, tried, and removed', async () => {
  const made = await ask('POST', '/v1/actions', restart);
  expect(made).toMatchObject({ status: 201, json: { secret: expect.stringMatching(/^whsec_/) } });
  expect(made.json.action).toMatchObject({ may: { roles: ['admin', 'owner'], people: [] }, confirm: true });
  const changed = await ask('POST', '/v1/actions', { ...restart, idempotent: true });
  expect(changed).toMatchObject({
    status: 200,
    json: { action: { id: made.json.action.id, idempotent: true } },
  });
  const all = await ask('GET', '/v1/actions');
  expect(all.json.actions).toHaveLength(1);
  expect(JSON.stringify([changed.json, all.json])).not.toContain('secret');
  const { person } = await addPerson(door.world, 'Ana');
  const alert = await addAlert(door.world, await addRule(door.world, person.id));
  const tried = await ask('POST', '/v1/actions/restart/try', { alert: alert.id });
  expect(tried.json.request).toMatchObject({
    method: 'POST',
    url: 'https://ops.example.org/restart/%2Fhome',
  });
  expect((await ask('GET', '/v1/acts?action=restart')).json).toEqual({ acts: [] });
  expect((await ask('DELETE', '/v1/actions/restart')).status).toBe(200);
  expect((await ask('GET', '/v1/actions/restart')).status).toBe(404);
});

it.each([
  [{ ...restart, name: 'Re start' }, 'small letters'],
  [{ ...restart, title: 'x'.repeat(31) }, 'stands on a button'],
  [{ ...restart, kind: 'shell' }, 'there is no such kind; there are http'],
  [{ ...restart, params: { url: 'https://{subject}/' } }, 'must be an address'],
  [{ ...restart, params: { url: 'https://ops.example.org/{nothing}' } }, 'there is no {nothing}'],
  [{ ...restart, params: { url: restart.params.url, shell: 'rm' } }, 'there is no shell'],
  [{ ...restart, topic: '' }, 'must not be empty'],
  [{ ...restart, match: ['host >>'] }, 'needs a number or a version'],
  [{ ...restart, match: ['host in $me.mine'] }, 'own list'],
  [{ ...restart, may: { roles: ['king'] } }, 'is no role'],
  [{ ...restart, may: { people: ['telegram:1'] } }, 'There is nobody called'],
  [{ ...restart, may: {} }, 'Say who may press it'],
  [{ ...restart, perHour: 0 }, '1 to 1,000 times'],
  [{ name: 'x', topic: 'a' }, 'what it does'],
])('refuses %o', async (body, text) => {
  const refused = await ask('POST', '/v1/actions', body);
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.json)).toContain(text);
});

it('needs the scope admin', async () => {
  expect((await ask('POST', '/v1/actions', restart, 'wrong')).status).toBe(401);
  expect((await ask('POST', '/v1/actions/none/try', { alert: 'a_1' })).status).toBe(404);
  expect((await ask('PUT', '/v1/actions/none')).status).toBe(405);
});
