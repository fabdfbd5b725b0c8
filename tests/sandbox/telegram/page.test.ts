// The page's door: assets under a strict policy, the JSON API, the live stream, signed Mini App addresses.
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { caller } from './api.ts';

let sandbox: TelegramSandbox;

beforeEach(async () => {
  sandbox = await startTelegramSandbox({ now: Date.now, random: Math.random, limits: 'off' });
});
afterEach(() => sandbox.stop());

const get = (path: string) => sandbox.page(new Request(`http://here.test${path}`));

async function act(name: string, input: unknown, headers: Record<string, string> = {}) {
  const response = await sandbox.page(
    new Request(`http://here.test/sandbox/api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: 'here.test', ...headers },
      body: JSON.stringify(input),
    }),
  );
  return { status: response.status, body: (await response.json()) as ReturnType<typeof JSON.parse> };
}

const webFiles = readdirSync(new URL('../../../src/sandbox/web/', import.meta.url));
const webFile = (name: string) =>
  readFileSync(new URL(`../../../src/sandbox/web/${name}`, import.meta.url), 'utf8');

describe('the page', () => {
  it('comes with a policy that allows nothing from elsewhere and nothing inline', async () => {
    const page = await get('/sandbox');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="(\/sandbox[^"]+)"/g)].map((match) => match[1]!);
    expect(assets.length).toBeGreaterThan(4);
    for (const asset of assets) expect((await get(asset)).status, asset).toBe(200);
    expect(html).not.toMatch(/ style="| on\w+="|https?:\/\//);
  });

  it('serves every module that a module imports, and nothing outside its folder', async () => {
    const modules = webFiles.filter((name) => name.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(10);
    for (const name of modules) {
      for (const [, imported] of webFile(name).matchAll(/from '\.\/([^']+)'/g)) {
        expect((await get(`/sandbox/assets/${imported}`)).status, `${name} imports ${imported}`).toBe(200);
      }
    }
    expect((await get('/sandbox/assets/..%2f..%2ftelegram%2findex.ts')).status).toBe(404);
    expect((await get('/sandbox/nothing')).status).toBe(404);
  });

  it('never turns text into markup', () => {
    for (const name of webFiles.filter((one) => one.endsWith('.js'))) {
      expect(webFile(name), name).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|DOMParser/,
      );
    }
  });
});

describe('the JSON API', () => {
  it('begins with Ana, Ben and their group, once', async () => {
    await act('seed', {});
    await act('seed', {});
    const state = (await (await get('/sandbox/api/state')).json()) as {
      result: { people: { id: number }[]; chats: { id: number; bot: string }[] };
    };
    expect(state.result.people.map((person) => person.id)).toEqual([7001, 7002]);
    expect(state.result.chats.find((chat) => chat.id === -1001)).toMatchObject({
      bot: 'member',
      members: { 7001: 'creator', 7002: 'member' },
    });
  });

  it('says, presses and explains what cannot be done', async () => {
    await act('person', { id: 1, first_name: 'Ana' });
    expect((await act('start', { person: 1, payload: 'x' })).body).toMatchObject({
      ok: true,
      result: { text: '/start x' },
    });
    expect((await act('say', { person: 9, text: 'x' })).body).toEqual({
      ok: false,
      error: 'there is no person 9',
    });
    expect((await act('say', { person: 1 })).body).toEqual({ ok: false, error: '“text” must be text' });
    expect((await act('say', { person: 1, chat: 2, text: 'x' })).status).toBe(400);
    await act('block', { person: 1 });
    expect((await act('say', { person: 1, text: 'x' })).body).toEqual({
      ok: false,
      error: 'Ana has blocked the bot; unblock it first',
    });
    expect((await act('no-such-verb', {})).status).toBe(404);
    expect((await act('constructor', {})).status).toBe(404);
  });

  it('takes nothing from another site', async () => {
    for (const origin of ['http://evil.test', 'null', '?'])
      expect((await act('seed', {}, { origin })).status).toBe(403);
    expect((await act('seed', {}, { 'content-type': 'text/plain' })).status).toBe(403);
    expect((await act('seed', {}, { origin: 'http://here.test' })).status).toBe(200);
  });

  it('signs the address of a Mini App so that the bot token proves who opened it', async () => {
    await act('person', { id: 1, first_name: 'Ana & "Bo"' });
    const { url } = (await act('web-app', { person: 1, url: 'http://127.0.0.1:8080/app?x=1' })).body.result;
    const data = new URLSearchParams(
      new URLSearchParams(new URL(url).hash.slice(1)).get('tgWebAppData') ?? '',
    );
    const hash = data.get('hash');
    data.delete('hash');
    const check = [...data]
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join('\n');
    const secret = createHmac('sha256', 'WebAppData').update(sandbox.token).digest();
    expect(createHmac('sha256', secret).update(check).digest('hex')).toBe(hash);
    expect(JSON.parse(data.get('user') ?? '')).toMatchObject({ id: 1, first_name: 'Ana & "Bo"' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/app\?x=1#/);
  });
});

describe('the live stream', () => {
  it('tells everything at once, then each change', async () => {
    sandbox.person(1, { first_name: 'Ana' }).start();
    const response = await get('/sandbox/api/stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (text: string) => {
      while (!heard.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended before “${text}”`);
        heard += value;
      }
    };
    await until('event: state');
    await until('"/start"');
    const call = caller(sandbox);
    await call('sendMessage', { chat_id: 1, text: 'first text' });
    await until('first text');
    await call('editMessageText', { chat_id: 1, message_id: 2, text: 'second text' });
    await until('"history":[{"text":"first text"');
    await call('sendChatAction', { chat_id: 1, action: 'typing' });
    await until('event: typing');
    await call('setMyCommands', { commands: [{ command: 'help', description: 'Help' }] });
    await until('event: directory');
    await sandbox.stop();
    expect((await reader.read()).done).toBe(true);
  });
});
