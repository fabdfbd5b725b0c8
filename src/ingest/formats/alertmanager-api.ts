// Alertmanager's own API, version 2: what Prometheus posts when Tocsin stands in Alertmanager's place.
import { z } from 'zod';
import { dataField, faultsOf } from '../fields.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';
import { prometheusEvent } from '../prometheus-alert.ts';

/** An alert without an end is over when it is not said again for so long: Alertmanager's `resolve_timeout`. */
const resolveTimeoutMs = 5 * 60_000;
const mostAlerts = 500;

const instant = z
  .string('must be RFC 3339 text')
  .nullish()
  .transform((text, context): number | undefined => {
    // Go's zero time means that none was said.
    if (!text || text.startsWith('0001-')) return undefined;
    const time = /^\d{4}-\d\d-\d\dT/i.test(text) ? Date.parse(text) : Number.NaN;
    if (time >= Date.UTC(1970, 0) && time < Date.UTC(2101, 0)) return time;
    context.addIssue({ code: 'custom', message: 'must be RFC 3339 text such as 2026-05-04T12:30:00Z' });
    return z.NEVER;
  });
const alert = z.object(
  {
    labels: dataField.refine(
      (labels) => Object.values(labels).some((value) => value !== ''),
      'needs at least one label',
    ),
    annotations: dataField.nullish(),
    startsAt: instant,
    endsAt: instant,
    generatorURL: z.string('must be text').nullish(),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be an object' : undefined) },
);

// Captured from Prometheus 2.42, whose rule said `demo_disk_usage_percent > 90`.
const body = [
  {
    annotations: { description: '93.5 % used', summary: '/home is nearly full' },
    endsAt: '2026-05-04T12:34:00.123Z',
    startsAt: '2026-05-04T12:30:00.123Z',
    generatorURL: 'http://prometheus.example:9090/graph?g0.expr=demo_disk_usage_percent+%3E+90&g0.tab=1',
    labels: {
      alertname: 'DiskNearlyFull',
      instance: '127.0.0.1:9100',
      job: 'node',
      mount: '/home',
      severity: 'warning',
    },
  },
];

export const alertmanagerApi: Format = {
  name: 'alertmanager-api',
  title: 'Prometheus, as to its Alertmanager',
  translates: true,
  example: { body },
  parse(body, { source }, now) {
    if (!Array.isArray(body)) return fault('must be a list of alerts');
    if (body.length === 0) return fault('the list holds no alert');
    if (body.length > mostAlerts) return fault(`holds more than ${mostAlerts} alerts`);
    const found: Found[] = [];
    const faults: Fault[] = [];
    for (const [index, item] of body.entries()) {
      const at = `[${index}]`;
      const read = alert.safeParse(item);
      if (!read.success) {
        faults.push(...faultsOf(read.error, at));
        continue;
      }
      const { startsAt, endsAt = now + resolveTimeoutMs, labels, annotations, generatorURL } = read.data;
      if (startsAt !== undefined && startsAt > endsAt) {
        faults.push({ path: `${at}.endsAt`, text: 'lies before startsAt' });
        continue;
      }
      const isOver = endsAt <= now;
      const given = { labels: named(labels), annotations, generatorURL, startsAt: textOf(startsAt) };
      const event = prometheusEvent({ ...given, status: isOver ? 'resolved' : 'firing' }, source.name);
      found.push({ at, event: isOver ? event : { ...event, endsAt } });
    }
    return parsed(found, faults);
  },
};

// A label without a value is as good as none: both name the same alert.
function named<T>(labels: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function textOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function fault(text: string): { ok: false; faults: Fault[] } {
  return { ok: false, faults: [{ path: '', text }] };
}
