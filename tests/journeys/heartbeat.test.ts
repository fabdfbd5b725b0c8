// A nightly backup that calls in: late, failed, hanging, well again, each told once.
import { expect } from 'vitest';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const hour = 3_600_000;
/** 2 a.m. in Berlin. */
const night = Date.UTC(2026, 4, 4, 0);

async function makes(
  world: StoryWorld,
  wish: object,
): Promise<(what?: string, log?: string) => Promise<void>> {
  const answer = await world.app.request('/v1/heartbeats', {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ owner: `telegram:${world.ben.id}`, ...wish }),
  });
  const made = (await answer.json()) as { path: string };
  expect(answer.status, JSON.stringify(made)).toBe(201);
  return async (what = '', log) => {
    const init = log === undefined ? {} : { method: 'POST', body: log };
    expect((await world.app.request(`${made.path}${what}`, init)).status).toBe(200);
    await world.settle();
  };
}

story(
  'a backup that comes each night is not heard of; one night it does not come, and that is told',
  async (world) => {
    const { ben } = world;
    await world.enrols(ben);
    const ping = await makes(world, {
      name: 'backup',
      cron: '0 3 * * *',
      zone: 'Europe/Berlin',
      grace: '10m',
    });
    for (let day = 0; day < 3; day++) {
      await world.advanceTo(night + day * 24 * hour + hour);
      await ping('/start');
      await world.advance('4m');
      await ping();
    }
    ben.expectsNothing({ edits: true });
    // The fourth night: nobody calls.
    await world.advanceTo(night + 3 * 24 * hour + hour + 9 * 60_000);
    ben.expectsNothing();
    await world.advance('2m');
    const late = ben.expects('Missing call from backup');
    expect(late.text).toMatch(/expected at .*3:00/);
    await world.advance('6h');
    ben.expectsNothing();
    await ping();
    expect(ben.expects('is over').text).toBe(
      '✅ Missing call from backup is over\nit came again, after 6 h 1 min.',
    );
  },
  { now: night, zone: 'Europe/Berlin' },
);

story(
  'one that fails is told at once, with its exit code and last words, and that it is well again',
  async (world) => {
    const { ben } = world;
    await world.enrols(ben);
    const ping = await makes(world, { name: 'backup', every: '1d', grace: '1h', severity: 'critical' });
    await ping('/start');
    await world.advance('90s');
    await ping('/2', 'copying\nno space left on device');
    const failed = ben.expects('no space left on device');
    expect(failed.text).toMatch(/^🔴 Failure of backup/);
    expect(failed.text).toContain('failed with exit code 2 after 2 min');
    await world.advance('1h');
    await ping('/2', 'copying\nno space left on device');
    ben.expectsNothing();
    await world.advance('1h');
    await ping('/start');
    await world.advance('90s');
    await ping('/0');
    expect(ben.expects('is over').text).toBe(
      '✅ Failure of backup is over\nfinished well in 2 min, after 2 h 2 min.',
    );
    await world.advance('20h');
    ben.expectsNothing();
  },
);

story(
  'one that begins and hangs is late all the same, and one that never came is missed, too',
  async (world) => {
    const { ben } = world;
    await world.enrols(ben);
    const ping = await makes(world, { name: 'hangs', every: '1h', grace: '5m' });
    await makes(world, { name: 'never', every: '1h' });
    await ping();
    await world.advance('59m');
    await ping('/start');
    await ping('/log', 'still here');
    await world.advance('1m');
    ben.expects('Missing call from never');
    await world.advance('6m');
    ben.expects('Missing call from hangs');
    await ping('/0');
    ben.expects(/✅ Missing call from hangs is over\nit came again, after 1 min/);
  },
);
