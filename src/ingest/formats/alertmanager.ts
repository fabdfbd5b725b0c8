// Prometheus Alertmanager's webhook, version 4: each alert of the group becomes an event.
import { z } from 'zod';
import type { Json } from '#core/json.ts';
import { dataField, faultsOf, isRecord, statusField } from '../fields.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';
import { prometheusEvent } from '../prometheus-alert.ts';

const most = 500;
const webhook = z.object(
  {
    version: z.literal('4', 'must be “4”, the version of Alertmanager’s webhook'),
    alerts: z
      .array(z.unknown(), 'must be a list')
      .min(1, 'holds no alert')
      .max(most, `holds more than ${most} alerts`),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);
const optionalText = z.string('must be text').nullish();
const alert = z.object(
  {
    status: statusField,
    labels: dataField,
    annotations: dataField.nullish(),
    generatorURL: optionalText,
    fingerprint: optionalText,
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);

export const alertmanager: Format = {
  name: 'alertmanager',
  title: 'Prometheus Alertmanager',
  translates: true,
  example: {
    body: {
      version: '4',
      groupKey: '{}:{alertname="DiskFull"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'tocsin',
      groupLabels: { alertname: 'DiskFull' },
      commonLabels: { alertname: 'DiskFull', severity: 'page' },
      commonAnnotations: {},
      externalURL: 'http://alertmanager.example:9093',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'DiskFull', instance: 'cad1:9100', severity: 'page' },
          annotations: { summary: 'The disk of cad1 is full', value: '93.5' },
          startsAt: '2026-05-04T12:30:00.123456789Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'http://prometheus.example:9090/graph?g0.expr=disk_used',
          fingerprint: 'c16e40b5d8ed1e17',
        },
      ],
    },
  },
  parse(body, { source }) {
    const envelope = webhook.safeParse(body);
    const faults: Fault[] = envelope.success ? [] : faultsOf(envelope.error, '');
    const found: Found[] = [];
    // What is wrong with the whole hides nothing of what is wrong with its parts.
    for (const [index, item] of alertsIn(body).entries()) {
      const at = `alerts[${index}]`;
      const read = alert.safeParse(item);
      if (read.success) found.push({ at, event: prometheusEvent(read.data, source.name) });
      else faults.push(...faultsOf(read.error, at));
    }
    return parsed(found, faults);
  },
};

function alertsIn(body: Json): Json[] {
  const alerts = isRecord(body) ? body.alerts : undefined;
  return Array.isArray(alerts) ? alerts.slice(0, most) : [];
}
