// Grafana's webhook contact point: each alert of the group becomes an event, named by its folder and its rule.
import { z } from 'zod';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import { dataField, faultsOf, statusField } from '../fields.ts';
import { factsOf, labelsOf, nameOf, nameOfParts, subjectOf, textAt, topicOf } from '../foreign.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';

const webhook = z.object(
  {
    alerts: z
      .array(z.unknown(), 'must be a list')
      .min(1, 'holds no alert')
      .max(500, 'holds more than 500 alerts'),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);
const alert = z.object(
  { status: statusField, labels: dataField, annotations: dataField.nullish() },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);

// From Grafana's documentation: “Configure the webhook notifier for Alerting”.
const body = {
  receiver: 'My Super Webhook',
  status: 'firing',
  orgId: 1,
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'High CPU load', grafana_folder: 'Servers', team: 'blue', zone: 'us-1' },
      annotations: {
        description: 'The CPU of the host is overloaded',
        runbook_url: 'https://alerting.example/wiki',
        summary: 'CPU load is high',
      },
      startsAt: '2021-10-12T09:51:03.157076+02:00',
      endsAt: '0001-01-01T00:00:00Z',
      values: { B: 44.23943737541908, C: 1 },
      generatorURL: 'https://play.grafana.org/alerting/1afz29v7z/edit',
      fingerprint: 'c6eadffa33fcdf37',
      silenceURL: 'https://play.grafana.org/alerting/silence/new?alertmanager=grafana',
      dashboardURL: '',
      panelURL: '',
      valueString: "[ metric='' labels={} value=44.23943737541908 ]",
    },
  ],
  groupLabels: {},
  commonLabels: { team: 'blue' },
  commonAnnotations: {},
  externalURL: 'https://play.grafana.org/',
  version: '1',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
  title: '[FIRING:1]  (blue)',
  state: 'alerting',
  message: '**Firing**',
};

export const grafana: Format = {
  name: 'grafana',
  title: 'Grafana',
  translates: true,
  example: { body },
  parse(body, { source }) {
    const envelope = webhook.safeParse(body);
    if (!envelope.success) return { ok: false, faults: faultsOf(envelope.error, '') };
    const found: Found[] = [];
    const faults: Fault[] = [];
    for (const [index, item] of envelope.data.alerts.entries()) {
      const at = `alerts[${index}]`;
      const read = alert.safeParse(item);
      if (read.success) found.push({ at, event: toEvent(read.data, item as Json, source.name) });
      else faults.push(...faultsOf(read.error, at));
    }
    return parsed(found, faults);
  },
};

/** Labels that say what an alert is about, the most telling first. */
const things = [
  'instance',
  'host',
  'hostname',
  'node',
  'nodename',
  'pod',
  'container',
  'device',
  'mountpoint',
  'server',
  'service',
];

// No id and no time: Grafana says a state again every four hours with the words of the first time.
function toEvent(given: z.output<typeof alert>, item: Json, source: string): NewEvent {
  const labels = labelsOf(given.labels);
  const fingerprint =
    nameOf(textAt(item, 'fingerprint')) ?? nameOfParts(JSON.stringify(Object.entries(labels).sort()));
  const { summary, description, ...others } = given.annotations ?? {};
  const severity = readSeverity(labels.severity ?? '');
  const name = labels.alertname ?? 'unnamed';
  return {
    source,
    type: topicOf('grafana', labels.grafana_folder || 'General', name),
    subject: subjectOf(things.map((thing) => labels[thing]).find(Boolean) ?? name),
    data: factsOf({
      summary: summary ?? name,
      description,
      annotations: labelsOf(others),
      values: readValues(item),
      since: textAt(item, 'startsAt'),
      dashboardURL: textAt(item, 'dashboardURL'),
      panelURL: textAt(item, 'panelURL'),
      silenceURL: textAt(item, 'silenceURL'),
      generatorURL: textAt(item, 'generatorURL'),
    }),
    labels,
    status: given.status,
    fingerprint,
    ...(severity && { severity }),
  };
}

function readValues(item: Json): Json | undefined {
  const { values } = item as Record<string, Json>;
  return values !== null && typeof values === 'object' && !Array.isArray(values) ? values : undefined;
}
