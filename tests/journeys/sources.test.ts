// What is watched, made by chatting: software is asked, jobs call, and nobody reads a manual.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import { host } from '#ingest/modules/host.ts';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

let memory = '8e+09';
let status = 200;
const exporter = createServer((request, response) => {
  if (status === 401 && request.headers.authorization !== 'Bearer sesame')
    return void response.writeHead(401).end();
  const page = host.example!.pages[0]!.body.replace(
    'MemAvailable_bytes 2e+09',
    `MemAvailable_bytes ${memory}`,
  );
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page);
});
let address = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(exporter.address() as AddressInfo).port}/metrics`;
});
afterAll(() => void exporter.close());

story('Ana watches this machine: its address, its live values, and a rule by one press', async (world) => {
  const { ana } = world;
  memory = '7e+09';
  await world.enrols(ana);
  await ana.says('/sources');
  ana.expects('Nothing is watched by asking yet');
  await ana.presses('Watch software');
  ana.expects('What shall be watched?');
  await ana.presses('A machine (node_exporter)');
  const asked = ana.expects('Where node_exporter answers');
  expect(labels(asked).flat()).toContain('http://127.0.0.1:9100/metrics');
  await ana.says('my laptop');
  ana.expects('must begin with http');
  await ana.says(address);
  const live = ana.expects('this machine answers');
  expect(live.text).toContain('Available memory: 87.5 %');
  expect(live.text).toContain('/home · Used space: 95 %');
  // The process ends before it is added.
  await world.restarts();
  await ana.presses('Watch it');
  const added = ana.expects('this machine is asked from now on.');
  expect(added.text).toContain('Memory runs out: available under 10');
  expect((await ana.presses('Memory runs out')).text).toBe('The rule watches from now on.');
  ana.expects('Your rules about it: Little memory');
  await ana.presses('All 6 rules');
  ana.expects('Disk nearly full');
  await world.advance('1m');
  expect(ana.expects('🟠 Disk nearly full: /home').text).toContain('95 %, limit 90');
  memory = '4e+08';
  await world.advance('4m');
  ana.expects('Little memory');

  await ana.says('/sources');
  expect(ana.expects('Asked:').text).toContain('this machine · answers');
  await ana.presses('this machine');
  await ana.presses('Pause');
  ana.expects('Paused.');
  await ana.presses('Resume');
  await ana.presses('Remove');
  ana.expects('Your rules about it stay, too');
  await ana.presses('Keep it');
  await ana.presses('Remove');
  await ana.presses('Yes, remove it');
  ana.expects('this machine is removed.');
});

story('software that is not there, or wants a password, says so before anything is kept', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/sources');
  await ana.presses('Watch software');
  await ana.presses('A machine (node_exporter)');
  await ana.says('http://127.0.0.1:9/metrics');
  ana.expects('could not be read: nothing is kept yet');
  await ana.presses('Back');
  status = 401;
  await ana.says(address);
  ana.expects('could not be read');
  await ana.presses('It needs a password');
  await ana.says('sesame');
  ana.expects('this machine answers');
  const typed = world.telegram.messages(ana.id).find(({ text }) => text === 'sesame');
  expect(typed?.deleted).toBe(true);
  await ana.presses('Another name');
  await ana.says('bad\tname?');
  ana.expects('could not be read');
  await ana.presses('Another name');
  await ana.says('laptop');
  ana.expects('laptop answers');
  await ana.presses('Watch it');
  ana.expects('A password is sent; it is kept sealed.');
  status = 200;
});

story('a job is waited for after two presses and a line to paste; what is late is told', async (world) => {
  const { ana, ben } = world;
  await world.enrols(ana);
  await world.enrols(ben);
  await ben.says('/sources');
  const shown = ben.expects('You wait for no job yet');
  expect(labels(shown).flat()).toEqual(['Wait for a job']);
  await ben.presses('Wait for a job');
  await ben.presses('Nightly backup');
  await ben.says('now and then');
  ben.expects('“now and then” is neither a time span nor a schedule');
  await ben.presses('Every 1 h');
  const line = ben.expects('Put this line at the end of the job');
  const token = /\/v1\/ping\/([\w-]+)/.exec(line.text)?.[1];
  const call = async () => {
    const answer = await world.app.request(`/v1/ping/${token}`);
    await world.settle();
    return answer.status;
  };
  expect(await call()).toBe(200);
  await ben.says('/sources');
  expect(ben.expects('Waited for:').text).toContain('Nightly backup · well');
  await world.advance('70m');
  ben.expects('Missing call from Nightly backup');
  await call();
  ben.expects('is over');

  await ben.says('/sources');
  await ben.presses('Nightly backup');
  await ben.presses('New address');
  await ben.presses('Yes, a new one');
  ben.expects('it is shown only now');
  expect(await call()).toBe(404);
  await ben.presses('Remove');
  await ben.presses('Yes, remove it');
  ben.expects('Nightly backup is removed.');
  // The same name twice.
  await ben.presses('Wait for a job');
  await ben.says('Import');
  await ben.says('0 3 * * *');
  ben.expects('Should call every day at 3:00 (Europe/Berlin)');
  await ben.says('/sources');
  await ben.presses('Wait for a job');
  await ben.presses('Import');
  await ben.presses('Every 1 day');
  ben.expects('There is already a heartbeat called Import');
});
