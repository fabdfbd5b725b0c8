// Prometheus Alertmanager's webhook, version 4: each alert of the group becomes an event.
import { z } from 'zod';
import { cleanText } from '#core/clean.ts';
import type { NewEvent } from '#core/event.ts';
import { asText, readNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import { dataField, faultsOf, limits, statusField } from '../fields.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';
import { shortHash } from '../hash.ts';
import { toTopic } from '../to-topic.ts';

const webhook = z.object(
  {
    version: z.literal('4', 'must be “4”, the version of Alertmanager’s webhook'),
    alerts: z
      .array(z.unknown(), 'must be a list')
      .min(1, 'holds no alert')
      .max(500, 'holds more than 500 alerts'),
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
  parse(body, _headers, source) {
    const envelope = webhook.safeParse(body);
    if (!envelope.success) return { ok: false, faults: faultsOf(envelope.error, '') };
    const found: Found[] = [];
    const faults: Fault[] = [];
    for (const [index, item] of envelope.data.alerts.entries()) {
      const at = `alerts[${index}]`;
      const read = alert.safeParse(item);
      if (read.success) found.push({ at, event: toEvent(read.data, source.name) });
      else faults.push(...faultsOf(read.error, at));
    }
    return parsed(found, faults);
  },
};

// Neither an id nor a time: an alert that was over only because Prometheus could not be reached comes back with its old
// `startsAt`, so anything made of it would call the news a duplicate, or late. What is said again changes no alert.
function toEvent(given: z.output<typeof alert>, source: string): NewEvent {
  const { status } = given;
  const labels = cut(given.labels);
  const annotations = cut(given.annotations ?? {});
  const fingerprint = bounded(given.fingerprint) ?? shortHash(JSON.stringify(Object.entries(labels).sort()));
  const severity = readSeverity(labels.severity ?? '');
  return {
    source,
    type: toTopic(`alertmanager.${(labels.alertname || 'unnamed').replaceAll('.', '_')}`),
    subject: cleanText((labels.instance || fingerprint).slice(0, limits.subject)),
    data: facts(given, annotations),
    labels,
    status,
    fingerprint,
    ...(severity && { severity }),
  };
}

function facts(given: z.output<typeof alert>, annotations: Record<string, string>): Record<string, Json> {
  const { summary, description, value, ...others } = annotations;
  const number =
    value === undefined
      ? undefined
      : readNumber({ source: '', type: '', subject: '', labels: {}, data: { value } }, 'value');
  const data: Record<string, Json | undefined> = {
    summary,
    description,
    value: number ?? value,
    annotations: Object.keys(others).length > 0 ? others : undefined,
    generatorURL: given.generatorURL ?? undefined,
  };
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

// Alertmanager cannot mend what Prometheus wrote, and drops a group after a 4xx: better cut than lost. The body is kept.
function cut(given: Record<string, Json>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => name !== '')
      .slice(0, limits.labels)
      .map(([name, value]) => [
        cleanText(name).slice(0, limits.labelName),
        cleanText(cleanText(asText(value) ?? '').slice(0, limits.labelValue)),
      ]),
  );
}

function bounded(name: string | null | undefined): string | undefined {
  if (!name) return undefined;
  const clean = cleanText(name);
  return clean.length <= limits.name ? clean || undefined : shortHash(clean);
}
