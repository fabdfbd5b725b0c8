// Styles, opt-outs and links for a browser over HTTP, with a key of the scope `admin`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StoryWorld, startWorld } from '../harness/world.ts';

let world: StoryWorld;
let receiver: string;
beforeAll(async () => {
  world = await startWorld();
  await world.enrols(world.ana);
  const { receivers } = (await ask('GET', '/v1/receivers?owner=telegram:7001')).json;
  receiver = (receivers as { id: string }[])[0]!.id;
});
afterAll(() => world.stop());

async function ask(method: string, path: string, body?: unknown, key = world.key) {
  const response = await world.app.request(path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

it('a style is set, and its faults are named', async () => {
  const style = { caps: { hour: 3, delay: '1m' }, gather: [{ when: '19-6', wait: 'end' }] };
  expect(await ask('PUT', `/v1/receivers/${receiver}/style`, style)).toMatchObject({
    status: 200,
    json: { style: { caps: { hour: 3, delayMs: 60_000 } } },
  });
  const wrong = await ask('PUT', `/v1/receivers/${receiver}/style`, { caps: { hour: 0 } });
  expect(wrong.status).toBe(422);
  expect(JSON.stringify(wrong.json)).toContain('caps.hour');
  expect((await ask('PUT', '/v1/receivers/v_nobody/style', {})).status).toBe(404);
});

it('an opt-out is added once, listed and taken back', async () => {
  const wish = { owner: 'telegram:7001', topic: 'worker.**' };
  expect((await ask('PUT', '/v1/opt-outs', wish)).json).toEqual({ changed: true });
  expect((await ask('PUT', '/v1/opt-outs', wish)).json).toEqual({ changed: false });
  expect((await ask('GET', '/v1/opt-outs?owner=telegram:7001')).json).toMatchObject({
    optOuts: [{ topic: 'worker.**', channel: '*' }],
  });
  expect(await ask('GET', '/v1/opt-outs')).toMatchObject({
    status: 400,
    json: { errors: [{ path: 'owner' }] },
  });
  expect((await ask('PUT', '/v1/opt-outs', { ...wish, out: false })).json).toEqual({ changed: true });
  expect((await ask('PUT', '/v1/opt-outs', { ...wish, channel: 'pigeon' })).status).toBe(422);
  expect((await ask('PUT', '/v1/opt-outs', { ...wish, owner: 'telegram:1' })).status).toBe(422);
  expect((await ask('PUT', '/v1/opt-outs', wish, 'tk_nobody')).status).toBe(401);
});

it('a link for a browser is below the public address', async () => {
  const offered = await ask('POST', '/v1/browser-links', { owner: 'telegram:7001' });
  expect(offered.status).toBe(201);
  expect(offered.json.url).toMatch(/^https:\/\/tocsin\.example\/app\/notifications\/.+/);
  expect((await ask('POST', '/v1/browser-links', { owner: 'nobody' })).status).toBe(422);
});
