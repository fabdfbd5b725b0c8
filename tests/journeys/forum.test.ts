// A group with topics: each service has its own, people speak and make rules where they are, and nothing is lost when a topic goes.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { type StoryOptions, story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });
const build = (subject: string) => ({ type: 'builds.vr0', subject, data: { state: 'failed' } });
const refusals: StoryOptions = {
  refused: [/thread not found/, /TOPIC_CLOSED/, /not enough rights to create/],
};

/** A forum with Ana, who administers it, Ben and the bot, and a topic for each topic of events. */
async function gathers(world: StoryWorld, options = { topics: true }) {
  const { ana, ben, telegram } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  const forum = telegram.group(-1_001_234, 'Ops', { forum: true });
  const hands = telegram.person(ana.id);
  forum.join(hands);
  forum.join(telegram.person(ben.id));
  forum.addBot(hands, { admin: true });
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: forum });
  await ana.says('/watch builds.** named "Builds"', { in: forum });
  if (options.topics) {
    await ana.says('/settings', { in: forum });
    ana.expects('Forum topics: none of their own', { in: forum });
    await ana.presses('Topics', { in: forum });
    await ana.presses('One for each topic', { in: forum });
    ana.expects('Forum topics: one for each topic of events', { in: forum });
  }
  return forum;
}

/** The name of the topic in which the newest message with this text stands. */
function topicOf({ telegram }: StoryWorld, forum: { id: number }, text: string): string {
  const all = telegram.messages(forum.id);
  const found = all.findLast((message) => message.fromBot && !message.deleted && message.text.includes(text));
  if (!found) throw new Error(`nobody said “${text}”`);
  const opened = all.find(
    ({ message_id, service }) => message_id === found.thread_id && service?.kind === 'topic',
  );
  return opened?.service?.kind === 'topic' ? opened.service.name : 'General';
}

story('each service has its topic, and Ben acknowledges there', async (world) => {
  const { ben } = world;
  const forum = await gathers(world);
  await world.post(disk('/home', 95));
  await world.advance('30s');
  await world.post(build('kernel'));
  await world.advance('30s');
  expect(topicOf(world, forum, 'Disks: /home')).toBe('disk.usage');
  expect(topicOf(world, forum, 'kernel')).toBe('builds.vr0');
  const told = ben.seen(forum.id).find(({ text }) => text.includes('Disks: /home'))!;
  await ben.presses('Acknowledge', { in: forum, messageId: told.message_id });
  await world.advance('10s');
  const now = ben.seen(forum.id).find(({ message_id }) => message_id === told.message_id)!;
  expect(now.text).toContain('Acknowledged by Ben');
  expect(now.thread_id).toBe(told.thread_id);
  await world.post(disk('/home', 40));
  await world.advance('30s');
  expect(topicOf(world, forum, 'Disks: /home is over')).toBe('disk.usage');
});

story(
  'somebody deletes a topic: the next alert finds a new one of that name',
  async (world) => {
    const { ana, telegram } = world;
    const forum = await gathers(world);
    await world.post(disk('/home', 95));
    await world.advance('1h');
    const first = ana.seen(forum.id).find(({ text }) => text.includes('Disks: /home'))!;
    forum.deleteTopic(first.thread_id!);
    await world.post(disk('/var', 95));
    await world.advance('1m');
    expect(topicOf(world, forum, 'Disks: /var')).toBe('disk.usage');
    expect(telegram.ledger.filter(({ method, ok }) => method === 'createForumTopic' && ok)).toHaveLength(2);
    await ana.says('/settings', { in: forum });
    await ana.presses('Topics', { in: forum });
    ana.expects('disk.usage · open', { in: forum });
  },
  refusals,
);

story(
  'a topic is closed to the bot: General and one notice, until Ana opens it again',
  async (world) => {
    const { ana, telegram } = world;
    const forum = await gathers(world);
    await world.post(disk('/home', 95));
    await world.advance('1m');
    const thread = ana.seen(forum.id).find(({ text }) => text.includes('Disks: /home'))!.thread_id!;
    const hands = telegram.person(ana.id);
    forum.addBot(hands, { admin: true, topics: false });
    forum.closeTopic(thread, hands);
    await world.settle();
    await world.post(disk('/var', 95));
    await world.post(disk('/opt', 95));
    await world.advance('1m');
    expect(topicOf(world, forum, 'Disks: /var')).toBe('General');
    ana.expects('The topic “disk.usage” is closed', { in: forum });
    const notices = ana.seen(forum.id).filter(({ text }) => text.includes('is closed, so what'));
    expect(notices).toHaveLength(1);
    forum.reopenTopic(thread, hands);
    await world.settle();
    await world.post(disk('/srv', 95));
    await world.advance('1m');
    expect(topicOf(world, forum, 'Disks: /srv')).toBe('disk.usage');
  },
  refusals,
);

story(
  'without the right to make topics all is told in General; with it, the next alert has its own',
  async (world) => {
    const { ana, ben, telegram } = world;
    const forum = await gathers(world);
    const hands = telegram.person(ana.id);
    forum.addBot(hands, { admin: true, topics: false });
    await world.settle();
    await world.post(disk('/home', 95));
    await world.advance('1m');
    expect(topicOf(world, forum, 'Disks: /home')).toBe('General');
    ana.expects('I may not make topics here, so everything is told in General.', { in: forum });
    await ben.says('/settings', { in: forum });
    await ben.presses('Topics', { in: forum });
    expect((await ben.presses('Try again', { in: forum })).text).toContain('Only admins of the group');
    forum.addBot(hands, { admin: true });
    await world.settle();
    await world.post(disk('/var', 95));
    await world.advance('1m');
    expect(topicOf(world, forum, 'Disks: /var')).toBe('disk.usage');
  },
  refusals,
);

story('what is asked in a topic is answered there, and a rule made there tells there', async (world) => {
  const { ana, telegram } = world;
  const forum = await gathers(world, { topics: false });
  const hands = telegram.person(ana.id);
  const thread = forum.topic(hands, 'Night shift');
  await world.settle();
  await ana.says('/watch host.alive named "Hosts"', { in: forum, thread });
  ana.expects('told at Ops › Night shift', { in: forum });
  expect(topicOf(world, forum, 'told at Ops › Night shift')).toBe('Night shift');
  await world.post({ type: 'host.alive', subject: 'cad1', data: { up: 0 } });
  await world.post(disk('/home', 95));
  await world.advance('1m');
  expect(topicOf(world, forum, 'Hosts: cad1')).toBe('Night shift');
  expect(topicOf(world, forum, 'Disks: /home')).toBe('General');
  await ana.says('/alerts', { in: forum, thread });
  expect(topicOf(world, forum, '1 alert burns')).toBe('Night shift');
  // The other rules go on as they were, and the same wish in the same topic is one rule.
  await ana.says('/watch host.alive named "Hosts"', { in: forum, thread });
  await ana.says('/rules', { in: forum });
  expect(ana.expects('3 rules:', { in: forum }).text).toMatch(/\d\. Hosts: host\.alive/);
});

story('the group has a clock of its own, which Ana sets and Ben may not', async (world) => {
  const { ana, ben } = world;
  const forum = await gathers(world, { topics: false });
  await ben.says('/settings', { in: forum });
  ben.expects('The clock of this group: Europe/Berlin', { in: forum });
  await ana.says('/settings', { in: forum });
  await ana.presses('Time zone', { in: forum });
  const question = ana.expects('reply', { in: forum });
  await ana.says('Tokyo', { in: forum, replyTo: question.message_id });
  await ana.presses('Tokyo', { in: forum });
  ana.expects('The clock of this group: Asia/Tokyo', { in: forum });
  await ana.presses('Morning', { in: forum });
  await ana.presses('7:00', { in: forum });
  ana.expects('Its morning: 7:00', { in: forum });
  await ana.says('/settings');
  ana.expects('Your clock: Europe/Berlin');
  await ben.says('/settings', { in: forum });
  await ben.presses('Morning', { in: forum });
  expect((await ben.presses('8:00', { in: forum })).text).toContain('Only admins of the group');
});

story('a group that becomes a supergroup and then a forum keeps its rules and gets topics', async (world) => {
  const { ana, team, telegram } = world;
  await world.enrols(ana);
  team.addBot(telegram.person(ana.id), { admin: true });
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
  team.migrate();
  team.setForum(true);
  await world.settle();
  await ana.says('/settings', { in: team });
  await ana.presses('Topics', { in: team });
  await ana.presses('One for each topic', { in: team });
  await world.post(disk('/home', 95));
  await world.advance('1m');
  expect(topicOf(world, team, 'Disks: /home')).toBe('disk.usage');
  expect((await ana.presses('Acknowledge', { in: team })).text).toBe('Acknowledged. Thank you.');
});
