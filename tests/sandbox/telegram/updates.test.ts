// What the bot hears and when: offsets, conflicts, kinds, privacy in groups, the webhook.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { caller } from './api.ts';

let sandbox: TelegramSandbox;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random, limits: 'off' });
  call = caller(sandbox);
});
afterEach(() => sandbox.stop());

const texts = (updates: Record<string, { text?: string }>[]) =>
  updates.map((u) => u.message?.text ?? Object.keys(u)[1]);

describe('getUpdates', () => {
  it('repeats updates until an offset confirms them', async () => {
    const ana = sandbox.person(1, { first_name: 'Ana' });
    ana.say('one');
    ana.say('two');
    const first = (await call('getUpdates')).result;
    expect(texts(first)).toEqual(['one', 'two']);
    expect(texts((await call('getUpdates', { limit: 1 })).result)).toEqual(['one']);
    expect(texts((await call('getUpdates', { offset: first[1].update_id })).result)).toEqual(['two']);
    expect(texts((await call('getUpdates')).result)).toEqual(['two']);
    ana.say('three');
    expect(texts((await call('getUpdates', { offset: -1 })).result)).toEqual(['three']);
    expect((await call('getUpdates', { offset: first[1].update_id + 2 })).result).toEqual([]);
  });

  it('waits for something to happen', async () => {
    const waiting = call('getUpdates', { timeout: 20 });
    await expect.poll(() => sandbox.ledger.length).toBe(0);
    sandbox.person(1).say('/start now');
    const [update] = (await waiting).result;
    expect(update.message).toMatchObject({
      text: '/start now',
      chat: { id: 1, type: 'private' },
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
    });
  });

  it('ends the older of two polls with 409', async () => {
    const older = call('getUpdates', { timeout: 20 });
    const conflict = older.then((answer) => [answer.status, answer.description]);
    // The second poll may arrive first; then the roles are swapped, and one of the two still hears 409.
    const newer = call('getUpdates', { timeout: 20 }).then((answer) => [answer.status, answer.description]);
    const heard = await Promise.race([conflict, newer]);
    expect(heard).toEqual([
      409,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    ]);
    sandbox.person(1).say('bye');
    await Promise.all([conflict, newer]);
  });

  it('gives only the kinds asked for', async () => {
    await call('getUpdates', { allowed_updates: ['my_chat_member'] });
    const ana = sandbox.person(1);
    ana.say('unheard');
    ana.block();
    const heard = (await call('getUpdates')).result;
    expect(texts(heard)).toEqual(['my_chat_member']);
    expect(heard[0].my_chat_member).toMatchObject({
      old_chat_member: { status: 'member' },
      new_chat_member: { status: 'kicked', user: { is_bot: true } },
    });
  });
});

describe('groups in privacy mode', () => {
  it('let the bot see commands, mentions and replies to it, and all of it as an administrator', async () => {
    const ana = sandbox.person(1, { first_name: 'Ana' });
    const group = sandbox.group(-5, 'Team');
    group.join(ana);
    group.addBot(ana);
    const from = (await call('getUpdates')).result.at(-1).update_id + 1;
    const { message_id } = (await call('sendMessage', { chat_id: -5, text: 'hello' })).result;
    ana.say('lunch?', { chat: -5 });
    ana.say('/alerts', { chat: -5 });
    ana.say('/alerts@other_bot', { chat: -5 });
    ana.say(`/alerts@${sandbox.username}`, { chat: -5 });
    ana.say(`hey @${sandbox.username}`, { chat: -5 });
    ana.say('a note', { chat: -5, replyTo: message_id });
    group.addBot(ana, { admin: true });
    ana.say('lunch now', { chat: -5 });
    expect(texts((await call('getUpdates', { offset: from })).result)).toEqual([
      '/alerts',
      '/alerts@tocsin_bot',
      'hey @tocsin_bot',
      'a note',
      'my_chat_member',
      'lunch now',
    ]);
    expect(group.messages().filter((m) => !m.service)).toHaveLength(8);
    const member = (await call('getChatMember', { chat_id: -5, user_id: 1 })).result;
    expect(member).toMatchObject({ status: 'creator', user: { first_name: 'Ana' } });
  });
});

describe('a webhook', () => {
  it('gets updates in order with the secret, again after a failure, and shuts out getUpdates', async () => {
    const got: { secret: unknown; text: string }[] = [];
    let failures = 1;
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      if (failures > 0) {
        failures -= 1;
        response.writeHead(500).end();
        return;
      }
      got.push({
        secret: request.headers['x-telegram-bot-api-secret-token'],
        text: JSON.parse(body).message.text,
      });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
      sandbox.person(1).say('one');
      expect((await call('setWebhook', { url, secret_token: 's3cret' })).ok).toBe(true);
      sandbox.person(1).say('two');
      await expect
        .poll(() => got)
        .toEqual([
          { secret: 's3cret', text: 'one' },
          { secret: 's3cret', text: 'two' },
        ]);
      await expect
        .poll(async () => (await call('getWebhookInfo')).result)
        .toMatchObject({
          url,
          pending_update_count: 0,
          last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
        });
      expect(await call('getUpdates')).toMatchObject({
        status: 409,
        description:
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      });
      expect((await call('deleteWebhook')).ok).toBe(true);
      expect((await call('getUpdates')).result).toEqual([]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is refused outside this machine', async () => {
    expect((await call('setWebhook', { url: 'https://example.org/x' })).ok).toBe(false);
  });
});
