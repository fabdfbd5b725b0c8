// Telegram is away: nothing is lost, what may have arrived twice is marked, and one chat never holds up the others.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const disk = (subject: string, usage: number) => ({ type: 'disk.usage', subject, data: { usage } });

async function watch({ ana, ben, enrols }: StoryWorld) {
  await enrols(ana);
  await enrols(ben);
  for (const one of [ana, ben]) {
    await one.says('/watch disk.usage usage > 90 named "Disks"');
    one.expects('Saved');
  }
}

story(
  'ten minutes without Telegram: afterwards everything is told',
  async (world) => {
    const { ana, ben, telegram } = world;
    await watch(world);
    await world.post(disk('/home', 95));
    ana.expects('🟠 Disks: /home');
    ben.expects('🟠 Disks: /home');
    await telegram.faults.down(true);
    await world.post(disk('/var', 96));
    await world.advance('9m');
    await world.post([disk('/opt', 97), disk('/srv', 98)]);
    await world.advance('30s');
    await world.post([disk('/home', 40), disk('/srv', 10)]);
    await world.advance('30s');
    ana.expectsNothing();
    await telegram.faults.clear();
    await world.advance('5m');
    for (const one of [ana, ben]) {
      const read = one.transcript();
      expect(read).toContain('🟠 Disks: /var');
      expect(read).toContain('🟠 Disks: /opt');
      expect(read).toContain('✅ Disks: /home is over');
      expect(read).toContain('✅ Disks: /srv came and went');
      expect(read.match(/^Tocsin.*Disks: \/var/gm)).toHaveLength(1);
    }
  },
  { takes: 60_000 },
);

story('answers that are lost after the message was sent lead to a repeat, and it says so', async (world) => {
  const { ana, ben, telegram } = world;
  await watch(world);
  telegram.faults.next(1, 'drop-answer', { chat: ana.id, method: 'sendMessage' });
  await world.post(disk('/home', 95));
  await world.advance('10m');
  ana.expects('🟠 Disks: /home');
  expect(ana.expects('🟠 Disks: /home').text).toContain('possible repeat, first try 12:00');
  ana.expectsNothing();
  expect(ben.expects('🟠 Disks: /home').text).not.toContain('repeat');
  ben.expectsNothing();
});

story('answers of 500 are tried again, and told once', async (world) => {
  const { ana, telegram } = world;
  await watch(world);
  telegram.faults.rate(1, { status: 500, description: 'Internal Server Error' }, { method: 'sendMessage' });
  await world.post(disk('/home', 95));
  await world.advance('10m');
  ana.expectsNothing();
  await telegram.faults.clear();
  await world.advance('10m');
  ana.expects('🟠 Disks: /home');
  ana.expectsNothing();
});

story('one chat’s 429 delays only that chat', async (world) => {
  const { ana, ben, telegram } = world;
  await watch(world);
  telegram.faults.next(
    1,
    { status: 429, description: 'Too Many Requests: retry after 300', parameters: { retry_after: 300 } },
    { chat: ana.id, method: 'sendMessage' },
  );
  await world.post(disk('/home', 95));
  ben.expects('🟠 Disks: /home');
  ana.expectsNothing();
  await world.post(disk('/var', 96));
  ben.expects('🟠 Disks: /var');
  await world.advance('295s');
  ana.expectsNothing();
  await world.advance('15s');
  expect(ana.expects('🟠 Disks: /').text).not.toContain('repeat');
  ana.expects('🟠 Disks: /');
  ana.expectsNothing();
});

story('a press while Telegram is away is heard when it is back', async (world) => {
  const { ana, telegram } = world;
  await watch(world);
  await world.post(disk('/home', 95));
  const told = ana.expects('🟠 Disks: /home');
  telegram.faults.rate(1, { status: 502, description: 'Bad Gateway' }, { method: 'editMessageText' });
  expect((await ana.presses('Acknowledge')).text).toBe('Acknowledged. Thank you.');
  await world.advance('1m');
  ana.expectsNothing({ edits: true });
  await telegram.faults.clear();
  await world.advance('10m');
  expect(ana.expects('Acknowledged by Ana').message_id).toBe(told.message_id);
});
