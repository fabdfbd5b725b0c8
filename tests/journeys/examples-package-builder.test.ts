// Seed 003 by its example: the audit person reads a week, the machine gets each promotion once, and a failure is seen.
import { expect } from 'vitest';
import { openExample } from '../harness/example-world.ts';
import { freePorts } from '../harness/free-port.ts';
import { until } from '../harness/until.ts';
import { story } from './story.ts';

const me = { TOCSIN_OWNER: 'telegram:7001' };
type Listed = { receivers: { id: string; label: string; state: string }[] };
type Log = { deliveries: { id: number; outcome: string; attempt: number }[] };

story(
  'the machine is down when a package is promoted, hears of it later, once, and again when asked',
  async (world) => {
    const { ana } = world;
    const example = await openExample('package-builder', world);
    const run = (script: string, ...args: string[]) => example.runsWith(me, script, ...args);
    const [port] = await freePorts(1);
    await world.enrols(ana);
    const hook = JSON.parse(await run('hook.sh', 'add', `http://127.0.0.1:${port}/`));
    await run('hook.sh', 'rules');
    await run('builder.sh', 'core', 'openssl', 'promote', 'unstable');
    await run('builder.sh', 'core', 'openssl', 'promote', 'stable', 'ana');
    // Nobody listens: it is seen.
    const { receivers } = JSON.parse(await run('hook.sh', 'list')) as Listed;
    expect(receivers.find(({ id }) => id === hook.id)).toMatchObject({ label: 'ci', state: 'failing' });
    const failed = JSON.parse(await run('hook.sh', 'log', hook.id)) as Log;
    expect(failed.deliveries[0]!.outcome).toBe('retry');

    try {
      const variables = { TOCSIN_WEBHOOK_SECRET: hook.shown.secret, PORT: `${port}` };
      const ci = await example.starts('receiver.mjs', variables);
      await world.advance('1m');
      expect(ci.lines()).toEqual(['listening', 'sync core/openssl (stable)']);
      const log = JSON.parse(await run('hook.sh', 'log', hook.id)) as Log;
      expect(log.deliveries[0]!.outcome).toBe('sent');
      expect(
        (JSON.parse(await run('hook.sh', 'list')) as Listed).receivers.map(({ state }) => state),
      ).toEqual(['works', 'works']);
      await run('hook.sh', 'again', `${log.deliveries[0]!.id}`);
      await until('it came again', () => ci.lines().length === 3);
      expect(ci.lines()[2]).toMatch(/^again msg_\S+: nothing to do/);

      // Somebody else's words are refused.
      const forged = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: '{"type":"alert.fired"}',
      });
      expect(forged.status).toBe(401);
      ana.expectsNothing();
    } finally {
      await example.close();
    }
  },
  // The machine has a clock of its own, and refuses what is older than five minutes.
  { now: Date.now() },
);

story(
  'a hook that fails for five days is switched off, and its owner hears of it',
  async (world) => {
    const { ana } = world;
    const example = await openExample('package-builder', world);
    const [port] = await freePorts(1);
    await world.enrols(ana);
    await example.runsWith(me, 'hook.sh', 'add', `http://127.0.0.1:${port}/`);
    await example.runsWith(me, 'hook.sh', 'rules');
    await example.runs('builder.sh', 'core', 'openssl', 'promote', 'stable');
    await world.advance('6d');
    ana.expects('ci');
    const { receivers } = JSON.parse(await example.runsWith(me, 'hook.sh', 'list')) as Listed;
    expect(receivers.find(({ label }) => label === 'ci')).toMatchObject({ state: 'off' });
    await example.close();
  },
  { complaints: [/an address was switched off/] },
);

story('the audit person is not interrupted, and reads a week in one message', async (world) => {
  const { ana } = world;
  const example = await openExample('package-builder', world);
  await world.enrols(ana);
  await example.runs('builder.sh', 'core', 'openssl', 'build', 'complete');
  for (const line of example.lines('/watch').slice(0, 2)) await ana.says(line);
  ana.expects('Saved: openssl');
  ana.expects('Saved: Audit of core');
  await example.runs('builder.sh', 'core', 'openssl', 'promote', 'stable', 'ben');
  expect(ana.expects('core/openssl: promote stable').text).toContain('by: ben');
  await example.runs('builder.sh', 'core', 'zlib', 'build', 'failed');
  await example.runs('builder.sh', 'core', '-', 'member-added', '', 'ben');
  await example.runs('builder.sh', 'extra', 'zlib', 'build', 'failed');
  ana.expectsNothing();
  await world.advance('167h');
  await ana.says(example.lines('/catchup')[0]!);
  const week = ana.expects('What you missed');
  for (const topic of ['builder.core.openssl', 'builder.core.zlib', 'builder.core'])
    expect(week.text).toContain(topic);
  expect(week.text).not.toContain('extra');
  const kept = async (what: string) =>
    (await example.runs('audit.sh', what))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
  expect(await kept('core')).toEqual(
    ['', '.zlib', '.openssl', '.openssl'].map((end) => `builder.core${end}`),
  );
  expect(await kept('core.openssl')).toHaveLength(2);
  await example.close();
});

story('a failed build is taken over by a press, and is over when the package builds again', async (world) => {
  const { ana } = world;
  const example = await openExample('package-builder', world);
  await world.enrols(ana);
  await example.runs('builder.sh', 'core', 'zlib', 'build', 'complete');
  await ana.says(example.lines('/watch').at(-1)!);
  ana.expects('Saved: Failed builds');
  await example.runs('builder.sh', 'core', 'zlib', 'build', 'failed');
  ana.expects('complete → failed');
  await ana.presses('Acknowledge');
  ana.expects('Acknowledged by Ana');
  await example.runs('builder.sh', 'core', 'zlib', 'build', 'complete');
  ana.expects('is over');
  await example.close();
});
