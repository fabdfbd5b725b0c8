// The chat page in a real browser: start, commands, a press, an edit, hostile text.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bot, InlineKeyboard } from 'grammy';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';

const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const quiet =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

describe.skipIf(!browser)('the page in a browser', () => {
  let sandbox: TelegramSandbox;
  let bot: Bot;
  let running: Promise<void>;
  let context: BrowserContext;
  let page: Page;
  let folder: string;
  const troubles: string[] = [];

  beforeAll(async () => {
    sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random, limits: 'off' });
    bot = new Bot(sandbox.token, { client: { apiRoot: sandbox.apiRoot } });
    bot.command('start', (ctx) =>
      ctx.reply(`Hello <b>you</b> ${ctx.match}`, {
        parse_mode: 'HTML',
        reply_markup: new InlineKeyboard().text('Acknowledge', 'ack').text('Why', 'why'),
      }),
    );
    bot.command('quote', (ctx) =>
      ctx.reply(`<blockquote expandable>${'line\n'.repeat(9)}end</blockquote>`, { parse_mode: 'HTML' }),
    );
    bot.command('app', (ctx) =>
      ctx.reply('Here', { reply_markup: new InlineKeyboard().webApp('Dashboard', `${sandbox.apiRoot}/app`) }),
    );
    bot.callbackQuery('ack', async (ctx) => {
      await ctx.editMessageText('Acknowledged');
      await ctx.answerCallbackQuery('Done');
    });
    bot.callbackQuery('why', (ctx) => ctx.answerCallbackQuery({ text: 'Because', show_alert: true }));
    running = bot.start();
    await bot.api.setMyCommands([
      { command: 'start', description: 'Begin' },
      { command: 'quote', description: 'A long quote' },
    ]);
    folder = await mkdtemp(join(tmpdir(), 'tocsin-page-'));
    context = await chromium.launchPersistentContext(folder, {
      executablePath: browser!,
      args: quiet.split(' '),
      viewport: { width: 1000, height: 720 },
    });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
    page.on('dialog', (dialog) => troubles.push(dialog.message()));
  });

  afterAll(async () => {
    await context?.close();
    await bot?.stop();
    await running;
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('goes from Start over a press to the edited message', async () => {
    await page.goto(`${sandbox.apiRoot}/sandbox`);
    await page.getByTestId('start').click();
    const bubble = page.locator('[data-message-id="5"]');
    await expect.poll(() => bubble.locator('.text strong').textContent()).toBe('you');
    await bubble.getByRole('button', { name: 'Why' }).click();
    await expect.poll(() => page.getByTestId('alert').textContent()).toContain('Because');
    await page.getByRole('button', { name: 'OK' }).click();
    await bubble.getByRole('button', { name: 'Acknowledge' }).click();
    await expect.poll(() => page.getByTestId('toast').textContent()).toBe('Done');
    await expect.poll(() => bubble.textContent()).toContain('Acknowledged');
    await expect.poll(() => bubble.getByText('edited').count()).toBe(1);
    expect(await bubble.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
  });

  it('offers the commands, sends with Enter, unfolds a long quote', async () => {
    const composer = page.getByTestId('composer');
    await composer.fill('/qu');
    await expect.poll(() => page.locator('[data-command]').allTextContents()).toEqual(['/quoteA long quote']);
    await composer.press('Enter');
    const quote = page.getByTestId('expandable');
    await quote.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => quote.getByRole('button').textContent()).toBe('Show less');
  });

  it('keeps a line break on Shift+Enter and shows hostile text as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>"\'`';
    const composer = page.getByTestId('composer');
    await composer.fill(hostile);
    await composer.press('Shift+Enter');
    await composer.pressSequentially('two');
    await composer.press('Enter');
    await expect.poll(() => sandbox.messages(7001).at(-1)?.text).toBe(`${hostile}\ntwo`);
    await expect.poll(() => page.getByTestId('messages').textContent()).toContain(hostile);
    expect(await page.locator('#messages img').count()).toBe(0);
  });

  it('opens a Mini App in a frame, with signed data about who opens it', async () => {
    await page.route('**/app', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>The dashboard</p>' }),
    );
    await page.getByTestId('composer').fill('/app');
    await page.getByTestId('send').click();
    await page.getByRole('button', { name: 'Dashboard' }).click();
    const frame = page.frameLocator('[data-testid="web-app-frame"]');
    await expect.poll(() => frame.locator('p').textContent()).toBe('The dashboard');
    expect(await page.getByTestId('web-app-frame').getAttribute('src')).toMatch(/\/app#tgWebAppData=.*hash/);
    await page.getByTestId('web-app-close').click();
    await expect.poll(() => page.getByTestId('web-app-frame').count()).toBe(0);
  });

  it('opens a deep link typed into the bar, as one of several people', async () => {
    await page.getByTestId('chat-7002').click();
    await page.getByTestId('start').click();
    await page.getByTestId('composer').fill(`https://t.me/${sandbox.username}?start=join-42`);
    await page.getByTestId('send').click();
    await page.getByTestId('start').click();
    await expect.poll(() => sandbox.person(7002).last()?.text).toBe('Hello you join-42');
    await page.getByTestId('block').click();
    await expect.poll(() => page.getByTestId('start').textContent()).toBe('Unblock and start again');
  });

  it('did all this without an error, a policy violation or a browser dialog', () => {
    expect(troubles).toEqual([]);
  });
});
