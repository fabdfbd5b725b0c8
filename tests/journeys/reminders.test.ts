// Who does not take care of what burns is reminded: counted from when the first person heard.
import { expect } from 'vitest';
import { addReceiver } from '#operations/add-receiver.ts';
import { setCare } from '#operations/set-care.ts';
import { receiversOf } from '#store/receivers.ts';
import type { StoryWorld } from '../harness/world.ts';
import { openSink } from '../notify/stand-ins/sink.ts';
import { disk, watch, watchesAndOpensFollowUp } from './follow-up.ts';
import { story } from './story.ts';

const operator = { is: 'operator', name: 'the story' } as const;
const evening = Date.UTC(2026, 4, 4, 18, 0); // 20:00 in Berlin
const morning = (hours: number, minutes = 0, seconds = 0) =>
  Date.UTC(2026, 4, 5, hours - 2, minutes, seconds);

/** How what nobody takes care of is followed up. */
async function follows({ rooms, now }: StoryWorld, ownerId: string, document: object): Promise<void> {
  expect(await setCare(rooms.world, operator, { ownerId, document }, now())).toMatchObject({ ok: true });
}

/** The next message for Ana waits so long. */
function isLate({ ana, telegram }: StoryWorld, seconds: number): void {
  const description = `Too Many Requests: retry after ${seconds}`;
  const answer = { status: 429, description, parameters: { retry_after: seconds } };
  telegram.faults.next(1, answer, { chat: ana.id, method: 'sendMessage' });
}

story(
  'an alert that nobody acknowledges is reminded of, with its age, until somebody does',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await watchesAndOpensFollowUp(ana);
    ana.expects('Reminder: none.');
    await ana.presses('Remind every 15 min');
    ana.expects('Reminder: every 15 min, at most 5 times.');
    await world.post(disk(93));
    ana.expects('🟠 Disk nearly full: /home');
    await world.advance('15m');
    const { text } = ana.expects('Still burning: Disk nearly full: /home');
    expect(text).toContain('For 15 min now.');
    // How long is said once.
    expect(text.match(/15 min/g)).toHaveLength(1);
    await world.advance('15m');
    ana.expects('For 30 min now.');
    await ana.presses('Acknowledge');
    ana.expects('Acknowledged by Ana');
    await world.advance('3h');
    ana.expectsNothing();
    await world.post(disk(50));
    ana.expects('is over');
    await world.advance('3h');
    ana.expectsNothing();
  },
);

story('reminders end by themselves after the number that was chosen', async (world) => {
  const { ana } = world;
  const personId = await world.enrols(ana);
  await follows(world, personId, { remind: { every: '10m', most: 2 } });
  await ana.says(watch);
  await world.post(disk(93));
  ana.expects('🟠');
  await world.advance('10m');
  ana.expects('For 10 min now.');
  await world.advance('10m');
  ana.expects('For 20 min now.');
  await world.advance('5h');
  ana.expectsNothing();
});

story('who is next hears the alert once, and is reminded of it one interval after', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await watchesAndOpensFollowUp(ana);
  await ana.presses('Remind every 15 min');
  await ana.presses('Tell somebody else…');
  await ana.presses('Ben');
  ana.expects('After 15 min: Ben too.');
  await world.post(disk(93));
  ana.expects('🟠');
  await world.advance('15m');
  expect(ben.expects('Disk nearly full: /home').text).not.toContain('Still burning');
  await world.advance('1m');
  ben.expectsNothing();
  ana.expects('Still burning: Disk nearly full: /home');
  await world.advance('14m');
  ana.expects('For 30 min now.');
  expect(ben.expects('Still burning: Disk nearly full: /home').text).toContain('For 30 min now.');
});

story('who is next soon after the alert is not reminded with the others yet', async (world) => {
  const { ana, ben } = world;
  const ownerId = await world.enrols(ana);
  const next = await world.enrols(ben);
  await follows(world, ownerId, { remind: { every: '15m' }, escalate: [{ after: '10m', to: [next] }] });
  await ana.says(watch);
  await world.post(disk(93));
  await world.advance('10m');
  ben.expects('Disk nearly full: /home');
  await world.advance('5m');
  ana.expects('For 15 min now.');
  ben.expectsNothing();
  await world.advance('15m');
  ana.expects('For 30 min now.');
  ben.expects('For 30 min now.');
});

story('who heard of it late is reminded an interval after that', async (world) => {
  const { ana } = world;
  const ownerId = await world.enrols(ana);
  await follows(world, ownerId, { remind: { every: '1m', most: 1 } });
  await ana.says(watch);
  ana.expects('Saved: Disk nearly full');
  isLate(world, 10);
  await world.post(disk(93));
  ana.expectsNothing();
  await world.advance('30s');
  ana.expects('🟠 Disk nearly full: /home');
  await world.advance('35s');
  ana.expectsNothing();
  await world.advance('30s');
  ana.expects('For 1 min now.');
  await world.advance('5m');
  ana.expectsNothing();
});

story('a reminder waits until somebody has heard, and who is next does not wait for it', async (world) => {
  const { ana, ben } = world;
  const ownerId = await world.enrols(ana);
  const next = await world.enrols(ben);
  await follows(world, ownerId, {
    remind: { every: '1m', most: 1 },
    escalate: [{ after: '2m', to: [next] }],
  });
  await ana.says(watch);
  ana.expects('Saved: Disk nearly full');
  isLate(world, 170);
  await world.post(disk(93));
  await world.advance('2m');
  ben.expects('Disk nearly full: /home');
  await world.advance('55s');
  ana.expects('🟠 Disk nearly full: /home');
  ana.expectsNothing();
  await world.advance('5m');
  ana.expects('Still burning: Disk nearly full: /home');
  ana.expectsNothing();
});

story(
  'who slept is reminded from the morning on, an interval after hearing and as often as was chosen',
  async (world) => {
    const { ana } = world;
    const ownerId = await world.enrols(ana);
    await follows(world, ownerId, { remind: { every: '30m', most: 3 } });
    await ana.says('/quiet 22-7');
    await ana.says(watch);
    ana.expects('Saved: Disk nearly full');
    // What comes seconds after the hour is looked at seconds after seven.
    await world.advanceTo(Date.UTC(2026, 4, 4, 20, 0, 35));
    await world.post(disk(93));
    await world.advanceTo(morning(6, 59));
    ana.expectsNothing();
    await world.advanceTo(morning(7, 0, 5));
    ana.expects('🟠 Disk nearly full: /home');
    for (const [hours, minutes] of [
      [7, 30],
      [8, 0],
      [8, 30],
    ] as const) {
      await world.advanceTo(morning(hours, minutes) - 5_000);
      ana.expectsNothing();
      await world.advanceTo(morning(hours, minutes, 5));
      ana.expects('Still burning: Disk nearly full: /home');
    }
    await world.advance('12h');
    ana.expectsNothing();
  },
  { now: evening },
);

story(
  'with reminders a minute apart the morning brings all of them, too',
  async (world) => {
    const { ana } = world;
    const ownerId = await world.enrols(ana);
    await follows(world, ownerId, { remind: { every: '1m', most: 2 } });
    await ana.says('/quiet 22-7');
    await ana.says(watch);
    ana.expects('Saved: Disk nearly full');
    await world.advanceTo(morning(6, 20));
    await world.post(disk(93));
    await world.advanceTo(morning(7, 0, 5));
    ana.expects('🟠 Disk nearly full: /home');
    for (const minutes of [1, 2]) {
      await world.advanceTo(morning(7, minutes) - 5_000);
      ana.expectsNothing();
      await world.advanceTo(morning(7, minutes, 5));
      ana.expects('Still burning: Disk nearly full: /home');
    }
    await world.advance('2h');
    ana.expectsNothing();
  },
  { now: evening },
);

story(
  'a machine that has heard uses up no reminder of the person who sleeps',
  async (world) => {
    const { ana, rooms } = world;
    const ownerId = await world.enrols(ana);
    const home = await openSink();
    try {
      const input = { ownerId, channel: 'webhook', contact: { url: `${home.url}/home` }, label: 'home' };
      const added = await addReceiver(rooms.world, rooms.channels, operator, input, world.now());
      expect(added).toMatchObject({ ok: true });
      await follows(world, ownerId, { remind: { every: '30m', most: 1 } });
      await ana.says('/quiet 22-7');
      ana.expects('Quiet from 22:00');
      await world.makesRule(ana, {
        name: 'Disk nearly full',
        topic: 'disk.usage',
        kind: 'threshold',
        params: { field: 'usage', op: '>', limit: 90 },
        severity: 'warning',
        to: (await receiversOf(rooms.world.database.db, [ownerId])).map(({ id }) => id),
      });
      const told = () =>
        home.received.map(({ headers }) => headers['x-tocsin-event']).filter((what) => what !== 'ping');
      await world.advanceTo(evening + 3 * 3_600_000);
      await world.post(disk(93));
      await world.advanceTo(morning(6, 59));
      expect(told()).toEqual(['alert.fired']);
      ana.expectsNothing();
      await world.advanceTo(morning(7, 29));
      ana.expects('🟠 Disk nearly full: /home');
      ana.expectsNothing();
      await world.advanceTo(morning(7, 31));
      ana.expects('Still burning: Disk nearly full: /home');
      expect(told()).toEqual(['alert.fired', 'alert.reminded']);
      await world.advance('12h');
      ana.expectsNothing();
    } finally {
      await home.close();
    }
  },
  { now: evening },
);
