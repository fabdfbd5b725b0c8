// What the doors of silences, groups and an alert's deeds answer is what their description says: the status, the form, and whether it is a list.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addAlert, addGroup, addPerson, addRule } from '../operations/stage.ts';
import { bootstrap, type Door, openDoor } from './door.ts';

type Content = Record<string, { schema?: { type?: string; properties?: object } }>;
type Verbs = Record<string, { responses: Record<string, { content?: Content }> }>;

let door: Door;
let paths: Record<string, Verbs>;
const here: Record<string, string> = {};
beforeAll(async () => {
  door = await openDoor();
  const { person } = await addPerson(door.world, 'Ana');
  here.$ana = `telegram:${person.telegramId}`;
  here.$group = (await addGroup(door.world, 'Ops')).group.id;
  const rule = await addRule(door.world, person.id, { name: 'Disk nearly full' });
  here.$alert = (await addAlert(door.world, rule, door.clock.now)).id;
  paths = (await door.get('/v1/openapi.json')).json.paths;
});
afterAll(() => door.close());

const filled = (text: string) => text.replace(/\$\w+/g, (name) => here[name] ?? name);

async function send(method: string, path: string, body: string | undefined, headers: object) {
  const response = await door.app.request(filled(path), {
    method,
    headers: {
      authorization: `Bearer ${bootstrap}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: filled(body) }),
  });
  return { response, text: await response.text() };
}

const silence = '{"owner":"$ana","topic":"disk.**","for":"2h"}';
const large = ' '.repeat(9 << 20);
const bodies: Record<string, string> = { snooze: '{"for":"2h"}', note: '{"text":"known"}' };
const plain = { 'content-type': 'text/plain' };

it.each<[string, string, string, number, (string | undefined)?, object?]>([
  ['GET', '/v1/silences', '', 200],
  ['GET', '/v1/silences', '?format=yaml', 200],
  ['GET', '/v1/silences', '?format=ndjson', 200],
  ['GET', '/v1/silences', '?owner=telegram:5', 400],
  ['GET', '/v1/silences', '', 401, undefined, { authorization: 'Bearer nobody' }],
  ['POST', '/v1/silences', '', 201, silence],
  ['POST', '/v1/silences', '', 200, silence],
  ['POST', '/v1/silences', '?owner=telegram:5', 400, silence],
  ['POST', '/v1/silences', '', 413, large],
  ['POST', '/v1/silences', '', 415, silence, plain],
  ['POST', '/v1/silences', '', 422, '{"owner":"$ana"}'],
  ['GET', '/v1/silences/{id}', '$silence', 200],
  ['GET', '/v1/silences/{id}', 'z_none', 404],
  ['DELETE', '/v1/silences/{id}', '$silence', 200],
  ['DELETE', '/v1/silences/{id}', '$silence', 409],
  ['GET', '/v1/groups', '', 200],
  ['GET', '/v1/groups', '?zzz=1', 400],
  ['POST', '/v1/groups', '', 201, '{"chat":"telegram:-100777","title":"Builds"}'],
  ['POST', '/v1/groups', '', 200, '{"chat":"telegram:-100777","title":"Builds"}'],
  ['POST', '/v1/groups', '', 400, '{"chat"'],
  ['POST', '/v1/groups', '', 413, large],
  ['POST', '/v1/groups', '', 415, '{}', plain],
  ['POST', '/v1/groups', '', 422, '{}'],
  ['GET', '/v1/groups/{id}', '$group', 200],
  ['GET', '/v1/groups/{id}', 'g_none', 404],
  ['PATCH', '/v1/groups/{id}', '$group', 200, '{"morning":"8:30"}'],
  ['PATCH', '/v1/groups/{id}', '$group', 415, '{}', plain],
  ['PATCH', '/v1/groups/{id}', '$group', 422, '{"morning":"25:00"}'],
  ['DELETE', '/v1/groups/{id}', '$group', 200],
  ['DELETE', '/v1/groups/{id}', '$group', 409],
  ...['acknowledge', 'release', 'snooze', 'unsnooze', 'note', 'resolve'].flatMap(
    (deed): [string, string, string, number, string?, object?][] => [
      ['POST', `/v1/alerts/{id}/${deed}`, '$alert', 200, bodies[deed] ?? '{}'],
      ['POST', `/v1/alerts/{id}/${deed}`, '$alert', 400, '{"by"'],
      ['POST', `/v1/alerts/{id}/${deed}`, '$alert', 413, large],
      ['POST', `/v1/alerts/{id}/${deed}`, '$alert', 415, '{}', plain],
      ['POST', `/v1/alerts/{id}/${deed}`, '$alert', 422, '{"by":"nobody"}'],
      ['POST', `/v1/alerts/{id}/${deed}`, 'a_none', 404, bodies[deed] ?? '{}'],
    ],
  ),
  ['POST', '/v1/alerts/{id}/resolve', '$alert', 409, '{}'],
])('%s %s %s is answered with a described %i', async (method, path, rest, status, body, headers = {}) => {
  const asked = path.includes('{id}') ? path.replace('{id}', rest) : path + rest;
  const { response, text } = await send(method, asked, body, headers);
  expect(response.status, text).toBe(status);
  const described = paths[path]![method.toLowerCase()]!.responses[status];
  const type = response.headers.get('content-type')!.split(';')[0]!;
  expect(Object.keys(described?.content ?? {}), `${method} ${path} ${status}`).toContain(type);
  if (type !== 'application/json') return;
  const json = JSON.parse(text);
  const { schema } = described!.content![type]!;
  expect(schema?.type).toBe(Array.isArray(json) ? 'array' : 'object');
  if (schema?.properties)
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(json)));
  if (path === '/v1/silences' && status === 201) here.$silence = json.silences[0].id;
});
