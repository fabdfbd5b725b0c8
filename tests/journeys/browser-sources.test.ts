// This machine's memory, watched with the real node_exporter: a few presses in a real browser, well under a minute.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { freePort } from '../harness/free-port.ts';
import { until } from '../harness/until.ts';

const program = 'prometheus-node-exporter';
const possible = canBrowse(spawnSync(program, ['--version']).status === 0, 'Chromium or node_exporter');

const data = temporaryFolder('browser-sources');
let app: AppProcess;
let browser: Browser;
let page: Page;
let exporter: ChildProcess | undefined;
let address = '';

beforeAll(async () => {
  if (!possible) return;
  const port = await freePort();
  address = `http://127.0.0.1:${port}/metrics`;
  exporter = spawn(program, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  app = await startAppProcess(`${data.path}/app`, { OUTBOUND_ALLOW: '127.0.0.0/8' });
  await until('node_exporter answers', async () => (await fetch(address).catch(() => undefined))?.ok);
  ({ browser, page } = await openPage(900, 20_000));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  if (exporter && exporter.exitCode === null) {
    const exit = once(exporter, 'exit');
    exporter.kill('SIGTERM');
    await exit;
  }
  data.remove();
}, 60_000);

const says = (text: RegExp) => page.locator('[data-from="bot"]').filter({ hasText: text }).last().waitFor();
const press = (label: RegExp) => page.getByRole('button', { name: label }).last().click();
const picture = (name: string) => page.screenshot({ path: `${pictures}sources-${name}.png` });
async function write(text: string) {
  await page.getByRole('textbox').fill(text);
  await page.keyboard.press('Enter');
}

it.skipIf(!possible)(
  'watching this machine’s memory takes under a minute from /sources',
  async () => {
    await page.goto(/http:\S+\/sandbox/.exec(app.output())![0]);
    await page.getByTestId('start').click();
    await says(/Hello Ana/);
    await press(/That.s right/);
    await says(/first event/i);
    const begun = Date.now();
    await write('/sources');
    await says(/Nothing is watched by asking yet/);
    await press(/Watch software/);
    await says(/What shall be watched/);
    await picture('1-modules');
    await press(/A machine/);
    await says(/Where node_exporter answers/);
    await write(address);
    await says(/Available memory/);
    await picture('2-live');
    await press(/^Watch it$/);
    await says(/is asked from now on/);
    await picture('3-offers');
    await press(/^Memory runs out$/);
    await says(/Little memory/);
    expect(Date.now() - begun).toBeLessThan(60_000);
    await picture('4-done');
    await until('it was asked', async () => {
      await write('/sources');
      await page
        .locator('[data-from="bot"]')
        .filter({ hasText: /this machine · answers/ })
        .last()
        .waitFor({ timeout: 2_000 });
      return true;
    });
    await picture('5-list');
  },
  120_000,
);
