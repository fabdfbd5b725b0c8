// What a template can name: the alert's facts as people read them, and the fields of the event.
import type { Alert } from '#core/alert.ts';
import { sayNumber } from '#core/field.ts';
import { sayInstant } from '#core/hours.ts';
import { own } from '#core/own.ts';
import { sayReading } from '#core/reading.ts';
import { severitySign } from '#core/severity.ts';
import { lasted } from '../wording.ts';

export interface ScopeFacts {
  /** The rule's name. */
  rule: string;
  /** Field → unit. */
  units: Record<string, string>;
  /** The reader's. */
  zone: string;
  now: number;
}

type Scope = Record<string, unknown>;

/** The names that a template can use, for whoever writes one. */
export const variables = [
  ...[
    'value',
    'limit',
    'distance',
    'trend',
    'text',
    'since',
    'duration',
    'severity',
    'sign',
    'subject',
    'title',
  ],
  ...['rule', 'topic', 'status', 'count', 'by', 'unit', 'labels', 'fields', 'event', 'links', 'reading'],
];

/** Fields of the event stand beside the facts under their own names; a fact of the same name goes first. */
export function scopeOf(alert: Alert, { rule, units, zone, now }: ScopeFacts): Scope {
  const { reading, fields, labels } = alert;
  const unit = unitOf(alert, units) ?? '';
  const measured = (value: number) => (unit === '' ? sayNumber(value) : `${sayNumber(value)} ${unit}`);
  const said = (value: number | string | undefined) =>
    typeof value === 'number' ? measured(value) : (value ?? '');
  const { value, limit } = reading;
  const distance =
    typeof value === 'number' && typeof limit === 'number' ? Math.abs(value - limit) : undefined;
  const facts: Scope = {
    value: said(value),
    limit: said(limit),
    distance: said(distance),
    trend: reading.trend ?? '',
    text: sayReading(reading, unit),
    since: sayInstant(alert.since, zone, now),
    duration: lasted(alert, now),
    severity: alert.severity,
    sign: severitySign[alert.severity],
    subject: alert.subject,
    title: alert.title,
    rule,
    topic: alert.topic,
    status: alert.status,
    count: alert.count,
    by: alert.acknowledgedBy ?? '',
    unit,
    labels: bare(labels),
    fields: bare(fields),
    event: nested(fields),
    links: Object.entries(fields).flatMap(([name, url]) =>
      /^https?:\/\/\S+$/.test(url) ? [bare({ name, url })] : [],
    ),
    reading: bare({ value, limit, distance, is: reading.is }),
  };
  return { ...nested(fields), ...bare(fields), ...facts };
}

/** The unit of the field that the reading is from. */
export function unitOf(
  { reading }: Pick<Alert, 'reading'>,
  units: Record<string, string>,
): string | undefined {
  return own(units, reading.field);
}

function bare(record: Record<string, unknown>): Scope {
  return Object.assign(Object.create(null), record);
}

/** `disk.free` as `disk` with `free` in it. */
function nested(fields: Record<string, string>): Scope {
  const root: Scope = Object.create(null);
  for (const [name, value] of Object.entries(fields)) {
    let here = root;
    const parts = name.split('.');
    for (const part of parts.slice(0, -1)) {
      if (typeof here[part] !== 'object') here[part] = Object.create(null);
      here = here[part] as Scope;
    }
    const last = parts.at(-1)!;
    if (typeof here[last] !== 'object') here[last] = value;
  }
  return root;
}
