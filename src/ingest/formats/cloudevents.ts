// CloudEvents 1.0: structured, batched, and binary (attributes in `ce-…` headers).
import { z } from 'zod';
import { cleanText } from '#core/clean.ts';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import {
  faultsOf,
  isRecord,
  join,
  lifecycleField,
  limits,
  nameField,
  readLabel,
  severityField,
  subjectField,
  timeField,
} from '../fields.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';
import { toTopic } from '../to-topic.ts';

const attributes = z.object({
  specversion: z.literal('1.0', 'must be “1.0”'),
  id: nameField,
  source: nameField,
  type: nameField,
  subject: subjectField.optional(),
  time: timeField.optional(),
  severity: severityField.optional(),
  status: lifecycleField.optional(),
  // Names of attributes are in lower case.
  endsat: timeField.optional(),
  fingerprint: nameField.optional(),
});
const notLabels = new Set([
  ...Object.keys(attributes.shape),
  'data',
  'data_base64',
  'datacontenttype',
  'dataschema',
]);

export const cloudevents: Format = {
  name: 'cloudevents',
  title: 'CloudEvents 1.0',
  contentTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
  translates: false,
  example: {
    body: {
      specversion: '1.0',
      id: '8f2c',
      source: '/builds/vr0',
      type: 'builds.vr0.place',
      time: '2026-05-04T12:30:00Z',
      severity: 'warning',
      data: { state: 'failed' },
    },
  },
  parse(body, { headers }) {
    const found: Found[] = [];
    const faults: Fault[] = [];
    if (headers['ce-specversion'] !== undefined) {
      read({ ...binaryAttributes(headers), ...(body === null ? {} : { data: body }) }, '', found, faults);
    } else if (Array.isArray(body)) {
      body.forEach((item, index) => {
        read(item, `[${index}]`, found, faults);
      });
      if (body.length === 0) faults.push({ path: '', text: 'the list holds no event' });
    } else read(body, '', found, faults);
    return parsed(found, faults);
  },
};

function read(item: Json, at: string, found: Found[], faults: Fault[]): void {
  if (!isRecord(item)) {
    faults.push({ path: at, text: 'an event must be an object' });
    return;
  }
  // An attribute that is null is absent.
  const given = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
  const attributesRead = attributes.safeParse(given);
  const labels = extensions(given, at, faults);
  if (!attributesRead.success) {
    faults.push(...faultsOf(attributesRead.error, at));
    return;
  }
  const {
    specversion: _,
    subject,
    type,
    id,
    source,
    time,
    severity,
    status,
    endsat,
    fingerprint,
  } = attributesRead.data;
  const event: NewEvent = {
    id,
    source,
    type: toTopic(type),
    subject: subject ?? '',
    data: dataOf(given),
    labels,
    ...(time !== undefined && { time }),
    ...(severity !== undefined && { severity }),
    ...(status !== undefined && { status }),
    ...(endsat !== undefined && { endsAt: endsat }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
  found.push({ at, event });
}

function extensions(given: Record<string, Json>, at: string, faults: Fault[]): Record<string, string> {
  const names = Object.keys(given).filter((name) => !notLabels.has(name));
  if (names.length > limits.labels) {
    faults.push({ path: at, text: `has ${names.length} extensions; at most ${limits.labels} are taken` });
    return {};
  }
  return Object.fromEntries(
    names.map((name) => {
      const label = /^[a-z0-9]+$/.test(name)
        ? readLabel(name, given[name]!)
        : { ok: false as const, text: 'a CloudEvents attribute is named with lower-case letters and digits' };
      if (!label.ok) faults.push({ path: join(at, [name]), text: label.text });
      return [name, label.ok ? label.value : ''];
    }),
  );
}

function dataOf(given: Record<string, Json>): Record<string, Json> {
  if (given.data_base64 !== undefined) return { data_base64: given.data_base64 };
  if (given.data === undefined) return {};
  return isRecord(given.data) ? given.data : { value: given.data };
}

function binaryAttributes(headers: Record<string, string>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-'))
      .map(([name, value]) => [name.slice(3), decoded(value)]),
  );
}

// The HTTP binding percent-encodes what a header may not hold.
function decoded(value: string): string {
  try {
    return cleanText(decodeURIComponent(value));
  } catch {
    return cleanText(value);
  }
}
