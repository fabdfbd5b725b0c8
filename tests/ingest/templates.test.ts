// How topics are worded, over HTTP: set, listed, shown before it is saved, refused with reasons, and taken back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap, type Door, openDoor } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

async function ask(method: string, path: string, body?: unknown, key = bootstrap) {
  const response = await door.app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
}

it('is set for a pattern, listed, changed and taken back', async () => {
  const wording = { title: '{{ subject }} fills up', text: '{{ value }} used', units: { usage: '%' } };
  expect(await ask('PUT', '/v1/templates/disk.*', wording)).toMatchObject({
    status: 200,
    json: { template: { topic: 'disk.*', ...wording } },
  });
  expect(await ask('POST', '/v1/templates', { topic: 'net.**', over: 'Back.' })).toMatchObject({
    status: 200,
  });
  expect((await ask('PUT', '/v1/templates/disk.*', { title: 'Full' })).status).toBe(200);
  expect((await ask('GET', '/v1/templates')).json).toEqual({
    templates: [
      { topic: 'disk.*', title: 'Full', units: {} },
      { topic: 'net.**', over: 'Back.', units: {} },
    ],
  });
  expect((await ask('DELETE', '/v1/templates/disk.*')).status).toBe(200);
  expect(await ask('DELETE', '/v1/templates/disk.*')).toMatchObject({
    status: 404,
    json: { detail: expect.stringContaining('no words for this topic') },
  });
});

it('tells every fault with its place', async () => {
  const bad = { title: '{{ a', text: '{% include "x" %}', over: 'fine' };
  const refused = await ask('PUT', '/v1/templates/disk.usage', bad);
  expect(refused).toMatchObject({
    status: 422,
    json: {
      errors: [
        { path: 'title', text: expect.stringContaining('not closed') },
        { path: 'text', text: expect.stringContaining('there is no tag “include”') },
      ],
    },
  });
  expect((await ask('PUT', '/v1/templates/disk..usage', { title: 'x' })).json.errors).toEqual([
    { path: 'topic', text: 'a topic has no empty parts' },
  ]);
  expect((await ask('PUT', '/v1/templates/disk', { titel: 'x' })).status).toBe(422);
  expect(
    (await ask('GET', '/v1/templates')).json.templates.map(({ topic }: { topic: string }) => topic),
  ).toEqual(['net.**']);
});

it('shows how it will look, also while it is not right yet', async () => {
  const shown = await ask('POST', '/v1/templates/preview', {
    title: '<b>{{ subject }}</b> {{ value }}',
    text: '{{ host }} & {{ nope | nope }}',
    units: { usage: '%' },
  });
  expect(shown).toMatchObject({
    status: 200,
    json: {
      plain: expect.stringContaining('🟠 /home 93.5 %\n93.5 %, limit 90.'),
      html: expect.stringContaining('<b> 93.5 %</b>'),
      line: expect.stringMatching(/^🟠 \/home 93.5 %: 93.5 %, limit 90/),
      faults: [{ path: 'text', text: expect.stringContaining('no filter “nope”') }],
      variables: expect.arrayContaining(['value', 'trend', 'labels']),
    },
  });
  expect((await ask('POST', '/v1/templates/preview', { alert: 'a_none' })).status).toBe(404);
});

it('is for those who may manage', async () => {
  const key = await readingKey();
  expect((await ask('GET', '/v1/templates', undefined, key)).status).toBe(403);
  expect((await ask('PATCH', '/v1/templates/x', {})).status).toBe(405);
});

async function readingKey(): Promise<string> {
  const made = await ask('POST', '/v1/sources', { name: 'plain' });
  const given = await ask('POST', `/v1/sources/${made.json.id}/keys`, { scopes: ['read'] });
  return given.json.key;
}
