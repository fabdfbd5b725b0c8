// The rate, proved: sends, edits, deletions, answers and new topics in a forum and in chats run near Telegram's limits and draw no 429.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert } from '#core/alert.ts';
import type { SandboxGroup } from '#sandbox/telegram/index.ts';
import { takeTurn } from '#store/budgets.ts';
import { saveStyle } from '#store/receivers.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let forum: SandboxGroup;
let forumReceiver: string;
let ownerId: string;
const people: string[] = [];
const services = 8;
const alerts = 48;

beforeAll(async () => {
  // Telegram's own limits, its bans included.
  stage = await openStage({ patienceMs: 3000 });
  for (let id = 1; id <= 6; id++) people.push((await stage.person(id)).receiverId);
  const made = await stage.group(-1_000_000_000_077, 1, { forum: true, admin: true });
  ({ group: forum, receiverId: forumReceiver, groupId: ownerId } = made);
  await saveStyle(stage.db, forumReceiver, { topics: 'topic', storm: 0 });
  for (const id of people) await saveStyle(stage.db, id, { storm: 0 });
});
afterAll(() => stage.close());

/** What the chat room does when somebody asks or takes something back: at once, and others wait for it. */
async function answers(method: 'sendMessage' | 'deleteMessage', chat: number, more: object): Promise<void> {
  const kind = chat < 0 ? 'group' : 'private';
  const turn = await takeTurn(stage.db, 'telegram', String(chat), kind, stage.clock.now, { force: true });
  if (turn.ok) await stage.telegram.call(method, { chat_id: chat, ...more });
}

it('a quarter of an hour with eight services and six people', { timeout: 120_000 }, async () => {
  const burning: Alert[] = [];
  for (let n = 0; n < alerts; n++) {
    const receivers = [forumReceiver, people[n % people.length]!];
    burning.push(await stage.fire(`/disk${n}`, receivers, { ownerId, topic: `service.n${n % services}` }));
    // Values change and things end while others are still told.
    if (n % 4 === 3) await stage.ended(burning.shift()!);
    await stage.settle();
    if (n % 6 === 5) {
      await answers('sendMessage', forum.id, { text: 'an answer' });
      await answers('sendMessage', 1 + (n % people.length), { text: 'an answer' });
      const own = stage.sent(forum.id).findLast(({ deleted, text }) => !deleted && text === 'an answer');
      if (n % 12 === 11) await answers('deleteMessage', forum.id, { message_id: own!.message_id });
    }
    await stage.pass(4000, 2000);
  }
  const busyUntil = stage.clock.now;
  for (const alert of burning) await stage.ended(alert);
  await stage.pass(700_000, 4000);

  const calls = stage.sandbox.ledger.filter(({ chatId }) => chatId !== undefined);
  expect(calls.filter(({ error }) => error?.code === 429)).toEqual([]);
  const made = calls.filter(({ method }) => method === 'createForumTopic');
  expect(made).toHaveLength(services);
  const standing = forum
    .messages()
    .filter(({ fromBot, text }) => fromBot && /Disk nearly full: \/disk\d+/.test(text));
  expect(new Set(standing.map(({ text }) => /\/disk\d+/.exec(text)![0])).size).toBe(alerts);
  expect(standing.filter(({ text }) => text.startsWith('🟠'))).toEqual([]);
  // All methods and all topics together, as Telegram counts.
  const times = calls.filter(({ chatId }) => chatId === forum.id).map(({ at }) => at);
  const most = Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length),
  );
  expect(most).toBeLessThanOrEqual(20);
  // And close to it: while there was work, no less than three quarters of what a group takes.
  const busy = times.filter((at) => at < busyUntil).length;
  const minutes = (busyUntil - times[0]!) / 60_000;
  expect(busy / minutes).toBeGreaterThanOrEqual(14);
});
