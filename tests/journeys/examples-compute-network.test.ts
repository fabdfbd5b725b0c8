// Seed 000 by its example: told in Telegram, by e-mail and on the desktop, in one's own words, tried by some, left and entered again.
import { afterAll, expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { openExample } from '../harness/example-world.ts';
import { until } from '../harness/until.ts';
import { openPostOffice, type PostOffice } from '../notify/stand-ins/post-office.ts';
import { openSink } from '../notify/stand-ins/sink.ts';
import { subscriber } from '../notify/stand-ins/subscriber.ts';
import { story } from './story.ts';

const office: PostOffice = await openPostOffice();
const mail = { url: office.url, from: 'Tocsin <alerts@example.org>' };
const me = { TOCSIN_OWNER: 'telegram:7001' };

story(
  'a worker stops earning and is hired: in Telegram, by e-mail and on the desktop',
  async (world) => {
    const { ana } = world;
    const desktop = await openSink(201);
    const example = await openExample('compute-network', world);
    const run = (script: string, ...args: string[]) => example.runsWith(me, script, ...args);
    try {
      await world.enrols(ana);
      await run('rules.sh', 'rules.yaml');
      await run('worker.sh', 'worker-7', 'Cluster Ready');
      ana.expectsNothing();

      // An e-mail address counts once its code came back.
      const added = JSON.parse(await run('address.sh', 'me@example.org'));
      expect(added).toMatchObject({ waits: true });
      const code = /^(\d{6}) is the code/m.exec(office.mails[0]!.raw)![1]!;
      await run('address.sh', 'code', added.id, code);
      // The desktop: the page behind the link hands the browser's subscription in.
      const { url } = JSON.parse(await run('desktop.sh'));
      const { p256dh, auth, decrypt } = subscriber();
      const page = example.url + new URL(url).pathname;
      expect(await (await fetch(page)).text()).toContain('Switch on');
      const body = JSON.stringify({ endpoint: `${desktop.url}/push`, keys: { p256dh, auth } });
      expect((await fetch(page, { method: 'POST', body })).ok).toBe(true);
      await world.settle();
      const popUps = () => desktop.received.map(({ bytes }) => decrypt(bytes));
      const { receivers } = (await example.asks('/v1/receivers?owner=telegram:7001')) as {
        receivers: { channel: string; label: string; state: string }[];
      };
      expect(receivers.map(({ channel, state }) => `${channel} ${state}`)).toEqual(
        expect.arrayContaining(['telegram works', 'email works', 'browser works']),
      );
      const browser = receivers.find(({ channel }) => channel === 'browser')!.label;
      // Where a rule tells is said in the chat.
      await ana.says('/rules');
      await ana.presses('2. No rewards');
      await ana.presses('Edit');
      await ana.presses('Told where');
      await ana.presses('Telegram');
      await ana.presses('email');
      await ana.presses(browser);
      await ana.presses('Done');
      await ana.presses('Save');
      ana.expects('No rewards');

      await world.advance('2m');
      await run('worker.sh', 'worker-7', 'Not Block Reward Ready', 'the health check timed out');
      const told = ana.expects('🔴 worker-7 earns no block rewards');
      expect(told.text).toContain('The network says: the health check timed out.');
      expect(ana.transcript()).toContain('🔵 worker-7: Not Block Reward Ready');
      await until('the mail is there', () => office.mails.length === 2);
      expect(office.mails[1]!.raw).toContain('worker-7 earns no block rewards');
      expect(popUps().join()).toContain('worker-7 earns no block rewards');
      expect(labels(told).flat()).toContain('Acknowledge');
      await ana.presses('Acknowledge');
      // Said again: nothing new.
      await run('worker.sh', 'worker-7', 'Not Block Reward Ready', 'the health check timed out');
      ana.expects('Acknowledged by Ana');
      ana.expectsNothing();

      await world.advance('5m');
      await run('worker.sh', 'worker-7', 'Hired');
      expect(ana.transcript()).toContain('🔵 worker-7 was hired');
      expect(ana.transcript()).toContain('It is “Hired” again, after 5 min');
      await until('the end is there by mail', () => office.mails.length === 3);

      // Nothing for a quarter of an hour.
      await world.advance('16m');
      ana.expects('🟠 Silent worker: worker-7');
    } finally {
      await example.close();
      await desktop.close();
    }
  },
  { gateways: { mail } },
);

story(
  'a rule on trial tells only its pilot; ended, everybody; and whoever opts out of e-mail gets none',
  async (world) => {
    const { ana } = world;
    const example = await openExample('compute-network', world);
    const run = (script: string, ...args: string[]) => example.runsWith(me, script, ...args);
    const before = office.mails.length;
    const mails = () => office.mails.length - before;
    try {
      await world.enrols(ana);
      const added = JSON.parse(await run('address.sh', 'me@example.org'));
      const code = /^(\d{6}) is the code/m.exec(office.mails.at(-1)!.raw)![1]!;
      await run('address.sh', 'code', added.id, code);
      await run('rules.sh', 'trial.yaml');
      await run('worker.sh', 'worker-7', 'Cluster Ready');
      await run('worker.sh', 'worker-7', 'Hired');
      ana.expects('Hired on trial');
      expect(mails(), 'only the code').toBe(1);
      await ana.says('/rules');
      await ana.presses('1. Hired on trial');
      expect((await ana.presses('End the trial')).text).toBe('It tells again.');
      await run('worker.sh', 'worker-8', 'Cluster Ready');
      await run('worker.sh', 'worker-8', 'Hired');
      expect(mails()).toBe(2);

      await run('opt.sh', 'out', 'email');
      await run('worker.sh', 'worker-9', 'Cluster Ready');
      await run('worker.sh', 'worker-9', 'Hired');
      ana.expects('worker-9');
      expect(mails(), 'opted out').toBe(2);
      await run('opt.sh', 'in', 'email');
      await run('worker.sh', 'worker-10', 'Cluster Ready');
      await run('worker.sh', 'worker-10', 'Hired');
      expect(mails(), 'in again').toBe(3);
      await run('opt.sh', 'out');
      await run('worker.sh', 'worker-11', 'Cluster Ready');
      await run('worker.sh', 'worker-11', 'Hired');
      ana.expects('worker-10');
      ana.expectsNothing();
    } finally {
      await example.close();
    }
  },
  { gateways: { mail } },
);

story('the line of the README makes the same rule in the chat', async (world) => {
  const { ana } = world;
  const example = await openExample('compute-network', world);
  await world.enrols(ana);
  await example.runs('worker.sh', 'worker-7', 'Cluster Ready');
  await ana.says(example.lines('/watch')[0]!);
  ana.expects('Saved: Any change');
  await example.runs('worker.sh', 'worker-7', 'Hired');
  expect(ana.expects('Any change: worker-7').text).toContain('Cluster Ready → Hired');
  await example.close();
});

afterAll(() => office.close());
