// Flood limits by an injected clock.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { caller } from './api.ts';

let sandbox: TelegramSandbox;
let call: ReturnType<typeof caller>;
let now = 1_700_000_000_000;

beforeEach(async () => {
  sandbox = await startTelegramSandbox({ random: Math.random, now: () => now });
  call = caller(sandbox);
});
afterEach(() => sandbox.stop());

const send = (chat: number) => call('sendMessage', { chat_id: chat, text: 'x' });

async function untilRefused(chat: number, most = 50): Promise<{ sent: number; wait: number | undefined }> {
  for (let sent = 0; sent < most; sent += 1) {
    const answer = await send(chat);
    if (!answer.ok) return { sent, wait: answer.parameters?.retry_after };
  }
  return { sent: most, wait: undefined };
}

describe('a private chat', () => {
  it('takes a burst of five, then one a second', async () => {
    sandbox.person(1).start();
    expect(await untilRefused(1)).toEqual({ sent: 5, wait: 1 });
    now += 999;
    const early = await send(1);
    expect(early).toMatchObject({
      status: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    now += 1;
    expect(await untilRefused(1)).toEqual({ sent: 1, wait: 1 });
    now += 60_000;
    expect((await untilRefused(1)).sent).toBe(5);
    expect(sandbox.ledger.filter((entry) => entry.error?.code === 429)).toHaveLength(4);
  });

  it('stays shut for the whole seconds it named, even when a slot opens earlier', async () => {
    sandbox.person(1).start();
    for (let i = 0; i < 5; i += 1) await send(1);
    now += 500;
    expect((await send(1)).parameters).toEqual({ retry_after: 1 });
    now += 700;
    expect((await send(1)).status).toBe(429);
    now += 300;
    expect((await send(1)).ok).toBe(true);
  });

  it('shares its budget between sends, edits and deletions; answers are free', async () => {
    sandbox.person(1).start();
    for (let i = 0; i < 3; i += 1) await send(1);
    expect((await call('editMessageText', { chat_id: 1, message_id: 3, text: 'y' })).ok).toBe(true);
    expect((await call('deleteMessage', { chat_id: 1, message_id: 2 })).ok).toBe(true);
    expect((await send(1)).status).toBe(429);
    expect((await call('sendChatAction', { chat_id: 1, action: 'typing' })).ok).toBe(true);
  });

  it('does not hold up another chat', async () => {
    sandbox.person(1).start();
    sandbox.person(2).start();
    await untilRefused(1);
    expect((await send(2)).ok).toBe(true);
  });
});

describe('a group', () => {
  it('takes twenty a minute; trying again inside the ban prolongs nothing', async () => {
    sandbox.group(-5, 'Team').addBot(sandbox.person(1));
    expect(await untilRefused(-5)).toEqual({ sent: 20, wait: 60 });
    now += 30_000;
    expect((await send(-5)).parameters).toEqual({ retry_after: 30 });
    now += 30_000;
    expect((await send(-5)).ok).toBe(true);
  });
});

describe('all chats together', () => {
  it('take thirty a second', async () => {
    let sent = 0;
    for (let id = 1; id <= 40; id += 1) {
      sandbox.person(id).start();
      if ((await send(id)).ok) sent += 1;
    }
    expect(sent).toBe(30);
    now += 1000;
    expect((await send(40)).ok).toBe(true);
  });
});
