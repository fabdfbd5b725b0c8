// Our own silence is not held against those who wait for somebody else's word.
import { expect } from 'vitest';
import { afterAbsence } from '../../src/app/away-time.ts';
import { startCanary } from '../../src/app/canary.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from '../journeys/story.ts';

/** The last canary came through now; then nobody is there for so long. */
async function isAway(world: StoryWorld, ms: number): Promise<void> {
  (await startCanary(world.rooms.world, () => true, world.now)).stop();
  await world.settle();
  const { database, log } = world.rooms.world;
  await afterAbsence(database, log, 'Europe/Berlin', world.now() + ms);
}

const minute = 60_000;

story(
  'what came while nobody could let it in is waited for once more, and missed after that',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch backup.done absent for 1h');
    ana.expects('Any backup.done');
    await world.post({ type: 'backup.done', subject: 'cad', data: {} });
    await world.advance('50m');
    // Away from 10:50 to 11:20: the word of 11:00 was lost.
    await isAway(world, 30 * minute);
    await world.advance('89m');
    ana.expectsNothing();
    await world.advance('2m');
    ana.expects('nothing for 2 h 20 min');
  },
);

story('a short restart long before the time changes nothing, nor one that waits already', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch backup.done absent for 6h');
  ana.expects('Any backup.done');
  await world.post({ type: 'backup.done', subject: 'cad', data: {} });
  await world.advance('1h');
  await isAway(world, 2 * minute);
  await world.advance('299m');
  ana.expectsNothing();
  await world.advance('2m');
  ana.expects('nothing for 6 h');
});

story('a schedule that passed while nobody was there is waited for until its next time', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  // Every hour, by the owner's clock; ten minutes late is late.
  await ana.says('/watch backup.done absent cron "0 * * * *" grace 10m');
  ana.expects('Any backup.done');
  await world.post({ type: 'backup.done', subject: 'cad', data: {} });
  await world.advance('55m');
  await isAway(world, 20 * minute);
  await world.advance('74m');
  ana.expectsNothing();
  await world.advance('2m');
  expect(ana.expects('nothing came').text).toContain('expected');
});

for (const bands of [[], [{ when: 'Mon-Fri 09:00-18:00' }, { when: 'otherwise', off: true }]])
  story(
    `what holds until it is said again gets the time back${bands.length ? ', of a rule with time bands, too' : ''}`,
    async (world) => {
      const { ana } = world;
      await world.enrols(ana);
      await world.makesRule(ana, {
        name: 'Reported',
        topic: 'alertmanager.DiskFull',
        kind: 'every',
        params: {},
        bands,
      });
      const said = {
        labels: { alertname: 'DiskFull', instance: 'cad1' },
        annotations: { summary: 'Disk full' },
        startsAt: new Date(world.now()).toISOString(),
        endsAt: new Date(world.now() + 4 * minute).toISOString(),
      };
      const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
      const request = { method: 'POST', headers, body: JSON.stringify([said]) };
      expect((await world.app.request('/api/v2/alerts', request)).status).toBe(200);
      await world.settle();
      ana.expects('Disk full');
      await isAway(world, 30 * minute);
      await world.advance('33m');
      ana.expectsNothing();
      await world.advance('2m');
      ana.expects('no longer reported');
    },
  );
