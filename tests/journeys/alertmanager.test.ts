// Prometheus' Alertmanager sends its webhook: firing, said again, over.
import { expect } from 'vitest';
import { labels } from '#sandbox/telegram/index.ts';
import { story } from './story.ts';

interface Given {
  status: 'firing' | 'resolved';
  instance: string;
  endsAt?: string;
  description?: string;
}
const fingerprints: Record<string, string> = {
  'cad1:9100': 'c16e40b5d8ed1e17',
  'cad2:9100': '8f1a0b2c3d4e5f60',
};
const alert = ({ status, instance, endsAt, description }: Given) => ({
  status,
  labels: {
    alertname: 'DiskNearlyFull',
    instance,
    mountpoint: '/sarc/cad',
    severity: 'critical',
    job: 'node',
  },
  annotations: {
    summary: `Disk nearly full on ${instance}`,
    description: description ?? '/sarc/cad is at 93.5 %',
  },
  startsAt: '2026-05-04T09:58:30.123Z',
  endsAt: endsAt ?? '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=disk',
  fingerprint: fingerprints[instance]!,
});
/** Version 4 of the webhook, as Alertmanager 0.25 writes it. */
const webhook = (...given: Given[]) => ({
  version: '4',
  groupKey: '{}:{alertname="DiskNearlyFull"}',
  truncatedAlerts: 0,
  status: given.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
  receiver: 'tocsin',
  groupLabels: { alertname: 'DiskNearlyFull' },
  commonLabels: { alertname: 'DiskNearlyFull', severity: 'critical', job: 'node' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts: given.map(alert),
});

story('an alert of Prometheus is told, said again without a sound, and over', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Any alertmanager.**: every event; told to you here.');
  const firing: Given = { status: 'firing', instance: 'cad1:9100' };
  expect((await world.pushes('alertmanager', webhook(firing))).status).toBe(202);
  const told = ana.expects('🔴 Disk nearly full on cad1:9100');
  expect(told.text).toContain('/sarc/cad is at 93.5 %');
  expect(labels(told).flat()).toContain('Acknowledge');
  for (let hours = 0; hours < 12; hours += 4) {
    await world.advance('4h');
    expect((await world.pushes('alertmanager', webhook(firing))).status).toBe(202);
  }
  ana.expectsNothing();
  await ana.presses('Acknowledge');
  await world.advance('1h');
  const over: Given = { status: 'resolved', instance: 'cad1:9100', endsAt: '2026-05-04T22:59:30.123Z' };
  await world.pushes('alertmanager', webhook(over));
  const end = ana.expects(/^✅ Disk nearly full on cad1:9100 is over/);
  expect(end.text).toContain('after 13 h. Acknowledged by Ana.');
  await world.pushes('alertmanager', webhook(over));
  await world.advance('1h');
  ana.expectsNothing();
});

story('two machines in one group of Alertmanager are two alerts, each with its own end', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.DiskNearlyFull where severity = critical');
  ana.expects('Saved');
  await world.pushes(
    'alertmanager',
    webhook({ status: 'firing', instance: 'cad1:9100' }, { status: 'firing', instance: 'cad2:9100' }),
  );
  const both = [ana.expects(/on cad/).text, ana.expects(/on cad/).text].sort();
  expect(both[0]).toContain('on cad1:9100');
  expect(both[1]).toContain('on cad2:9100');
  await world.advance('5m');
  await world.pushes(
    'alertmanager',
    webhook(
      { status: 'resolved', instance: 'cad1:9100', endsAt: '2026-05-04T10:05:00Z' },
      { status: 'firing', instance: 'cad2:9100' },
    ),
  );
  ana.expects('✅ Disk nearly full on cad1:9100 is over');
  ana.expectsNothing();
  await ana.says('/alerts');
  expect(ana.expects('1 alert burns').text).toContain('cad2:9100');
});

story('it burns again after its end, and is told again', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Saved');
  await world.pushes('alertmanager', webhook({ status: 'firing', instance: 'cad1:9100' }));
  ana.expects('🔴 Disk nearly full on cad1:9100');
  await world.advance('10m');
  await world.pushes(
    'alertmanager',
    webhook({ status: 'resolved', instance: 'cad1:9100', endsAt: '2026-05-04T10:09:00Z' }),
  );
  ana.expects('is over');
  await world.advance('20m');
  const again = webhook({ status: 'firing', instance: 'cad1:9100' });
  again.alerts[0]!.startsAt = '2026-05-04T10:29:00Z';
  await world.pushes('alertmanager', again);
  ana.expects('🔴 Disk nearly full on cad1:9100');
});

story('over only because Prometheus was cut off: firing as before is told again', async (world) => {
  const { ana } = world;
  await world.enrols(ana);
  await ana.says('/watch alertmanager.**');
  ana.expects('Saved');
  const firing = webhook({ status: 'firing', instance: 'cad1:9100' });
  const over = webhook({ status: 'resolved', instance: 'cad1:9100', endsAt: '2026-05-04T10:09:00Z' });
  await world.pushes('alertmanager', firing);
  ana.expects('🔴 Disk nearly full on cad1:9100');
  await world.advance('10m');
  await world.pushes('alertmanager', over);
  ana.expects('is over');
  await world.advance('20m');
  await world.pushes('alertmanager', firing);
  ana.expects('🔴 Disk nearly full on cad1:9100');
  await world.pushes('alertmanager', firing);
  ana.expectsNothing();
  await world.advance('10m');
  await world.pushes('alertmanager', over);
  ana.expects('is over');
});
