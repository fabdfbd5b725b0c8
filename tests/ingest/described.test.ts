// The description is whole: every door below /v1 stands in it with its verb, and it names none that is not there.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actionBook } from '#act/action-book.ts';
import { streamDoors, streamPaths, streamRoutes } from '#dashboard/stream-routes.ts';
import { openBackTests } from '#evaluate/back-tests.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { channelBook } from '#notify/channel-book.ts';
import { channelsOf } from '#notify/channels/index.ts';
import { templateBook } from '#notify/templates/book.ts';
import { border } from '../harness/border.ts';
import { type Door, openDoor } from './door.ts';

let door: Door;
let app: ReturnType<typeof ingestRoutes>;

beforeAll(async () => {
  door = await openDoor();
  const { world, clock } = door;
  app = ingestRoutes({
    world,
    now: () => clock.now,
    publicUrl: 'http://127.0.0.1:8080',
    backTests: openBackTests(world, () => 0),
    templates: templateBook,
    channels: channelBook(channelsOf({ world, ...border } as never)),
    modules: openModuleBook(async () => {
      throw new Error('nothing is asked here');
    }),
    kinds: kindBook,
    actions: actionBook,
    others: { paths: streamPaths(), doors: streamDoors },
  });
});
afterAll(async () => {
  await app.close();
  await door.close();
});

it('names every door and no other', async () => {
  const described = (await (await app.request('/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const dashboard = streamRoutes({
    world: door.world,
    live: {} as never,
    findKey: async () => undefined,
    now: () => 0,
  });
  const doors = [...app.routes, ...dashboard.routes]
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/') && !path.includes('*'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
    .filter((line) => line !== 'GET /v1/openapi.json');
  const written = Object.entries(described.paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, verbs]) =>
      Object.keys(verbs)
        .filter((verb) => verb !== 'parameters')
        .map((verb) => `${verb.toUpperCase()} ${path}`),
    );
  expect([...new Set(written)].sort()).toEqual([...new Set(doors)].sort());
});

it('every address that only reads refuses what it does not know, by name', async () => {
  const { paths } = (await (await app.request('/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const reading = Object.keys(paths).filter(
    (path) => path.startsWith('/v1/') && paths[path]!.get && !/^\/v1\/(ping|stream)/.test(path),
  );
  expect(reading.length).toBeGreaterThan(20);
  for (const path of reading) {
    const answer = await app.request(`${path.replace(/\{\w+\}/g, '1')}?zzz=1&qqq=2`);
    const { title, errors } = (await answer.json()) as { title: string; errors: { path: string }[] };
    expect([answer.status, title], path).toEqual([400, 'The query cannot be read']);
    expect(errors.map((one) => one.path)).toEqual(['zzz', 'qqq']);
  }
});

it('whoever asks only for the head is asked the same', async () => {
  const method = 'HEAD';
  for (const address of ['/v1/acts?limit=many', '/v1/events?since=yesterday', '/v1/channels?verbose=1'])
    expect((await app.request(address, { method })).status, address).toBe(400);
});

it.each([
  ['/v1/events?sate=waiting', 'sate', 'there is no such parameter; did you mean state?'],
  ['/v1/events?limit=0', 'limit', 'must be a whole number from 1 to 1,000'],
  ['/v1/events?since=yesterday', 'since', 'must be RFC 3339 text such as 2026-05-04T12:30:00Z'],
  ['/v1/events?limit=1&limit=2', 'limit', 'is there more than once'],
  ['/v1/broadcasts?limit=many', 'limit', 'must be a whole number from 1 to 200'],
  ['/v1/acts?before=tuesday', 'before', 'must be RFC 3339 text such as 2026-05-04T12:30:00Z'],
  [
    '/v1/deliveries?outcome=lost',
    'outcome',
    'must be one of sending, sent, retry, unknown, refused, moved, gone',
  ],
  ['/v1/channels?verbose=1', 'verbose', 'there is no such parameter; nothing is asked here'],
])('%s: %s %s', async (address, path, text) => {
  const answer = await app.request(address);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ errors: [{ path, text }], detail: `${path}: ${text}` });
});
