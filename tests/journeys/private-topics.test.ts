// Topics in the private chat, and a Telegram from before: what a person sees where the one is there and the other is not.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage = 95) => ({ type: 'disk.usage', subject, data: { usage } });

/** The name of the topic in which the alert about this subject stands. */
function topicOf({ telegram }: StoryWorld, chat: number, subject: string): string | undefined {
  const all = telegram.messages(chat);
  const alert = all.findLast(
    ({ fromBot, text }) => fromBot && text.startsWith('🟠') && text.includes(subject),
  );
  const opened = all.find(({ message_id }) => message_id === alert?.thread_id);
  return opened?.service?.kind === 'topic' ? opened.service.name : undefined;
}

story(
  'Ana has one topic for each service, deletes one, and switches them off again',
  async (world) => {
    const { ana, telegram } = world;
    await world.enrols(ana);
    await ana.says('/watch disk.usage usage > 90 named "Disks"');
    await world.post(disk('/before'));
    expect(topicOf(world, ana.id, '/before')).toBeUndefined();
    await ana.says('/settings');
    ana.expects('Forum topics: none of their own; alerts are told in the chat itself.');
    await ana.presses('Topics');
    await ana.presses('One for each topic');
    await world.post(disk('/home'));
    await world.advance('1m');
    expect(topicOf(world, ana.id, '/home')).toBe('disk.usage');
    const thread = telegram.messages(ana.id).findLast(({ text }) => text.includes('/home'))!.thread_id!;
    await world.advance('1h');
    telegram.person(ana.id).deleteTopic(thread);
    await world.post(disk('/var'));
    await world.advance('1m');
    expect(topicOf(world, ana.id, '/var')).toBe('disk.usage');
    await ana.says('/settings');
    await ana.presses('Topics');
    await ana.presses('None');
    await world.post(disk('/opt'));
    await world.advance('1m');
    expect(topicOf(world, ana.id, '/opt')).toBeUndefined();
  },
  { telegram: { privateTopics: true }, refused: [/thread not found/] },
);

story('where the bot has no topics in private chats they are not offered', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/settings');
  expect(labels(ana.expects('Your clock')).flat()).not.toContain('Topics');
});

story('an invitation is copied by a press', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/invite');
  await ana.presses('member');
  expect((await ana.presses('Copy the link')).copied).toMatch(/^https:\/\/t\.me\/tocsin_bot\?start=/);
});

story(
  'on a server from before everything is said without colours, copies and live times',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/invite');
    await ana.presses('member');
    expect(labels(ana.expects('Send this link')).flat()).toEqual([]);
    await ana.says('/watch disk.usage usage > 90 named "Disks"');
    await world.post(disk('/home'));
    const told = ana.expects('🟠 Disks: /home');
    expect(labels(told).flat()).toContain('Acknowledge');
    await ana.says('/rules');
    await ana.presses('1. Disks');
    await ana.presses('Delete');
    await ana.presses('Delete it');
    ana.expects('Deleted: Disks.');
  },
  {
    telegram: { lacks: ['date_time', 'copy_text', 'style'] },
    refused: [/tg-time/, /Text buttons are unallowed/, /button style/],
  },
);
