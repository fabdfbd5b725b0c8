// A real grammY bot talking to the sandbox: commands, buttons, edits, answers.
import { Bot, GrammyError, InlineKeyboard, InputFile } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';

describe('a grammY bot on the sandbox', () => {
  let sandbox: TelegramSandbox;
  let bot: Bot;
  let running: Promise<void>;

  beforeEach(async () => {
    sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random });
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

  it('takes documents and photos, gives them back, and knows them by their file id', async () => {
    running = Promise.resolve();
    sandbox.person(7001).start();
    const bytes = Buffer.from('a: 1\r\n--not a boundary\r\nü\0');
    const sent = await bot.api.sendDocument(7001, new InputFile(bytes, 'my "rules".yaml'), {
      caption: '<b>14</b> rules',
      parse_mode: 'HTML',
    });
    expect(sent).toMatchObject({
      caption: '14 rules',
      caption_entities: [{ type: 'bold', offset: 0, length: 2 }],
      document: { file_size: bytes.length, mime_type: 'application/yaml' },
    });
    const file = await bot.api.getFile(sent.document.file_id);
    const got = await fetch(`${sandbox.apiRoot}/file/bot${sandbox.token}/${file.file_path}`);
    expect(Buffer.from(await got.arrayBuffer())).toEqual(bytes);
    const again = await bot.api.sendDocument(7001, sent.document.file_id);
    expect(again.document.file_id).toBe(sent.document.file_id);
    const photo = await bot.api.sendPhoto(7001, new InputFile(Buffer.from('png'), 'graph.png'));
    expect(photo.photo).toHaveLength(1);
    await bot.api.editMessageCaption(7001, photo.message_id, { caption: 'Graph' });
    expect(sandbox.person(7001).last()?.text).toBe('Graph');
  });

  it('does small things: pins, reacts, menus, descriptions, chat facts', async () => {
    running = Promise.resolve();
    sandbox.person(7001, { first_name: 'Ana' }).start();
    const { message_id } = await bot.api.sendMessage(7001, 'x', { disable_notification: true });
    await bot.api.pinChatMessage(7001, message_id);
    expect((await bot.api.getChat(7001)).pinned_message?.message_id).toBe(message_id);
    await bot.api.unpinChatMessage(7001, message_id);
    expect((await bot.api.getChat(7001)).pinned_message).toBeUndefined();
    await bot.api.setMessageReaction(7001, 1, [{ type: 'emoji', emoji: '👍' }]);
    expect(sandbox.messages(7001)[0]?.reaction).toEqual([{ type: 'emoji', emoji: '👍' }]);
    expect(sandbox.messages(7001)[1]).toMatchObject({ silent: true, fromBot: true });
    const app = { type: 'web_app', text: 'App', web_app: { url: 'https://example.org/' } } as const;
    await bot.api.setChatMenuButton({ chat_id: 7001, menu_button: app });
    expect(await bot.api.getChatMenuButton({ chat_id: 7001 })).toEqual(app);
    await bot.api.setMyDescription('I tell you.');
    expect(await bot.api.getMyDescription()).toEqual({ description: 'I tell you.' });
    expect(await bot.api.deleteMessages(7001, [1, message_id])).toBe(true);
    expect(sandbox.messages(7001).filter((m) => !m.deleted && !m.service)).toEqual([]);
    expect((await bot.api.getMe()).username).toBe('tocsin_bot');
  });
});
