// Maintenance: muted later, or in hours of every week; listed, and lifted.
import { story } from './story.ts';

const disk = (subject: string, usage = 95) => ({ type: 'disk.usage', subject, data: { usage } });

story(
  'what is muted every week in some hours is told at the others, and held until they end',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch disk.usage usage > 90 named "Disks"');
    // Monday, 12:00 in Berlin.
    await ana.says('/silence disk.usage every Mon 13-14');
    ana.expects('Will be muted: disk.usage every week Mon 13:00-14:00');
    await world.post(disk('/a'));
    ana.expects('Disks: /a');
    await world.advance('90m');
    await world.post(disk('/b'));
    ana.expectsNothing();
    await world.restarts();
    await world.advance('31m');
    ana.expects('Disks: /b');
    await ana.says('/silence');
    ana.expects('every week Mon 13:00-14:00');
    // A week later again, until it is lifted.
    await world.advance('167h');
    await world.post(disk('/c'));
    ana.expectsNothing();
    await ana.says('/silence');
    await ana.presses('Lift 1');
    ana.expects('Disks: /c');
  },
);

story('what is muted later begins then', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch disk.usage usage > 90 named "Disks"');
  await ana.says('/silence disk.usage 1h from 13:00');
  ana.expects('Will be muted: disk.usage from');
  await world.post(disk('/a'));
  ana.expects('Disks: /a');
  await world.advance('70m');
  await world.post(disk('/b'));
  ana.expectsNothing();
  await world.advance('1h');
  ana.expects('Disks: /b');
  await ana.says('/silence disk.usage every Someday');
  ana.expects('is no time of the week');
});
