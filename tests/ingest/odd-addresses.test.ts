// What nobody can keep, at every door: the character NUL and halves of characters are a refusal, never our mistake.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addAlert, addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
let alert = '';
const noted: unknown[] = [];
beforeAll(async () => {
  door = await openDoor();
  const { person } = await addPerson(door.world, 'Ana');
  alert = (await addAlert(door.world, await addRule(door.world, person.id), door.clock.now)).id;
  door.world.log.error = (fields: object) => noted.push(fields);
});
afterAll(() => door.close());

const ask = async (method: string, path: string, body?: unknown) => {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${bootstrap}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  return { status: response.status, json: (await response.json()) as any };
};

it.each([
  ['POST', '/v1/alerts/a%00/acknowledge'],
  ['GET', '/v1/alerts/a%00'],
  ['DELETE', '/v1/silences/a%00b'],
  ['GET', '/v1/rules/a%00'],
  ['GET', '/v1/packs/a%00'],
  ['GET', '/v1/broadcasts/a%00'],
  ['GET', '/v1/actions/a%00'],
  ['GET', '/v1/sources/a%00'],
  ['GET', '/v1/events/a%00'],
])('%s %s names nothing', async (method, path) => {
  expect(await ask(method, path)).toMatchObject({
    status: 404,
    json: { type: 'urn:tocsin:problem:not_found' },
  });
});

it.each([
  '/v1/alerts?subject=a%00',
  '/v1/alerts?owner=%00',
  '/v1/alerts?rule=%00',
  '/v1/events?source=a%00',
  '/v1/silences?owner=%00',
])('%s is refused by the name of what was asked', async (path) => {
  const { status, json } = await ask('GET', path);
  expect(status).toBe(400);
  expect(json.errors).toEqual([
    { path: /\?(\w+)=/.exec(path)![1], text: 'must not hold the character NUL (%00)' },
  ]);
});

it.each(['\0', '\ud800'])('a body with %j is refused by the name of the field', async (odd) => {
  const fault = async (path: string, body: object) => {
    const { status, json } = await ask('POST', path, body);
    expect(status).toBe(422);
    return json.errors[0].path;
  };
  expect(await fault(`/v1/alerts/${alert}/acknowledge`, { by: `a${odd}` })).toBe('by');
  expect(await fault(`/v1/alerts/${alert}/note`, { text: `a${odd}` })).toBe('text');
  for (const [name, value] of Object.entries({ comment: odd, rule: odd, match: [`host = "${odd}"`] }))
    expect(await fault('/v1/silences', { owner: 'telegram:1', for: '2h', [name]: value })).toContain(name);
});

it.each([
  ['snooze', '', 'bad_body', /^The body is empty; a JSON object is needed\.$/],
  ['acknowledge', '{"foo":1}', 'invalid', /^there is no such field; there are by$/],
  ['acknowledge', '{"by":"telegram:99"}', 'invalid', /^nobody here is called that/],
])('%s with %s says nothing of events', async (deed, body, code, words) => {
  const { json } = await door.post(body, { path: `/v1/alerts/${alert}/${deed}` });
  expect(json.type).toBe(`urn:tocsin:problem:${code}`);
  expect(json.errors?.[0].text ?? json.detail).toMatch(words);
});

it('events are taken with whatever stands in their address', async () => {
  expect((await door.post({ type: 'a.b' }, { path: '/v1/events?x=%00' })).status).toBe(202);
});

it('what fails is noted by its method, route and code, never by its address', async () => {
  expect(noted).toEqual([]);
  await door.database.sql`alter table alerts rename to alerts_away`;
  const { status } = await ask('GET', `/v1/alerts/${alert}?key=secret`);
  await door.database.sql`alter table alerts_away rename to alerts`;
  expect(status).toBe(500);
  expect(noted).toEqual([
    { method: 'GET', route: '/v1/alerts/:id', error: expect.any(String), code: '42P01', away: false },
  ]);
});
