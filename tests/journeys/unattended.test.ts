// What nobody takes care of is followed up, and somebody who is away leaves nothing behind.
import { expect } from 'vitest';
import { erasePerson } from '#operations/erase-person.ts';
import { labels } from '#sandbox/telegram/index.ts';
import { disk, watch, watchesAndOpensFollowUp } from './follow-up.ts';
import { story } from './story.ts';

story('an acknowledgement runs out, and the alert is nobody’s again', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await watchesAndOpensFollowUp(ana);
  await ana.presses('Acks hold 1 h');
  ana.expects('An acknowledgement holds: 1 h.');
  await world.post(disk(93));
  ana.expects('🟠');
  await ana.presses('Acknowledge');
  await world.advance('61m');
  expect(labels(ana.expects('Still burning')).flat()).toContain('Acknowledge');
});

story('who is next is told after a quarter of an hour, and may acknowledge for everybody', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await watchesAndOpensFollowUp(ana);
  await ana.presses('Tell somebody else…');
  ana.expects('Who is told when nobody has acknowledged after 15 minutes?');
  await ana.presses('Ben');
  ana.expects('After 15 min: Ben too.');
  await world.post(disk(93));
  ana.expects('🟠');
  await world.advance('14m');
  ben.expectsNothing();
  await world.advance('1m');
  ben.expects('Disk nearly full: /home');
  expect((await ben.presses('Acknowledge')).text).toContain('Acknowledged');
  ana.expects('Acknowledged by Ben');
  await world.post(disk(50));
  ana.expects('is over');
  ben.expects('is over');
});

story('who stood in for somebody leaves: they hear of it, and stay away', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  const id = await world.enrols(ben);
  await ana.says(watch);
  await ana.says('/away 3d Ben');
  ana.expects('Ben is told instead');
  const operator = { is: 'operator', name: 'the story' } as const;
  await erasePerson(world.rooms.world, operator, { personId: id }, world.now());
  await world.advance('1m');
  ana.expects(
    'Whoever was told instead of you while you are away has left. What is not critical waits until you are back; /away names somebody else.',
  );
  await ana.says('/away');
  expect(ana.expects('away until').text).not.toContain('instead');
  await world.post(disk(95));
  ana.expectsNothing();
  await ana.presses('I am back');
  ana.expects('95, limit 90');
});

story('somebody who is away names who is told instead, and both hear the end', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says(watch);
  await world.post(disk(93, '/old'));
  ana.expects('/old');
  await ana.says('/away 3d Nobody At All');
  ana.expects('I know nobody here called');
  await ana.says('/away 3d Ben');
  ana.expects('Ben is told instead');
  ben.expects('Ana is away.');
  await world.post(disk(95));
  ben.expects('🟠 Disk nearly full: /home');
  ana.expectsNothing();
  await ben.presses('Acknowledge');
  ben.expects('Acknowledged by Ben');
  await world.post([disk(50), disk(50, '/old')]);
  ben.expects('/home is over');
  ana.expects('/old is over');
  await ana.says('/away');
  await ana.presses('I am back');
  ana.expects('You are here');
  ben.expects('Ana is back');
  await world.post(disk(96));
  ana.expects('96, limit 90');
  ben.expectsNothing();
});

story(
  'without anybody in their place, the return is told what waited, and what is critical comes at once',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says(watch);
    await ana.says('/watch cpu.load load > 10 severity critical named Overload');
    await ana.says('/away 2d');
    await ana.presses('Nobody');
    ana.expects('the rest when you are back');
    await world.post([disk(93), disk(94, '/var'), { type: 'cpu.load', subject: 'cad1', data: { load: 12 } }]);
    ana.expects('🔴 Overload: cad1');
    ana.expectsNothing();
    await world.post(disk(20, '/var'));
    await world.advance('2d');
    expect(ana.expects('While you were away').text).toMatch(/Still burning: 1[\s\S]*Came and went: 1/);
  },
);

story('away is said as it is said of anything: until a day, or hours that are to come', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says(watch);
  await ana.says('/away until wednesday');
  ana.expects('Not away yet: who is told instead of you until Wed 9:00?');
  await ana.presses('Nobody');
  ana.expects('You are away until Wed 9:00.');
  await ana.says('/away back');
  ana.expects('You are here');
  await ana.says('/away tomorrow 9-17 Ben');
  ana.expects('You will be away from Tue 9:00 until Tue 17:00. Ben is told instead.');
  ben.expects('Ana will be away from Tue 9:00 until Tue 17:00; then you are told of their alerts.');
  await world.post(disk(95));
  ana.expects('95, limit 90');
  ben.expectsNothing();
  await world.advanceTo(Date.UTC(2026, 4, 5, 8));
  await world.post(disk(95, '/var'));
  ben.expects('🟠 Disk nearly full: /var');
  ana.expectsNothing();
  await ana.says('/away wed 9-12');
  expect(ana.expects('You are away until 17:00, and a later absence would end that.').text).toContain(
    '/away off',
  );
  await ana.presses('I am back');
  ben.expects('Ana is back and told again themselves.');
  await ana.says('/away wed 9-12');
  ana.expects('Not away yet: who is told instead of you from Wed 9:00 until Wed 12:00?');
  await ana.presses('Ben');
  ana.expects('You will be away from Wed 9:00 until Wed 12:00.');
  ben.expects('Ana will be away from Wed 9:00 until Wed 12:00; then you are told of their alerts.');
  await ana.says('/away wed 9-12');
  await ana.presses('Nobody');
  ben.expects('You are no longer to be told of the alerts of Ana.');
  await ana.says('/away thu 9-12 Ben');
  ben.expects('Ana will be away from Thu 9:00');
  await ana.says('/away off');
  ana.expects('You are here');
  ben.expects('Ana will not be away after all and is told themselves.');
});

story(
  'a name that begins like a month is no month, and a date just gone by asks for its year',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says('/away until 18 Ben');
    ana.expects('You are away until 18:00. Ben is told instead.');
    await ana.says('/away until 3 may Ben');
    ana.expects('Which year is meant?');
    await ana.says('/away until 18 Maria');
    ana.expects('I know nobody here called “Maria”.');
  },
);

story('a wrong span, a group, and nobody else here are no dead ends', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  for (const days of ['0d', '400d', '400d Ben']) {
    await ana.says(`/away ${days}`);
    ana.expects('Away ends in the future, and within a year');
  }
  await ana.says('/away soon');
  expect(ana.expects('I don’t understand “soon”').text).toContain('/away until monday');
  await ana.says('/away');
  await ana.presses('A week');
  ana.expects('who is told instead of you until Mon 11 May 9:00?');
  await ana.presses('Nobody');
  ana.expects('You are away until Mon 11 May 9:00.');
  await ana.says('/away back');
  ana.expects('You are here');
});
