// Forum topics: one for each service, made once, made again when gone, and never the reason that something is not told.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Style } from '#core/style.ts';
import type { SandboxGroup } from '#sandbox/telegram/index.ts';
import { topicNamed, topicsOf } from '#store/forum-topics.ts';
import { findReceiver, saveStyle } from '#store/receivers.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let number = 0;
let forum: SandboxGroup;
let place: { channel: string; address: string };
let receiverId: string;
let ownerId: string;

beforeAll(async () => {
  stage = await openStage({ limits: 'off', patienceMs: 2000, sandbox: { privateTopics: true } });
  await stage.person(1);
});
afterAll(() => stage.close());
beforeEach(async () => {
  await stage.sandbox.faults.clear();
  number += 1;
  const made = await stage.group(-1_000_000_000_000 - number, 1, { forum: true, admin: true });
  forum = made.group;
  ({ receiverId, groupId: ownerId } = made);
  place = { channel: 'telegram', address: String(forum.id) };
  await style({ topics: 'topic' });
});

const style = (wanted: Style, id = receiverId) => saveStyle(stage.db, id, wanted);
const fires = async (topic: string, labels: Record<string, string> = {}) => {
  const alert = await stage.fire(`/home ${++number}`, [receiverId], { ownerId, topic, labels });
  await stage.settle();
  // Three turns of a group's pace: a topic, a message, a notice.
  await stage.pass(12_000, 4000);
  return alert;
};
/** What the bot said, each with the name of the topic it stands in; “General” for none. */
const said = (chat = forum.id) => {
  const all = stage.sandbox.messages(chat);
  const names = new Map(
    all.flatMap((m) => (m.service?.kind === 'topic' ? [[m.message_id, m.service.name]] : [])),
  );
  return all
    .filter((message) => message.fromBot && !message.service && !message.deleted)
    .map(({ thread_id, text }) => `${names.get(thread_id ?? 0) ?? 'General'}: ${text.replace(/\s+/g, ' ')}`);
};
/** The alerts that stand in a topic. */
const told = (name: string) => said().filter((line) => line.startsWith(`${name}: 🟠 Disk nearly full`));
const makings = (ok?: boolean) =>
  stage.sandbox.ledger.filter(
    (call) =>
      call.method === 'createForumTopic' && call.chatId === forum.id && (ok === undefined || call.ok === ok),
  );
const threadOf = async (name: string) => (await topicNamed(stage.db, place, name)).topic!.thread!;

describe('a topic for each service', () => {
  it('is made on first need and used from then on; what is no alert stays outside', async () => {
    await fires('disk.usage');
    await fires('disk.usage');
    await fires('builds.vr0');
    expect(said()).toEqual([
      expect.stringMatching(/^disk.usage: 🟠/),
      expect.stringMatching(/^disk.usage: 🟠/),
      expect.stringMatching(/^builds.vr0: 🟠/),
    ]);
    expect(makings()).toHaveLength(2);
  });

  it('can be one for each source, and is the topic where the source is not known', async () => {
    await style({ topics: 'source' });
    await fires('disk.usage', { source: 'cad1' });
    await fires('disk.usage');
    expect(said().map((line) => line.split(':')[0])).toEqual(['cad1', 'disk.usage']);
  });

  it('keeps its messages: they are edited where they stand', async () => {
    const alert = await fires('disk.usage');
    const [copy] = (await stage.copies()).filter(({ alertId }) => alertId === alert.id);
    await stage.ended(alert);
    await stage.pass(5000);
    const standing = stage.sandbox.messages(forum.id).find((m) => String(m.message_id) === copy!.messageId)!;
    expect(standing.text).toMatch(/^✅/);
    expect(said().map((line) => line.slice(0, 13))).toEqual(['disk.usage: ✅', 'disk.usage: ✅']);
  });

  it('uses the topic of that name which people opened', async () => {
    const thread = forum.topic(stage.sandbox.person(1), 'disk.usage');
    const { topicStands } = await import('#store/forum-topics.ts');
    await topicStands(stage.db, place, { name: 'disk.usage', thread }, stage.clock.now);
    await fires('disk.usage');
    expect(said()).toEqual([expect.stringMatching(/^disk.usage: /)]);
    expect(makings()).toHaveLength(0);
  });

  it('is made for twenty; the twenty-first is told in General', async () => {
    for (let n = 0; n < 22; n++) await fires(`service.n${n}`);
    expect(makings()).toHaveLength(20);
    expect(said().filter((line) => line.startsWith('General'))).toHaveLength(2);
  });
});

describe('when a topic is not there', () => {
  it('was deleted: it is made again, and the alert arrives in it', async () => {
    await fires('disk.usage');
    forum.deleteTopic(await threadOf('disk.usage'));
    stage.clock.now += 3_600_000;
    await fires('disk.usage');
    expect(said()).toEqual([expect.stringMatching(/^disk.usage: 🟠/)]);
    expect(makings(true)).toHaveLength(2);
  });

  it('is lost again at once: General, one notice, and no third making', async () => {
    await fires('disk.usage');
    for (let n = 0; n < 3; n++) {
      const { topic } = await topicNamed(stage.db, place, 'disk.usage');
      if (topic?.thread) forum.deleteTopic(topic.thread);
      await fires('disk.usage');
    }
    expect(makings(true)).toHaveLength(1);
    expect(said().filter((line) => line.includes('was lost though it was just made'))).toHaveLength(1);
    expect(told('General')).toHaveLength(3);
  });

  it('is closed and we may not write there: General, and one notice for all that follows', async () => {
    await fires('disk.usage');
    forum.closeTopic(await threadOf('disk.usage'));
    forum.addBot(stage.sandbox.person(1), { admin: true, topics: false });
    await fires('disk.usage');
    await fires('disk.usage');
    stage.clock.now += 7 * 3_600_000;
    await fires('disk.usage');
    expect(
      said().filter((line) => /^General: 🟠 (D|U|.*full|.*home)/.test(line)).length,
    ).toBeGreaterThanOrEqual(3);
    expect(said().filter((line) => line.includes('is closed'))).toHaveLength(1);
  });

  it('may not be made: General, one notice, and it is not tried for every alert', async () => {
    forum.addBot(stage.sandbox.person(1), { admin: true, topics: false });
    await fires('disk.usage');
    await fires('builds.vr0');
    expect(makings()).toHaveLength(1);
    const notices = said().filter((line) => line.includes('I may not make topics here'));
    expect(notices).toHaveLength(1);
    expect(said()).toHaveLength(3);
  });

  it('topics were switched off: General, one notice', async () => {
    await fires('disk.usage');
    forum.setForum(false);
    stage.clock.now += 3_600_000;
    await fires('disk.usage');
    await fires('disk.usage');
    expect(told('General')).toHaveLength(2);
    expect(said().filter((line) => line.includes('There are no topics here any more'))).toHaveLength(1);
  });

  it('nobody knows whether it was made: General, one notice, and never a second one', async () => {
    stage.sandbox.faults.next(1, 'drop-answer', { method: 'createForumTopic', chat: forum.id });
    await fires('disk.usage');
    await fires('disk.usage');
    stage.clock.now += 48 * 3_600_000;
    await fires('disk.usage');
    expect(makings()).toHaveLength(1);
    expect(said().filter((line) => line.includes('do not know whether it was made'))).toHaveLength(1);
    expect(told('General')).toHaveLength(3);
  });

  it('Telegram asks for patience first: it is made later, and the alert waits for it', async () => {
    const fault = {
      status: 429,
      description: 'Too Many Requests: retry after 3',
      parameters: { retry_after: 3 },
    };
    stage.sandbox.faults.next(1, fault, { method: 'createForumTopic', chat: forum.id });
    await fires('disk.usage');
    expect(makings()).toHaveLength(2);
    expect(said()).toEqual([expect.stringMatching(/^disk.usage: 🟠/)]);
  });
});

it('in a private chat with topics works the same', async () => {
  const { receiverId: own } = await stage.person(50);
  await style({ topics: 'topic' }, own);
  await stage.fire('/home', [own], { ownerId: 'p_50' });
  await stage.settle();
  expect(said(50)).toEqual([expect.stringMatching(/^disk.usage: 🟠/)]);
});

it('a receiver that is a topic is told there, boards and notes included', async () => {
  const { addReceiver } = await import('#store/receivers.ts');
  const base = (await findReceiver(stage.db, receiverId))!;
  await addReceiver(stage.db, { ...base, id: `${receiverId}t`, topic: 'Builds', label: 'Builds', style: {} });
  await stage.fire('/x', [`${receiverId}t`], { ownerId });
  await stage.settle();
  expect(said()).toEqual([expect.stringMatching(/^Builds: 🟠/)]);
  expect((await topicsOf(stage.db, place)).map(({ name }) => name)).toEqual(['Builds']);
});
