// What a machine is told: the alert as it was after one change, the change, and where to ask for more. Below 20 kB.
import type { Alert, Transition } from '#core/alert.ts';
import { cut } from '#core/cut.ts';
import type { Severity } from '#core/severity.ts';
import type { About, Told } from './channel.ts';

/** The body of a webhook; docs/guides/webhooks.md describes it for those who read it. */
export interface Payload {
  /** `alert.fired`, `alert.resolved` …, `ping`, or `note`. */
  type: string;
  timestamp: string;
  /** Stays the same over every attempt and redelivery. */
  id: string;
  text?: string;
  alert?: PayloadAlert;
  change?: PayloadChange;
  links?: Record<string, string>;
  /** Fields or labels were left out to stay small; the link has them. */
  truncated?: true;
}

interface PayloadAlert {
  id: string;
  rule: string;
  title: string;
  topic: string;
  subject: string;
  status: Alert['status'];
  severity: Severity;
  labels: Record<string, string>;
  fields: Record<string, string>;
  since: string;
  revision: number;
}

interface PayloadChange {
  name: Transition['change'];
  from: Alert['status'] | null;
  to: Alert['status'];
  at: string;
  by: string | null;
  note: string | null;
  reading: { is: string; text: string; value: number | string | null; limit: number | string | null };
}

const most = 18_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** What the change was, not what is true by now: only title and fields are the newest known. */
export function payloadOf(message: Told, about: About, publicUrl: string): Payload {
  const id = `msg_${about.id}`;
  const { alert, transition } = about;
  if (!alert || !transition)
    return {
      type: about.kind === 'test' ? 'ping' : 'note',
      id,
      timestamp: iso(about.createdAt),
      text: cut(textOf(message), 2_000),
    };
  const whole: Payload = {
    type: `alert.${transition.change}`,
    id,
    timestamp: iso(transition.at),
    alert: alertOf(alert, about.severity, transition),
    change: changeOf(transition),
    links: { alert: `${publicUrl}/v1/alerts/${alert.id}` },
  };
  return shortened(whole);
}

function alertOf(alert: Alert, severity: Severity, { to, rev }: Transition): PayloadAlert {
  const { id, ruleId, title, topic, subject, labels, fields, since } = alert;
  return {
    id,
    rule: ruleId,
    title: cut(title, 300),
    topic: cut(topic, 300),
    subject: cut(subject, 500),
    status: to,
    severity,
    labels,
    fields,
    since: iso(since),
    revision: rev,
  };
}

function changeOf({ change, from, to, at, by, note, reading }: Transition): PayloadChange {
  const { is, text, value = null, limit = null } = reading as PayloadChange['reading'];
  return {
    name: change,
    from,
    to,
    at: iso(at),
    by: by === null ? null : cut(by, 200),
    note: note === null ? null : cut(note, 2_000),
    reading: { is, text: cut(text, 1_000), value: short(value), limit: short(limit) },
  };
}

const short = (value: number | string | null) => (typeof value === 'string' ? cut(value, 300) : value);

function shortened(payload: Payload): Payload {
  const fits = (one: Payload) => Buffer.byteLength(JSON.stringify(one)) <= most;
  if (fits(payload) || !payload.alert) return payload;
  const { alert } = payload;
  const steps: Payload[] = [
    { ...payload, truncated: true, alert: { ...alert, fields: {} } },
    { ...payload, truncated: true, alert: { ...alert, fields: {}, labels: {} } },
  ];
  return steps.find(fits) ?? steps[1]!;
}

function textOf({ title, lines }: Told): string {
  const line = (spans: Told['lines'][number]) =>
    spans
      .map((span) => {
        if (typeof span === 'string') return span;
        if ('bold' in span) return span.bold;
        return 'code' in span ? span.code : iso(span.instant);
      })
      .join('');
  return [title, ...lines.map(line)].filter((one) => one !== '').join('\n');
}
