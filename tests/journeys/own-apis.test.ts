// What speaks Alertmanager's or PagerDuty's API speaks to Tocsin: said again, taken over there, over, or never heard of again.
import { expect } from 'vitest';
import { watchingForGaps } from '../../src/app/away-time.ts';
import type { StoryWorld } from '../harness/world.ts';
import { story } from './story.ts';

const posts = async (world: StoryWorld, path: string, body: unknown) => {
  const headers = { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' };
  const answer = await world.app.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  await world.settle();
  return answer.status;
};
const minute = 60_000;

/** As Prometheus says it once a minute: burning for four minutes more, or over since then. */
const says = (world: StoryWorld, over = false) =>
  posts(world, '/api/v2/alerts', [
    {
      labels: { alertname: 'DiskNearlyFull', instance: 'cad1:9100', severity: 'critical' },
      annotations: { summary: 'Disk nearly full on cad1' },
      startsAt: '2026-05-04T09:58:30.123Z',
      endsAt: new Date(world.now() + (over ? -1 : 4 * minute)).toISOString(),
    },
  ]);

story('Prometheus says it every minute, and then that it is over', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Saved');
  expect(await says(world)).toBe(200);
  ana.expects('🔴 Disk nearly full on cad1');
  for (let minutes = 0; minutes < 15; minutes++) {
    await world.advance('1m');
    await says(world);
  }
  ana.expectsNothing();
  await world.advance('1m');
  for (let minutes = 0; minutes < 15; minutes++) {
    await says(world, true);
    await world.advance('1m');
  }
  expect(ana.expects(/^✅ Disk nearly full on cad1.* is over/).text).toContain('after 16 min');
  ana.expectsNothing();
});

story('Prometheus falls silent: four minutes after its last word the alert is over', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Saved');
  await says(world);
  ana.expects('🔴 Disk nearly full on cad1');
  await world.advance('2m');
  await says(world);
  await world.advance('3m');
  ana.expectsNothing();
  await world.advance('2m');
  expect(ana.expects(/^✅ Disk nearly full on cad1.* is over/).text).toContain('after 6 min');
  // It comes back, and is told again.
  await says(world);
  ana.expects('🔴 Disk nearly full on cad1');
});

story('Tocsin itself was away for ten minutes: that silence was nobody else’s', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Saved');
  await says(world);
  ana.expects('🔴 Disk nearly full on cad1');
  const { database, log } = world.rooms.world;
  let passed = 0;
  const rounds = watchingForGaps(
    database,
    log,
    'UTC',
    async () => [],
    () => passed,
  );
  await rounds(world.now());
  passed = 10 * minute;
  await rounds(world.now() + 10 * minute);
  await world.advance('10m');
  ana.expectsNothing();
  // A minute after it is back, Prometheus has said it again.
  await world.advance('1m');
  await says(world);
  await world.advance('3m');
  ana.expectsNothing();
  await world.advance('2m');
  expect(ana.expects(/^✅ Disk nearly full on cad1.* is over/).text).toContain('after 15 min');
});

story('what speaks PagerDuty triggers, takes it over there, and ends it', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch pagerduty.**');
  ana.expects('Saved');
  const says = (event_action: string, more: object = {}) =>
    posts(world, '/v2/enqueue', {
      routing_key: world.key,
      event_action,
      dedup_key: 'db-1',
      ...more,
    });
  const payload = { summary: 'Replication lags', source: 'db-1', severity: 'critical' };
  expect(await says('trigger', { payload })).toBe(202);
  ana.expects('🔴 Replication lags');
  await world.advance('1m');
  await says('acknowledge');
  await world.advance('1m');
  const told = ana.seen().find(({ text }) => text.includes('Replication lags'));
  expect(told?.text).toContain('Acknowledged by bootstrap');
  await says('trigger', { payload });
  await world.advance('10m');
  ana.expectsNothing();
  await says('resolve');
  ana.expects(/^✅ Replication lags.* is over/);
  // An acknowledgement of something that does not burn is nothing to tell.
  await says('acknowledge');
  await world.advance('10m');
  ana.expectsNothing();
});

story(
  'an end that says nothing but its key reaches whoever heard the beginning, and nobody else',
  async (world) => {
    const { ana, ben } = world;
    await world.enrols(ana);
    await world.enrols(ben);
    await ana.says('/watch pagerduty.** where severity = critical');
    ana.expects('Saved');
    await ben.says('/watch pagerduty.** where severity = info');
    ben.expects('Saved');
    const says = (event_action: string, more: object = {}) =>
      posts(world, '/v2/enqueue', { routing_key: world.key, event_action, dedup_key: 'db-1', ...more });
    await says('trigger', { payload: { summary: 'Replication lags', source: 'db-1', severity: 'critical' } });
    ana.expects('🔴 Replication lags');
    await says('acknowledge');
    await world.advance('1m');
    expect(ana.seen().some(({ text }) => text.includes('Acknowledged by bootstrap'))).toBe(true);
    await says('resolve');
    ana.expects(/^✅ Replication lags.* is over/);
    await world.advance('10m');
    ben.expectsNothing();
    // Both before anybody looks: in one batch.
    const payload = { summary: 'Short', source: 'db-1', severity: 'critical' };
    for (const one of [{ event_action: 'trigger', payload }, { event_action: 'resolve' }]) {
      const body = JSON.stringify({ routing_key: world.key, dedup_key: 'db-2', ...one });
      const headers = { 'content-type': 'application/json' };
      const answer = await world.app.request('/v2/enqueue', { method: 'POST', headers, body });
      expect(answer.status).toBe(202);
    }
    await world.settle();
    await ana.says('/alerts');
    ana.expects('Nothing burns');
  },
);

story(
  'what Grafana calls a thing may change while it burns: its end is heard all the same',
  async (world) => {
    const { ana } = world;
    await world.enrols(ana);
    await ana.says('/watch grafana.**');
    ana.expects('Saved');
    const grafana = (status: string, labels: object) =>
      posts(world, '/v1/in/grafana', {
        alerts: [
          {
            status,
            labels: { alertname: 'High CPU load', grafana_folder: 'Servers', ...labels },
            annotations: { summary: 'CPU load is high' },
            startsAt: '2026-05-04T09:58:00Z',
            fingerprint: 'c6eadffa33fcdf37',
          },
        ],
      });
    // About the rule's name, as it was before there was a label that names the thing; then about the thing.
    expect(await grafana('firing', {})).toBe(202);
    ana.expects('CPU load is high');
    await world.advance('4h');
    await grafana('firing', { pod: 'web-1' });
    ana.expectsNothing();
    await grafana('resolved', { pod: 'web-1' });
    ana.expects(/^✅ CPU load is high.* is over/);
    await ana.says('/alerts');
    ana.expects('Nothing burns');
  },
);
