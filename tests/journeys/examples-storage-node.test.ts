// Seed 001 by its example: one “offline” from six satellites, the distance to disqualification, caps of one's own, a chosen group.
import { expect } from 'vitest';
import { openExample } from '../harness/example-world.ts';
import { story } from './story.ts';

const me = { TOCSIN_OWNER: 'telegram:7001' };
const satellites = ['ap1', 'eu1', 'eu2', 'us1', 'us2', 'us3'];

story('six satellites miss a node: one alert, reported by 4 of 6, then 5, and one end', async (world) => {
  const { ana, ben } = world;
  const example = await openExample('storage-node', world);
  const all = async (status: string, some = satellites) => {
    for (const name of some) await example.runs('satellite.sh', name, 'uptime', 'node-1', status);
  };
  await world.enrols(ana);
  await world.enrols(ben);
  await ana.says(example.lines('/my nodes')[0]!);
  ana.expects('node-1');
  await example.runsWith(me, 'rules.sh');
  await example.runsWith({ TOCSIN_OWNER: 'telegram:7002' }, 'rules.sh');
  await all('ok');
  await all('fail', satellites.slice(0, 3));
  ana.expectsNothing();
  await all('fail', ['us1']);
  expect(ana.expects('🔴 Offline: node-1').text).toContain('reported by 4 of 6: ap1, eu1, eu2, us1');
  await all('fail', ['us2']);
  await world.advance('1m');
  ana.expects('reported by 5 of 6');
  expect(ana.transcript().match(/🔴 Offline/g), 'one message however many join').toHaveLength(1);
  await ana.presses('Acknowledge');
  ana.expects('Acknowledged by Ana');
  await all('ok');
  ana.expects('✅ Offline: node-1 is over');
  await example.runs('satellite.sh', 'us1', 'uptime', 'node-2', 'fail');
  ben.expectsNothing();
  await example.close();
});

story('audits: the ratio, its distance to the bar, containment; and software for one wave', async (world) => {
  const { ana } = world;
  const example = await openExample('storage-node', world);
  await world.enrols(ana);
  await ana.says('/my nodes add node-1');
  await example.runsWith(me, 'rules.sh');
  const audit = (status: string, ratio: string) =>
    example.runs('satellite.sh', 'us1', 'audit', 'node-1', status, ratio);
  await audit('ok', '0.95');
  await audit('contained', '0.9');
  ana.expects('🟠 Containment: node-1');
  await world.advance('10m');
  await audit('fail', '0.71');
  const near = ana.expects('🟠 node-1 fails audits of us1');
  expect(near.text).toContain('Audit ratio 0.71; 0.11 from disqualification at 0.6.');
  await world.advance('10m');
  await audit('fail', '0.58');
  expect(ana.transcript()).toContain('🔴 node-1 fails audits of us1');
  await world.advance('10m');
  await audit('ok', '0.9');
  // The message that burned turns green, and a new one says it.
  ana.expects('Audit ratio 0.9, out of danger');
  ana.expects('Audit ratio 0.9, out of danger');
  await example.runs('satellite.sh', 'us1', 'software', 'wave-2', '1.105.4');
  ana.expectsNothing();
  await example.runs('satellite.sh', 'us1', 'software', 'wave-1', '1.105.4');
  ana.expects('Please update your node to 1.105.4 or newer');
  await example.close();
});

story('at most three messages an hour, a minute between two, and nothing is lost', async (world) => {
  const { ana } = world;
  const example = await openExample('storage-node', world);
  await world.enrols(ana);
  await example.runs('satellite.sh', 'us1', 'uptime', 'node-0', 'ok');
  await ana.says('/watch satellite.uptime where status = fail named "Uptime check failed"');
  ana.expects('Saved');
  const { receivers } = JSON.parse(await example.runsWith(me, 'style.sh')) as { receivers: { id: string }[] };
  await example.runsWith(me, 'style.sh', receivers[0]!.id, '3', '10', '1m');
  for (let i = 1; i <= 5; i++) await example.runs('satellite.sh', 'us1', 'uptime', `node-${i}`, 'fail');
  ana.expects('node-1');
  ana.expectsNothing();
  await world.advance('5m');

  ana.expects('node-2: warning');
  await world.advance('2h');
  for (let i = 1; i <= 5; i++) expect(ana.transcript()).toContain(`node-${i}`);
  await example.close();
});

story('the line of the README asks two satellites', async (world) => {
  const { ana } = world;
  const example = await openExample('storage-node', world);
  await world.enrols(ana);
  await example.runs('satellite.sh', 'us1', 'uptime', 'node-9', 'fail');
  await ana.says(example.lines('/watch')[0]!);
  ana.expects('Saved: Two miss it');
  await example.runs('satellite.sh', 'us1', 'uptime', 'node-9', 'fail');
  ana.expectsNothing();
  await example.runs('satellite.sh', 'eu1', 'uptime', 'node-9', 'fail');
  ana.expects('reported by 2 of 2: eu1, us1');
  await example.close();
});
