// One alert as Prometheus names it, whichever way it came: by Alertmanager's webhook or straight to Alertmanager's API.
import type { EventStatus, NewEvent } from '#core/event.ts';
import { readNumber } from '#core/field.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import { factsOf, labelsOf, nameOf, subjectOf } from './foreign.ts';
import { shortHash } from './hash.ts';
import { toTopic } from './to-topic.ts';

export interface PrometheusAlert {
  status: EventStatus;
  labels: Record<string, Json>;
  annotations?: Record<string, Json> | null | undefined;
  generatorURL?: string | null | undefined;
  fingerprint?: string | null | undefined;
  /** As it was said; the alert's own clock, not the one of what is said now. */
  startsAt?: string | undefined;
}

// Neither an id nor a time: an alert that was over only because Prometheus could not be reached comes back with its old
// `startsAt`, so anything made of it would call the news a duplicate, or late. What is said again changes no alert.
/** The event. What is too long is cut: nobody on the way can mend it, and after a 4xx it would be lost. */
export function prometheusEvent(given: PrometheusAlert, source: string): NewEvent {
  const labels = labelsOf(given.labels);
  const fingerprint =
    nameOf(given.fingerprint) ?? shortHash(JSON.stringify(Object.entries(labels).sort(byName)));
  const severity = readSeverity(labels.severity ?? '');
  return {
    source,
    type: toTopic(`alertmanager.${(labels.alertname || 'unnamed').replaceAll('.', '_')}`),
    subject: subjectOf(labels.instance || fingerprint),
    data: facts(given, labelsOf(given.annotations ?? {})),
    labels,
    status: given.status,
    fingerprint,
    ...(severity && { severity }),
  };
}

function facts(given: PrometheusAlert, annotations: Record<string, string>): Record<string, Json> {
  const { summary, description, value, ...others } = annotations;
  const number =
    value === undefined
      ? undefined
      : readNumber({ source: '', type: '', subject: '', labels: {}, data: { value } }, 'value');
  return factsOf({
    summary,
    description,
    value: number ?? value,
    annotations: others,
    since: given.startsAt,
    generatorURL: given.generatorURL ?? undefined,
  });
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
