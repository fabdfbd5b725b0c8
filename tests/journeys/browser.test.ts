// The first contact as a newcomer has it: the printed link in a real browser, the printed curl in a real shell.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';

const possible = canBrowse();

const data = temporaryFolder('browser');
let app: AppProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!possible) return;
  app = await startAppProcess(`${data.path}/app`, {});
  ({ browser, page } = await openPage(820, 15_000));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  data.remove();
}, 60_000);

/** The line on the start screen, with another value in it, as somebody would paste and change it. */
async function curl(usage: number): Promise<string> {
  const line = /curl [^\n]*\\\n[^\n]*/.exec(app.output())?.[0];
  if (!line) throw new Error(`the start screen shows no curl:\n${app.output()}`);
  const { stdout } = await promisify(execFile)('sh', ['-c', line.replace('93.5', String(usage))]);
  return stdout;
}

const says = (text: RegExp) => page.locator('[data-from="bot"]').filter({ hasText: text }).last().waitFor();
const press = (label: RegExp) => page.getByRole('button', { name: label }).last().click();
const picture = (name: string) => page.screenshot({ path: `${pictures}${name}.png` });

it.skipIf(!possible)(
  'from /start to a rule by buttons, an event by curl, the alert, Acknowledge, and the end',
  async () => {
    await page.goto(/http:\S+\/sandbox/.exec(app.output())![0]);
    await page.getByTestId('start').click();
    await says(/Hello Ana/);
    await picture('1-hello');
    await press(/That.s right/);
    await says(/curl|first event/i);
    await picture('2-nothing-yet');

    expect(await curl(71)).toContain('"accepted":1');
    await until('the topic is offered', async () => {
      await press(/Look again/);
      await page.getByRole('button', { name: /^disk\.usage/ }).waitFor({ timeout: 1000 });
      return true;
    });
    await picture('3-topics');
    await press(/^disk\.usage/);
    await press(/^usage/);
    await says(/above/);
    await picture('4-limit');
    await press(/^90$/);
    await press(/^same$/);
    await says(/usage over 90/);
    await picture('5-preview');
    await press(/^Save$/);
    await says(/^Saved/);

    expect(await curl(93.5)).toContain('"accepted":1');
    await says(/93\.5, limit 90/);
    await picture('6-alert');
    await press(/^Acknowledge$/);
    await says(/Acknowledged by Ana/);
    await picture('7-acknowledged');
    expect(await curl(60)).toContain('"accepted":1');
    await says(/is over/);
    await page.getByTestId('theme').click();
    await picture('8-over-dark');
    await page.setViewportSize({ width: 390, height: 780 });
    await picture('9-over-phone');
  },
  120_000,
);
