// Forum topics as Telegram has them: made, closed, deleted, refused, and one budget for all of a chat.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxGroup, startTelegramSandbox, type TelegramSandbox } from '#sandbox/telegram/index.ts';
import { type Answer, caller } from './api.ts';

let sandbox: TelegramSandbox;
let call: ReturnType<typeof caller>;
let forum: SandboxGroup;
const now = 1_700_000_000_000;
const ana = 7001;

beforeEach(async () => {
  sandbox = await startTelegramSandbox({ random: Math.random, now: () => now, privateTopics: true });
  call = caller(sandbox);
  const person = sandbox.person(ana, { first_name: 'Ana' });
  person.start();
  forum = sandbox.group(-1_000_000_000_001, 'Forum', { forum: true });
  forum.join(person);
  forum.addBot(person, { admin: true });
});
afterEach(() => sandbox.stop());

const refused = (answer: Answer) => `${answer.error_code} ${answer.description}`;
const make = (name = 'Disks', chat = forum.id) => call('createForumTopic', { chat_id: chat, name });
const say = (thread?: number, chat = forum.id) =>
  call('sendMessage', { chat_id: chat, text: 'x', ...(thread ? { message_thread_id: thread } : {}) });
const threadOf = (answer: Answer) => (answer.result as { message_thread_id: number }).message_thread_id;

describe('topics of a group', () => {
  it('are made, written into, and told apart', async () => {
    const thread = threadOf(await make());
    const said = (await say(thread)).result as Record<string, unknown>;
    expect(said).toMatchObject({ message_thread_id: thread, is_topic_message: true });
    expect(said.reply_to_message).toMatchObject({ forum_topic_created: { name: 'Disks' } });
    expect((await say()).result).not.toHaveProperty('message_thread_id');
  });

  it('take the answer to a message where that message stands', async () => {
    const thread = threadOf(await make());
    const { message_id } = (await say(thread)).result as { message_id: number };
    const answer = await call('sendMessage', {
      chat_id: forum.id,
      text: 'y',
      reply_parameters: { message_id },
    });
    expect(answer.result).toMatchObject({ message_thread_id: thread });
  });

  it('are refused when they were deleted, never were, or are “General” by its number', async () => {
    const thread = threadOf(await make());
    forum.deleteTopic(thread);
    for (const other of [thread, 999, 1])
      expect(refused(await say(other))).toBe('400 Bad Request: message thread not found');
    expect((await say()).ok).toBe(true);
  });

  it('are refused once topics are switched off, for sending and for making', async () => {
    const thread = threadOf(await make());
    forum.setForum(false);
    expect(refused(await say(thread))).toBe('400 Bad Request: message thread not found');
    expect(refused(await make('Builds'))).toBe('400 Bad Request: the chat is not a forum');
  });

  it('closed, take only the words of those who manage topics', async () => {
    const thread = threadOf(await make());
    forum.closeTopic(thread);
    expect((await say(thread)).ok).toBe(true);
    forum.addBot(sandbox.person(ana), { admin: true, topics: false });
    expect(refused(await say(thread))).toBe('400 Bad Request: TOPIC_CLOSED');
    forum.reopenTopic(thread);
    expect((await say(thread)).ok).toBe(true);
    forum.closeTopic(1);
    expect(refused(await say())).toBe('400 Bad Request: TOPIC_CLOSED');
  });

  it('are made and deleted only with the right to manage them', async () => {
    const thread = threadOf(await make());
    for (const options of [{ admin: true, topics: false }, { admin: false }]) {
      forum.addBot(sandbox.person(ana), options);
      expect(refused(await make('Builds'))).toBe('400 Bad Request: not enough rights to create a topic');
      const gone = await call('deleteForumTopic', { chat_id: forum.id, message_thread_id: thread });
      expect(refused(gone)).toBe('400 Bad Request: not enough rights to delete the topic');
    }
  });

  it('are closed and reopened once, and renamed to another name only', async () => {
    const topic = { chat_id: forum.id, message_thread_id: threadOf(await make()) };
    expect((await call('closeForumTopic', topic)).ok).toBe(true);
    expect(refused(await call('closeForumTopic', topic))).toBe('400 Bad Request: TOPIC_NOT_MODIFIED');
    expect((await call('reopenForumTopic', topic)).ok).toBe(true);
    expect(refused(await call('editForumTopic', { ...topic, name: 'Disks' }))).toContain(
      'TOPIC_NOT_MODIFIED',
    );
    expect((await call('editForumTopic', { ...topic, name: 'Drives' })).ok).toBe(true);
    expect((await call('deleteForumTopic', topic)).ok).toBe(true);
    expect(refused(await call('deleteForumTopic', topic))).toContain('message thread not found');
  });

  it.each(['', ' ', 'x'.repeat(129)])('need a name: %j is none', async (name) => {
    expect((await make(name)).ok).toBe(false);
  });

  it('share one budget with the rest of the chat', async () => {
    const threads = [threadOf(await make('a')), threadOf(await make('b'))];
    for (let n = 0; n < 18; n++) expect((await say(threads[n % 2])).ok).toBe(true);
    for (const thread of [...threads, undefined]) expect((await say(thread)).error_code).toBe(429);
    expect((await make('c')).error_code).toBe(429);
  });
});

describe('topics of a private chat', () => {
  it('are made without any right, where the bot has them', async () => {
    const thread = threadOf(await make('Disks', ana));
    expect((await say(thread, ana)).result).toMatchObject({
      message_thread_id: thread,
      is_topic_message: true,
    });
    sandbox.person(ana).deleteTopic(thread);
    expect(refused(await say(thread, ana))).toBe('400 Bad Request: message thread not found');
    expect((await call('getMe')).result).toMatchObject({ has_topics_enabled: true });
  });

  it('are refused where it has not, and in groups that are no supergroups', async () => {
    const other = await startTelegramSandbox({ random: Math.random, now: () => now });
    other.person(ana, { first_name: 'Ana' }).start();
    const there = caller(other);
    expect(refused(await there('createForumTopic', { chat_id: ana, name: 'x' }))).toContain('not a forum');
    expect((await there('getMe')).result).toMatchObject({ has_topics_enabled: false });
    await other.stop();
  });
});

describe('a server from before', () => {
  const button = (more: object) => ({ inline_keyboard: [[{ text: 'go', ...more }]] });
  it.each<[string, object, string]>([
    [
      'dates',
      { text: 'ü <tg-time unix="1" format="t">x</tg-time>', parse_mode: 'HTML' },
      'can\'t parse entities: Unsupported start tag "tg-time" at byte offset 3',
    ],
    ['copying', { reply_markup: button({ copy_text: { text: 'x' } }) }, 'Text buttons are unallowed'],
    ['colours', { reply_markup: button({ callback_data: 'x', style: 'danger' }) }, 'Invalid button style'],
  ])('refuses %s', async (_what, more, why) => {
    const old = await startTelegramSandbox({
      random: Math.random,
      now: () => now,
      lacks: ['date_time', 'copy_text', 'style'],
    });
    old.person(ana).start();
    const params = { chat_id: ana, text: 'x', ...more };
    expect(refused(await caller(old)('sendMessage', params))).toContain(why);
    expect((await call('sendMessage', params)).ok).toBe(true);
    await old.stop();
  });
});
