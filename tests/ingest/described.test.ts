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
