// A real grammY bot talking to the sandbox: commands, buttons, edits, answers.
import { Bot, GrammyError, InlineKeyboard } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';

describe('a grammY bot on the sandbox', () => {
  let sandbox: TelegramSandbox;
  let bot: Bot;
  let running: Promise<void>;

  beforeEach(async () => {
    sandbox = await startTelegramSandbox();
    bot = new Bot(sandbox.token, { client: { apiRoot: sandbox.apiRoot } });
    bot.catch((error) => {
      throw error.error;
    });
  });
  afterEach(async () => {
    await bot.stop();
    await running;
    await sandbox.stop();
  });

  it('answers a command, takes a press, edits the message and shows a toast', async () => {
    bot.command('start', (ctx) =>
      ctx.reply(`<b>Hello</b> ${ctx.from?.first_name}: ${ctx.match}`, {
        parse_mode: 'HTML',
        reply_markup: new InlineKeyboard().text('Acknowledge', 'ack'),
      }),
    );
    bot.callbackQuery('ack', async (ctx) => {
      const isFirst = ctx.msg?.text !== 'Acknowledged';
      if (isFirst) await ctx.editMessageText('Acknowledged');
      await ctx.answerCallbackQuery({ text: isFirst ? 'Done' : 'Already done' });
    });
    running = bot.start();
    const ana = sandbox.person(7001, { first_name: 'Ana' });
    ana.start('welcome');
    await expect.poll(() => ana.last()?.text).toBe('Hello Ana: welcome');
    expect(ana.last()?.entities).toEqual([{ type: 'bold', offset: 0, length: 5 }]);
    expect(await ana.press('Ack')).toEqual({ text: 'Done', show_alert: false });
    expect(ana.last()).toMatchObject({ text: 'Acknowledged' });
    expect(ana.last()).not.toHaveProperty('reply_markup');
    expect(ana.last()?.history[0]?.text).toBe('Hello Ana: welcome');
    expect(await ana.resendPress()).toEqual({ text: 'Already done', show_alert: false });
  });

  it('gives grammY errors with code, description and parameters', async () => {
    running = Promise.resolve();
    const error = await bot.api.sendMessage(99, 'hello').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GrammyError);
    expect(error).toMatchObject({ error_code: 400, description: 'Bad Request: chat not found' });
  });
});
