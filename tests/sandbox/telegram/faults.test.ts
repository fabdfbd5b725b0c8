// Scripted misfortune, and the sandbox as a process that is killed.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { freePort } from '../../harness/free-port.ts';
import { startTelegramProcess } from '../../harness/telegram-client.ts';
import { caller } from './api.ts';

let sandbox: TelegramSandbox;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  // Nobody else's while it is away.
  const port = await freePort();
  sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random, limits: 'off', port });
  call = caller(sandbox);
  sandbox.person(1).start();
});
afterEach(() => sandbox.stop());

const send = (text = 'x') => call('sendMessage', { chat_id: 1, text });
const seen = () =>
  sandbox
    .person(1)
    .seen()
    .map((m) => m.text);

describe('faults', () => {
  it('answer with an error, nothing done', async () => {
    sandbox.faults.next(1, { status: 502, description: 'Bad Gateway' });
    expect(await send()).toMatchObject({ status: 502, error_code: 502, description: 'Bad Gateway' });
    expect(seen()).toEqual([]);
    expect((await send()).ok).toBe(true);
    expect(sandbox.ledger[0]).toMatchObject({ method: 'sendMessage', chatId: 1, ok: false, fault: '502' });
  });

  it('break the connection before or after the effect', async () => {
    sandbox.faults.next(1, 'reset-before');
    await expect(send('before')).rejects.toThrow();
    sandbox.faults.next(1, 'drop-answer');
    await expect(send('after')).rejects.toThrow();
    sandbox.faults.next(1, { status: 500, description: 'Internal Server Error', effect: true });
    expect((await send('error')).status).toBe(500);
    expect(seen()).toEqual(['after', 'error']);
  });

  it('hang without an answer', async () => {
    sandbox.faults.next(1, 'hang-after', { method: 'sendMessage' });
    const url = `${sandbox.apiRoot}/bot${sandbox.token}/sendMessage?chat_id=1&text=hung`;
    const hung = fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: Error) => error.name);
    await expect.poll(seen).toEqual(['hung']);
    await sandbox.faults.down(true);
    expect(await hung).toBe('TypeError');
  });

  it('hit only what they are aimed at, and a share of it', async () => {
    sandbox.person(2).start();
    sandbox.faults.rate(1, { status: 500, description: 'x' }, { chat: 2 });
    expect((await send()).ok).toBe(true);
    expect((await call('sendMessage', { chat_id: 2, text: 'x' })).ok).toBe(false);
    expect((await call('getUpdates')).ok).toBe(true);
    await sandbox.faults.clear();
    expect((await call('sendMessage', { chat_id: 2, text: 'x' })).ok).toBe(true);
  });

  it('take the whole server down and up again on the same port', async () => {
    await sandbox.faults.down(true);
    await expect(send()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await sandbox.faults.down(false);
    expect((await send()).ok).toBe(true);
  });
});

describe('the journal', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tocsin-telegram-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('gives the same state to a new instance and goes on counting, even after a torn line', async () => {
    const journal = join(dir, 'telegram.jsonl');
    const first = await startTelegramSandbox({ now: Date.now, random: Math.random, journal, limits: 'off' });
    const bot = caller(first);
    const ana = first.person(1, { first_name: 'Ana' });
    const ben = first.person(2, { first_name: 'Ben' });
    ana.start();
    ben.start();
    ben.block();
    first.group(-5, 'Team').addBot(ana);
    const { message_id } = (await bot('sendMessage', { chat_id: 1, text: 'a' })).result;
    await bot('editMessageText', { chat_id: 1, message_id, text: 'b' });
    const heard = (await bot('getUpdates')).result;
    await bot('getUpdates', { offset: heard[1].update_id });
    await bot('setMyCommands', { commands: [{ command: 'start', description: 'Begin' }] });
    const before = first.messages(1);
    await first.stop();
    appendFileSync(journal, '{"do":"message","mess');

    const second = await startTelegramSandbox({ now: Date.now, random: Math.random, journal, limits: 'off' });
    const again = caller(second);
    expect(second.messages(1)).toEqual(before);
    expect(second.person(1).last()?.history).toHaveLength(1);
    expect((await again('getUpdates')).result).toEqual(heard.slice(1));
    expect((await again('getMyCommands')).result).toHaveLength(1);
    expect((await again('sendMessage', { chat_id: 2, text: 'x' })).error_code).toBe(403);
    expect((await again('sendMessage', { chat_id: -5, text: 'x' })).result.message_id).toBe(message_id + 1);
    second.person(1).say('more');
    const more = (await again('getUpdates')).result.at(-1);
    expect(more.update_id).toBe(heard.at(-1).update_id + 1);
    await second.stop();

    const third = await startTelegramSandbox({ now: Date.now, random: Math.random, journal });
    expect(third.person(1).last()?.text).toBe('b');
    expect(third.messages(1).at(-1)?.text).toBe('more');
    await third.stop();
  });

  it('survives kill -9 of a sandbox in its own process', async () => {
    const journal = join(dir, 'telegram.jsonl');
    const one = await startTelegramProcess({ journal, limits: 'off' });
    const ana = await one.telegram.person(1, { first_name: 'Ana' });
    await ana.start('hello');
    const url = (process_: typeof one, query: string) =>
      `${process_.telegram.apiRoot}/bot${process_.token}/sendMessage?${query}`;
    await fetch(url(one, 'chat_id=1&text=first'));
    await one.telegram.faults.down(true);
    await expect(fetch(url(one, 'chat_id=1&text=lost'))).rejects.toThrow();
    expect((await one.telegram.ledger()).map((entry) => entry.method)).toEqual(['sendMessage']);
    await one.kill();

    const two = await startTelegramProcess({ journal, limits: 'off' });
    try {
      expect((await two.telegram.messages(1)).map((m) => m.text)).toEqual(['/start hello', 'first']);
      await fetch(url(two, 'chat_id=1&text=second'));
      const same = await two.telegram.person(1);
      expect(await same.last()).toMatchObject({ text: 'second', message_id: 3 });
      await expect(same.press('nothing')).rejects.toThrow(/no button/);
    } finally {
      await two.stop();
    }
  });
});
