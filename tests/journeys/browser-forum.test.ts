// A group with topics in a real browser: its tabs, the alerts in them, and words that go where one looks.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { until } from '../harness/until.ts';
import { type StoryWorld, startWorld } from '../harness/world.ts';

const possible = canBrowse();
let world: StoryWorld;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!possible) return;
  world = await startWorld();
  ({ browser, page } = await openPage(860, 15_000));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await world?.stop();
}, 60_000);

const messages = () => page.getByTestId('messages').locator('article');

it.skipIf(!possible)(
  'alerts stand in the topics of their services, and what is said in one goes there',
  async () => {
    const { ana, telegram } = world;
    await world.enrols(ana);
    const forum = telegram.group(-1_001_234, 'Ops', { forum: true });
    forum.join(telegram.person(ana.id));
    forum.addBot(telegram.person(ana.id), { admin: true });
    await world.settle();
    await ana.says('/watch disk.usage usage > 90 named "Disk nearly full"', { in: forum });
    await ana.says('/watch builds.** named "Build failed"', { in: forum });
    await ana.says('/settings', { in: forum });
    await ana.presses('Topics', { in: forum });
    await ana.presses('One for each topic', { in: forum });
    for (const subject of ['/home', '/sarc/cad']) {
      await world.post({ type: 'disk.usage', subject, data: { usage: 93.5, host: 'cad1' } });
      await world.advance('30s');
    }
    await world.post({ type: 'builds.vr0', subject: 'kernel', status: 'firing', data: { state: 'failed' } });
    await world.advance('1m');

    await page.goto(`${telegram.apiRoot}/sandbox?chat=${forum.id}`);
    const tabs = page.getByRole('tab');
    await tabs.filter({ hasText: 'builds.vr0' }).waitFor();
    expect((await tabs.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual([
      'All',
      'General',
      'disk.usage',
      'builds.vr0',
    ]);
    await page.screenshot({ path: `${pictures}forum-all.png` });
    await tabs.filter({ hasText: 'disk.usage' }).click();
    await until('only its messages are shown', async () => (await messages().count()) === 2);
    await page.screenshot({ path: `${pictures}forum-topic.png` });
    await page.getByTestId('composer').fill('/alerts');
    await page.getByTestId('send').click();
    await until('it arrived in the topic', () =>
      telegram
        .messages(forum.id)
        .some(({ text, thread_id }) => text === '/alerts' && thread_id !== undefined),
    );
    await world.settle();
    await messages().filter({ hasText: 'alerts burn' }).waitFor();
    await tabs.filter({ hasText: 'General' }).click();
    expect(await messages().filter({ hasText: 'alerts burn' }).count()).toBe(0);
  },
  60_000,
);
