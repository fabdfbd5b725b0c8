// The disk rule with two bands, made in a real browser as a new user would: a few presses, nothing typed, under a minute.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AppProcess, startAppProcess } from '../harness/app-process.ts';
import { canBrowse, openPage, pictures } from '../harness/browser.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { until } from '../harness/until.ts';

const possible = canBrowse();

const data = temporaryFolder('browser-wizard');
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

const says = (text: RegExp) => page.locator('[data-from="bot"]').filter({ hasText: text }).last().waitFor();
const picture = (name: string) => page.screenshot({ path: `${pictures}wizard-${name}.png` });
let presses = 0;
async function press(label: RegExp) {
  presses++;
  await page.getByRole('button', { name: label }).last().click();
}

/** Sends these with the key that the start screen prints. */
async function sends(events: object[]) {
  const root = /(http:\S+)\/sandbox/.exec(app.output())![1];
  const key = /bearer ([\w-]+)/i.exec(app.output())![1];
  const answer = await fetch(`${root}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  });
  expect(answer.status).toBe(202);
}
const disk = (subject: string, usage: number, time = Date.now()) => ({
  type: 'disk.usage',
  subject,
  time: new Date(time).toISOString(),
  data: { usage, host: 'cad1' },
});

it.skipIf(!possible)(
  'a rule for work hours and one for nights, by presses only, with what it would have told',
  async () => {
    await page.goto(/http:\S+\/sandbox/.exec(app.output())![0]);
    await page.getByTestId('start').click();
    await says(/Hello Ana/);
    await press(/That.s right/);
    await says(/first event/i);
    for (const usage of [41, 96, 84]) await sends([disk('/sarc/cad', usage), disk('/home', usage / 2)]);
    await until('the topic is offered', async () => {
      await page
        .getByRole('button', { name: /Look again/ })
        .last()
        .click();
      await page.getByRole('button', { name: /^disk\.usage/ }).waitFor({ timeout: 1000 });
      return true;
    });
    presses = 0;
    const begun = Date.now();
    await picture('1-topics');
    await press(/^disk\.usage/);
    await press(/^usage/);
    await says(/above/);
    await picture('2-limit');
    await press(/^90$/);
    await says(/At night or weekends/);
    await picture('3-nights');
    await press(/^97 then$/);
    await says(/Is it right so/);
    await until('the numbers are there', async () => {
      await says(/would have told you/);
      return true;
    });
    await picture('4-preview');
    await press(/^Save$/);
    await says(/^Saved/);
    expect(presses).toBe(5);
    expect(Date.now() - begun).toBeLessThan(60_000);
    await picture('5-saved');

    await press(/^My rules$/);
    await press(/^1\. disk/);
    await says(/No open alerts/);
    await picture('6-rule');
    await press(/^Edit/);
    await says(/What shall be different/);
    await picture('7-edit');
    await press(/^Hours$/);
    await says(/The first that holds counts/);
    await picture('8-hours');
    await press(/^Add hours$/);
    await says(/Press days and hours/);
    await picture('9-when');
    await press(/^Done$/);
    await says(/Row 2/);
    await press(/^Nothing then$/);
    await says(/nothing is told/);
    await picture('10-row');
    await press(/^Done$/);
    await says(/The first that holds counts/);
    await press(/^Done$/);
    await says(/Hours: /);
    await picture('11-old-and-new');
    await press(/^Save$/);
    await says(/^Saved/);
    await page.getByTestId('theme').click();
    await page.setViewportSize({ width: 390, height: 780 });
    await press(/^Edit/);
    await says(/What shall be different/);
    await picture('12-edit-phone');
  },
  120_000,
);
