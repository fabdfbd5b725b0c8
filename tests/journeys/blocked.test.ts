// Ana blocks the bot: the group goes on, nothing is lost, and she hears what still burns when she comes back.
import { expect } from 'vitest';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });

story('while Ana is away the group is told, and with /start she hears what still burns', async (world) => {
  const { ana, ben, team, telegram } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  team.addBot(telegram.person(ana.id));
  await world.settle();
  await ana.says('/watch disk.usage usage > 90 named "Team disks"', { in: team });
  await ana.says('/watch disk.usage usage > 90 named "My disks"');
  ana.expects('My disks');
  ana.block();
  await world.settle();
  await world.post([disk('/home', 95), disk('/var', 96)]);
  ben.expects('Team disks: /', { in: team });
  ben.expects('Team disks: /', { in: team });
  await world.post(disk('/var', 20));
  ben.expects('Team disks: /var is over', { in: team });
  await world.advance('2h');
  ana.expectsNothing();

  await ana.starts();
  ana.expects('Hello Ana. 1 alert burns; 1 rule is watching');
  await ana.presses('What burns');
  expect(ana.expects('1 alert burns:').text).toContain('My disks: /home');
  await world.post(disk('/home', 50));
  await world.post(disk('/opt', 99));
  ana.expects('My disks: /opt');
});

story('an alert that she had heard of before ends while she is away', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "My disks"');
  await world.post(disk('/home', 95));
  const told = ana.expects('🟠 My disks: /home');
  ana.block();
  await world.settle();
  await world.advance('1h');
  await world.post(disk('/home', 50));
  await world.advance('26h');
  ana.expectsNothing({ edits: true });
  await ana.starts();
  ana.expects('Hello Ana. Nothing burns');
  await world.advance('1m');
  const now = ana.seen().find(({ message_id }) => message_id === told.message_id)!;
  expect(now.text).toMatch(/^✅ My disks: \/home is over\n50, limit 90, after 1 h\./);
  await world.post(disk('/home', 97));
  ana.expects('🟠 My disks: /home');
});

story(
  'Telegram says 403 before it says that she blocked',
  async (world) => {
    const { ana, telegram } = world;
    await world.enrols(ana);
    await ana.says('/watch disk.usage usage > 90 named "My disks"');
    telegram.faults.next(
      1,
      { status: 403, description: 'Forbidden: bot was blocked by the user' },
      { chat: ana.id, method: 'sendMessage' },
    );
    await world.post(disk('/home', 95));
    await world.post(disk('/var', 95));
    await world.advance('1h');
    await ana.starts();
    ana.expects('Hello Ana. 2 alerts burn');
    await world.post(disk('/opt', 95));
    ana.expects('🟠 My disks: /opt');
  },
  { complaints: [/blocked/] },
);

story(
  'Ana, who runs it, hears that Ben has blocked it and that the bot was thrown out of a group',
  async (world) => {
    const { ana, ben, team, telegram } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    ben.block();
    await world.settle();
    ana.expects('I can no longer reach Ben on telegram: blocked.');
    team.addBot(telegram.person(ana.id));
    await world.settle();
    team.kickBot(telegram.person(ana.id));
    await world.settle();
    ana.expects('I can no longer reach Team on telegram: I was removed from the group.');
  },
);
