// Every refusal in Telegram's own words.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { type Answer, caller } from './api.ts';

let sandbox: TelegramSandbox;
let call: ReturnType<typeof caller>;
let now = 1_700_000_000_000;
const ana = 7001;
const team = -1001;

beforeEach(async () => {
  sandbox = await startTelegramSandbox({ random: Math.random, limits: 'off', now: () => now });
  call = caller(sandbox);
  sandbox.person(ana, { first_name: 'Ana' }).start();
});
afterEach(() => sandbox.stop());

const refused = (answer: Answer) => `${answer.error_code} ${answer.description}`;
const send = (more: Record<string, unknown>) => call('sendMessage', { chat_id: ana, text: 'x', ...more });
const button = (more: Record<string, unknown>) => ({ inline_keyboard: [[{ text: 'go', ...more }]] });

describe('refused messages', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no chat', { chat_id: undefined }, '400 Bad Request: chat_id is empty'],
    ['an unknown chat', { chat_id: 5 }, '400 Bad Request: chat not found'],
    ['a name nobody has', { chat_id: '@nobody' }, '400 Bad Request: chat not found'],
    ['empty text', { text: ' \n ' }, '400 Bad Request: message text is empty'],
    ['only tags', { text: '<b> </b>', parse_mode: 'HTML' }, '400 Bad Request: message text is empty'],
    ['long text', { text: 'x'.repeat(4097) }, '400 Bad Request: message is too long'],
    [
      'bad HTML',
      { text: 'ü <x>', parse_mode: 'HTML' },
      '400 Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3',
    ],
    ['half a surrogate pair', { text: '\ud83d' }, '400 Bad Request: strings must be encoded in UTF-8'],
    [
      'too much data',
      { reply_markup: button({ callback_data: 'ä'.repeat(33) }) },
      '400 Bad Request: BUTTON_DATA_INVALID',
    ],
    ['no data', { reply_markup: button({ callback_data: '' }) }, '400 Bad Request: BUTTON_DATA_INVALID'],
    [
      'two actions',
      { reply_markup: button({ callback_data: 'a', url: 'https://example.org' }) },
      '400 Bad Request: BUTTON_TYPE_INVALID',
    ],
    [
      'no action',
      { reply_markup: button({}) },
      "400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [
      'a script link',
      { reply_markup: button({ url: 'javascript:alert(1)' }) },
      "400 Bad Request: inline keyboard button URL 'javascript:alert(1)' is invalid: Unsupported URL protocol",
    ],
    [
      'an insecure app',
      { reply_markup: button({ web_app: { url: 'http://example.org' } }) },
      "400 Bad Request: inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed",
    ],
    [
      '101 buttons',
      {
        reply_markup: {
          inline_keyboard: Array.from({ length: 101 }, () => [{ text: 'x', callback_data: 'x' }]),
        },
      },
      '400 Bad Request: reply markup is too long',
    ],
    [
      'a reply to nothing',
      { reply_parameters: { message_id: 99 } },
      '400 Bad Request: message to be replied not found',
    ],
    ['an unknown thread', { message_thread_id: 4 }, '400 Bad Request: message thread not found'],
    [
      'a foreign entity',
      { entities: [{ type: 'marquee', offset: 0, length: 1 }] },
      "400 Bad Request: can't parse MessageEntity: Unsupported type specified",
    ],
  ])('%s', async (_what, more, description) => {
    expect(refused(await send(more))).toBe(description);
    expect(sandbox.messages(ana)).toHaveLength(1);
  });

  it('takes exactly 4096 units after parsing', async () => {
    const answer = await send({ text: `<b>${'x'.repeat(4096)}</b>`, parse_mode: 'HTML' });
    expect(answer.ok).toBe(true);
  });

  it('knows who may not be written to', async () => {
    const ben = sandbox.person(7002);
    expect(refused(await send({ chat_id: 7002 }))).toBe(
      "403 Forbidden: bot can't initiate conversation with a user",
    );
    ben.start();
    ben.block();
    expect(refused(await send({ chat_id: 7002 }))).toBe('403 Forbidden: bot was blocked by the user');
    ben.unblock();
    expect((await send({ chat_id: 7002 })).ok).toBe(true);
    ben.deactivate();
    expect(refused(await send({ chat_id: 7002 }))).toBe('403 Forbidden: user is deactivated');
  });
});

describe('refused edits and deletions', () => {
  const edit = (more: Record<string, unknown>) =>
    call('editMessageText', { chat_id: ana, text: 'x', ...more });

  it('says that nothing changed, that it is gone, that it is not ours', async () => {
    const id = (
      await send({ text: '<b>a</b>', parse_mode: 'HTML', reply_markup: button({ callback_data: 'x' }) })
    ).result.message_id;
    const same = {
      message_id: id,
      text: 'a',
      entities: [{ type: 'bold', offset: 0, length: 1 }],
      reply_markup: button({ callback_data: 'x' }),
    };
    expect(refused(await edit(same))).toBe(
      '400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
    expect((await edit({ ...same, reply_markup: button({ callback_data: 'y' }) })).ok).toBe(true);
    expect(refused(await edit({ message_id: 1 }))).toBe("400 Bad Request: message can't be edited");
    expect(refused(await edit({ message_id: 99 }))).toBe('400 Bad Request: message to edit not found');
    expect((await call('deleteMessage', { chat_id: ana, message_id: id })).result).toBe(true);
    expect(refused(await edit({ message_id: id }))).toBe('400 Bad Request: message to edit not found');
    expect(refused(await call('deleteMessage', { chat_id: ana, message_id: id }))).toBe(
      '400 Bad Request: message to delete not found',
    );
  });

  it('deletes nothing older than 48 hours', async () => {
    const id = (await send({})).result.message_id;
    now += 48 * 3600_000;
    expect(refused(await call('deleteMessage', { chat_id: ana, message_id: id }))).toBe(
      "400 Bad Request: message can't be deleted for everyone",
    );
  });
});

describe('refused in groups', () => {
  it('kicked, not a member, upgraded, no Mini App buttons', async () => {
    const person = sandbox.person(ana);
    const group = sandbox.group(team, 'Team');
    expect(refused(await send({ chat_id: team }))).toBe(
      '403 Forbidden: bot is not a member of the group chat',
    );
    group.addBot(person);
    expect((await send({ chat_id: team })).ok).toBe(true);
    const app = button({ web_app: { url: 'https://example.org' } });
    expect(refused(await send({ chat_id: team, reply_markup: app }))).toBe(
      '400 Bad Request: BUTTON_TYPE_INVALID',
    );
    group.kickBot(person);
    expect(refused(await send({ chat_id: team }))).toBe('403 Forbidden: bot was kicked from the group chat');
    group.addBot(person);
    const to = group.migrate();
    const answer = await send({ chat_id: team });
    expect(refused(answer)).toBe('400 Bad Request: group chat was upgraded to a supergroup chat');
    expect(answer.parameters).toEqual({ migrate_to_chat_id: to });
    expect((await send({ chat_id: to })).result.chat).toEqual({ id: to, type: 'supergroup', title: 'Team' });
    group.kickBot(person);
    expect(refused(await send({ chat_id: to }))).toBe(
      '403 Forbidden: bot was kicked from the supergroup chat',
    );
  });
});

describe('refused calls', () => {
  it('wrong token, unknown method, broken body', async () => {
    const raw = async (path: string, body?: string) => {
      const response = await fetch(sandbox.apiRoot + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(body ? { body } : {}),
      });
      return response.json();
    };
    expect(await raw('/bot1:wrong/getMe')).toEqual({
      ok: false,
      error_code: 401,
      description: 'Unauthorized',
    });
    expect(await raw(`/bot${sandbox.token}/sendLove`)).toEqual({
      ok: false,
      error_code: 404,
      description: 'Not Found',
    });
    expect(await raw(`/bot${sandbox.token}/getMe`, '{')).toMatchObject({ ok: false, error_code: 400 });
  });

  it('commands must be named well', async () => {
    const set = (command: string, description = 'x') =>
      call('setMyCommands', { commands: [{ command, description }] });
    expect(refused(await set('Start'))).toBe('400 Bad Request: BOT_COMMAND_INVALID');
    expect(refused(await set('start', ''))).toBe('400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
    expect((await set('start')).ok).toBe(true);
    expect((await call('getMyCommands')).result).toEqual([{ command: 'start', description: 'x' }]);
    expect((await call('getMyCommands', { scope: { type: 'all_private_chats' } })).result).toEqual([]);
  });
});

describe('callback queries', () => {
  it('are answered once, within 15 seconds, with at most 200 characters', async () => {
    await send({ reply_markup: button({ callback_data: 'x' }) });
    const person = sandbox.person(ana);
    const pressed = person.press('go');
    const [update] = (await call('getUpdates', { offset: -1 })).result;
    const id = update.callback_query.id;
    const answer = (text: string) => call('answerCallbackQuery', { callback_query_id: id, text });
    expect((await answer('x'.repeat(201))).ok).toBe(false);
    expect((await answer('done')).result).toBe(true);
    expect(await pressed).toEqual({ text: 'done', show_alert: false });
    const tooOld = '400 Bad Request: query is too old and response timeout expired or query ID is invalid';
    expect(refused(await answer('again'))).toBe(tooOld);
    const late = person.resendPress({ timeout: 500 }).catch((error: Error) => error.message);
    const [next] = (await call('getUpdates', { offset: -1 })).result;
    expect(next.callback_query).toMatchObject({ data: 'x', message: { message_id: 2 } });
    expect(next.callback_query.id).not.toBe(id);
    expect(next.update_id).toBeGreaterThan(update.update_id);
    now += 15_001;
    expect(refused(await call('answerCallbackQuery', { callback_query_id: next.callback_query.id }))).toBe(
      tooOld,
    );
    expect(await late).toMatch(/did not answer/);
  });
});
