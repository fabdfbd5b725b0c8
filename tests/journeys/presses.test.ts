// Presses that are forged, stale, from another chat or repeated: harmless, and answered with the truth.
import { expect } from 'vitest';
import { labels, type SandboxMessage } from '#sandbox/telegram/index.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (usage: number) => ({ type: 'disk.usage', subject: '/home', data: { usage } });

function dataOf(message: SandboxMessage, label: string): { data: string } {
  const markup = message.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] };
  return { data: markup.inline_keyboard.flat().find(({ text }) => text === label)!.callback_data };
}

async function burns({ ana, ben, enrols, post }: StoryWorld) {
  await enrols(ana);
  await enrols(ben);
  await ana.says('/watch disk.usage usage > 90 named "Disks"');
  ana.expects('Saved');
  await post(disk(95));
  return ana.expects('🟠 Disks: /home');
}

story('a double tap, and the same press sent again after a lost connection, do it once', async (world) => {
  const { ana, telegram } = world;
  const told = await burns(world);
  const acknowledge = dataOf(told, 'Acknowledge');
  const [first, second] = [ana.presses(acknowledge), ana.presses(acknowledge)];
  const texts = [(await first).text, (await second).text].sort();
  expect(texts[0]).toBe('Acknowledged. Thank you.');
  expect(texts[1]).toBe('Ana acknowledged this just now.');
  await world.advance('2m');
  const again = telegram.person(ana.id).resendPress();
  await world.settle();
  expect((await again).text).toBe('Ana acknowledged this 2 min ago.');
});

story('a button of yesterday says what has become of it', async (world) => {
  const { ana } = world;
  const told = await burns(world);
  const [acknowledge, snooze, resolve] = ['Acknowledge', 'Snooze', 'Resolve'].map((label) =>
    dataOf(told, label),
  );
  await world.advance('10m');
  await world.post(disk(40));
  ana.expects('is over');
  await world.advance('1d');
  const stale = { messageId: told.message_id };
  expect((await ana.presses(acknowledge!, stale)).text).toContain('over');
  expect((await ana.presses(resolve!, stale)).text).toContain('over');
  expect((await ana.presses(snooze!, stale)).text).toContain('over');
  expect(labels(ana.seen().find(({ message_id }) => message_id === told.message_id)!)).toEqual([['Why']]);
  await world.advance('8d');
  expect((await ana.presses(acknowledge!, stale)).text).toContain('over');
});

story(
  'Ben presses what he was never shown: forged data, Ana’s data, and data that is no data',
  async (world) => {
    const { ana, ben } = world;
    const told = await burns(world);
    const hers = dataOf(told, 'Acknowledge');
    await ben.says('/alerts');
    ben.expects('Nothing burns');
    for (const data of [
      hers.data,
      'acknowledge',
      'w:1:0',
      'w::',
      'x'.repeat(64),
      "'; drop table alerts; --",
      '💥',
    ])
      expect((await ben.presses({ data })).text).toMatch(
        /^(I do not know this button\.|This question was closed\. Begin again with \/subscribe\.)$/,
      );
    await ana.says('/alerts');
    expect(ana.expects('1 alert burns').text).not.toContain('acknowledged');
  },
);

story(
  'a press on an earlier screen of the wizard changes nothing, and the present one stands',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await world.post(disk(71));
    await ana.says('/subscribe disk.usage');
    const first = ana.expects('What about it');
    const stale = dataOf(first, 'Every event');
    await ana.presses('usage');
    await ana.presses('90');
    expect((await ana.presses(stale)).text).toBe('That was an earlier question; here is the present one.');
    await ana.presses('same');
    await ana.presses('Save');
    ana.expects('usage over 90; told to you here.');
    expect((await ana.presses(stale)).text).toContain('closed');
    await ana.says('/rules');
    ana.expects('1 rule:');
  },
);

story('two people act at the same moment: one did it, the other hears who', async (world) => {
  const { ana, ben, team, telegram } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
  await world.post(disk(95));
  const told = ana.expects('🟠 Disks: /home', { in: team });
  const [resolve, snooze] = [dataOf(told, 'Resolve'), dataOf(told, 'Snooze')];
  const both = [ana.presses(resolve, { in: team }), ben.presses(resolve, { in: team })];
  const texts = (await Promise.all(both)).map(({ text }) => text).sort();
  expect(texts[0]).toBe('Resolved.');
  expect(texts[1]).toMatch(/^This is over since 12:00\.$/);
  await world.advance('1m');
  expect(ana.expects('is closed', { in: team }).text).toMatch(/Closed by (Ana|Ben)/);
  expect((await ben.presses(snooze, { in: team, messageId: told.message_id })).text).not.toContain('wrong');
});
