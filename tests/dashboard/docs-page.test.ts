// /docs: every door of the description stands there, with a line that a shell takes and the server understands.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamPaths } from '#dashboard/stream-routes.ts';
import { type OpenDoor, openDoor } from '../../src/http.ts';
import { openApi } from '../../src/ingest/openapi.ts';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

// Not in step with this process, in which the server runs.
const run = promisify(execFile);
let world: StoryWorld;
let door: OpenDoor;
let html = '';
beforeAll(async () => {
  world = await startWorld();
  door = await openDoor(world.app, '127.0.0.1', 0);
  const answer = await fetch(`${door.url}/docs`);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
  expect(answer.headers.get('content-security-policy')).toContain("img-src 'self' data:");
  html = await answer.text();
  // Otherwise the browser asks for one that is not there.
  expect(html).toContain('<link rel="icon" href="data:');
}, 60_000);
afterAll(async () => {
  await door?.close(500);
  await world?.stop();
});

const plain = (text: string) =>
  text
    .replace(/<[^>]+>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
const lines = () =>
  [...html.matchAll(/<pre tabindex="0">([\s\S]*?)<\/pre>/g)].map(([, text]) => plain(text!));

it('names every door of the description, and nothing runs in it', () => {
  const { paths } = openApi(streamPaths()) as { paths: Record<string, Record<string, object>> };
  const doors = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.keys(verbs)
      .filter((verb) => verb !== 'parameters')
      .map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const shown = [...html.matchAll(/<h3><code>(.*?)<\/code><\/h3>/g)].map(([, text]) => plain(text!));
  expect(shown.sort()).toEqual(doors.sort());
  expect(html).not.toMatch(/<script|<[a-z]+ [^>]*(src|href)="https?:/);
  expect(lines().length).toBe(doors.length);
});

it('every line is one that a shell takes; the one for an event is taken by the server as it stands', async () => {
  for (const line of lines()) await run('sh', ['-n', '-c', line]);
  const push = lines().find((line) => line.includes("/v1/events'") && line.includes('-X POST'))!;
  const here = push.replace(/'https?:[^']*\/v1/, `'${door.url}/v1`);
  expect(here).toContain(door.url);
  const { stdout } = await run('sh', ['-c', here], {
    env: { ...process.env, KEY: world.key },
    timeout: 20_000,
  });
  expect(JSON.parse(stdout)).toMatchObject({ accepted: 1 });
});

describe.skipIf(!canBrowse())('in a real browser', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    ({ browser, page } = await openPage(900, 20_000));
  }, 60_000);
  afterAll(() => browser?.close());

  it('can be read on a desktop and a phone, by light and by night', async () => {
    await page.goto(`${door.url}/docs`);
    await page.getByText('events', { exact: true }).first().click();
    for (const [scheme, width] of [
      ['light', 1100],
      ['dark', 1100],
      ['light', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      await page.screenshot({ path: `${pictures}docs-${scheme}-${width}.png` });
    }
  });
});
