// A source that follows its alerts itself: status and fingerprint decide, not the subject.
import { expect } from 'vitest';
import { story } from './story.ts';

const zabbix = (fingerprint: string, status: 'firing' | 'resolved', summary: string, more: object = {}) => ({
  type: 'zabbix.problem',
  subject: 'cad1',
  status,
  fingerprint,
  data: { summary },
  ...more,
});

story('two alerts of one subject stay two, each with its own end', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch zabbix.** every');
  ana.expects('every event');
  await world.post(zabbix('p1', 'firing', 'Fan is slow'));
  await world.post(zabbix('p2', 'firing', 'Power supply is out', { severity: 'critical' }));
  ana.expects('🟠 Fan is slow: cad1');
  ana.expects('🔴 Power supply is out: cad1');
  await world.post(zabbix('p1', 'firing', 'Fan is slow'));
  ana.expectsNothing();
  await ana.says('/alerts');
  ana.expects('2 alerts burn:');
  await world.advance('8m');
  await world.post(zabbix('p2', 'resolved', 'Power supply is out'));
  expect(ana.expects('✅ Power supply is out: cad1 is over').text).toContain('after 8 min.');
  await world.post(zabbix('p2', 'resolved', 'Power supply is out'));
  ana.expectsNothing();
  await ana.says('/alerts');
  expect(ana.expects('1 alert burns:').text).toContain('Fan is slow');
  await world.post(zabbix('p1', 'resolved', 'Fan is slow'));
  ana.expects('✅ Fan is slow: cad1 is over');
});

story('an end that nobody heard the beginning of says nothing', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch zabbix.** every');
  ana.expects('Saved');
  await world.post(zabbix('p1', 'resolved', 'Fan is slow'));
  await world.advance('1h');
  ana.expectsNothing();
});

story('it gets worse by the source’s own word: told again, with a sound', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch zabbix.** every');
  ana.expects('Saved');
  await world.post(zabbix('p1', 'firing', 'Fan is slow'));
  ana.expects('🟠 Fan is slow: cad1');
  await ana.presses('Acknowledge');
  await world.advance('5m');
  await world.post(zabbix('p1', 'firing', 'Fan stands still', { severity: 'critical' }));
  const worse = ana.expects('🔴 Fan stands still: cad1\nIt got worse: critical now.');
  expect(worse.silent).toBe(false);
  expect(ana.transcript()).toContain('A newer message follows below.');
  await world.post(zabbix('p1', 'resolved', 'Fan stands still'));
  ana.expects('✅ Fan stands still: cad1 is over');
});

story(
  'Ana closes by hand what its source goes on reporting: it stays closed until it ends there',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch zabbix.** every');
    ana.expects('Saved');
    await world.post(zabbix('p1', 'firing', 'Fan is slow'));
    ana.expects('🟠 Fan is slow: cad1');
    await world.advance('3m');
    expect((await ana.presses('Resolve')).text).toBe('Resolved.');
    expect(ana.expects('✅ Fan is slow: cad1 is closed').text).toContain('Closed by Ana after 3 min');
    await world.post(zabbix('p1', 'firing', 'Fan is slow'));
    ana.expectsNothing();
    await world.post(zabbix('p1', 'resolved', 'Fan is slow'));
    ana.expectsNothing();
    await world.post(zabbix('p1', 'firing', 'Fan is slow'));
    ana.expects('🟠 Fan is slow: cad1');
  },
);
