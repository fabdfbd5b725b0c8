// A basic group becomes a supergroup: its rules, its alerts and its people move with it.
import { expect } from 'vitest';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });

story('the group moves while an alert burns, and hears of its end in the new place', async (world) => {
  const { ana, ben, team, telegram } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
  await world.post(disk('/home', 95));
  ana.expects('🟠 Disks: /home', { in: team });
  const old = { id: team.id };
  const told = ana.seen(team.id).at(-1)!;
  const markup = told.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] };
  const data = markup.inline_keyboard.flat().find(({ text }) => text === 'Acknowledge')!.callback_data;
  team.migrate();
  await world.settle();
  expect(team.id).not.toBe(old.id);
  // The message of before the move still stands in the old chat, and its button works.
  const pressed = await ben.presses({ data }, { in: old, messageId: told.message_id });
  expect(pressed.text).toBe('Acknowledged. Thank you.');
  await world.post(disk('/var', 96));
  ana.expects('🟠 Disks: /var', { in: team });
  expect((await ben.presses('Acknowledge', { in: team })).text).toBe('Acknowledged. Thank you.');
  ana.expects('Acknowledged by Ben', { in: team });
  await world.post(disk('/home', 50));
  ana.expects('✅ Disks: /home is over', { in: team });
  await ana.says('/rules', { in: team });
  ana.expects('1. Disks: disk.usage, usage over 90', { in: team });
});

story(
  'Telegram says so only in its refusal: the message arrives in the new place all the same',
  async (world) => {
    const { ana, team, telegram } = world;
    await world.enrols(ana);
    team.addBot(telegram.person(ana.id));
    await world.settle();
    await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
    // The alert is on its way before the bot has read that the group moved.
    team.migrate();
    await world.post(disk('/home', 95));
    await world.advance('1m');
    ana.expects('🟠 Disks: /home', { in: team });
    await world.post(disk('/home', 50));
    ana.expects('✅ Disks: /home is over', { in: team });
  },
);

story(
  'the bot is thrown out and comes back: silent meanwhile, and its rules are still there',
  async (world) => {
    const { ana, team, telegram } = world;
    await world.enrols(ana);
    team.addBot(telegram.person(ana.id));
    await world.settle();
    await ana.says('/watch disk.usage usage > 90 named "Disks"', { in: team });
    team.kickBot(telegram.person(ana.id));
    await world.settle();
    await world.post(disk('/home', 95));
    await world.advance('1h');
    team.addBot(telegram.person(ana.id));
    await world.settle();
    await ana.says('/alerts', { in: team });
    ana.expects('Disks: /home', { in: team });
    await world.post(disk('/var', 95));
    ana.expects('🟠 Disks: /var', { in: team });
  },
);
