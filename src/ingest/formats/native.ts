// Tocsin's own format: one event or a list of events.
import { z } from 'zod';
import type { NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import {
  dataField,
  faultsOf,
  labelsField,
  lifecycleField,
  nameField,
  severityField,
  subjectField,
  timeField,
  topicField,
} from '../fields.ts';
import { type Fault, type Format, type Found, parsed } from '../format.ts';
import { quickNative } from '../quick-native.ts';

/** One event as senders write it; unknown fields are faults. */
export const nativeEvent = z.strictObject(
  {
    id: nameField
      .optional()
      .meta({ description: 'Your own id. Sent again with the same content it is a duplicate.' }),
    source: nameField
      .optional()
      .meta({ description: 'Where it comes from. Default: the name of the key’s source.' }),
    type: topicField.meta({ description: 'The topic, a dotted path.', example: 'disk.usage' }),
    subject: subjectField.optional().meta({ description: 'What it is about.', example: '/sarc/cad' }),
    time: timeField.optional().meta({ description: 'When it happened, RFC 3339.' }),
    data: dataField.optional().meta({ description: 'The facts: any JSON object.' }),
    labels: labelsField.optional().meta({ description: 'Texts to match and to group by.' }),
    severity: severityField.optional().meta({ description: 'critical, warning or info.' }),
    status: lifecycleField.optional().meta({ description: 'The source’s own lifecycle.' }),
    endsAt: timeField
      .optional()
      .meta({ description: 'Firing until then unless it is said again, RFC 3339.' }),
    fingerprint: nameField.optional().meta({ description: 'The source’s own name of the situation.' }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'an event must be an object' : undefined) },
);

const known = Object.keys(nativeEvent.shape);

export const native: Format = {
  name: 'native',
  title: 'Tocsin events',
  translates: false,
  example: {
    body: { type: 'disk.usage', subject: '/sarc/cad', data: { usage: 93.5 }, labels: { host: 'cad1' } },
  },
  parse(body, { source }) {
    const found: Found[] = [];
    const faults: Fault[] = [];
    const list = Array.isArray(body) ? body : [body];
    for (const [index, item] of list.entries()) {
      const at = Array.isArray(body) ? `[${index}]` : '';
      const read = readNative(item, at, source.name);
      if (read.ok) found.push({ at, event: read.event });
      else faults.push(...read.faults);
    }
    if (list.length === 0) faults.push({ path: '', text: 'the list holds no event' });
    return parsed(found, faults);
  },
};

function readNative(
  item: Json,
  at: string,
  source: string,
): { ok: true; event: NewEvent } | { ok: false; faults: Fault[] } {
  const quick = quickNative(item, source);
  return quick ? { ok: true, event: quick } : readBySchema(item, at, source);
}

/** The same by the schema, which knows every fault. */
export function readBySchema(
  item: Json,
  at: string,
  source: string,
): { ok: true; event: NewEvent } | { ok: false; faults: Fault[] } {
  const read = nativeEvent.safeParse(item);
  if (!read.success)
    return { ok: false, faults: faultsOf(read.error, at, known, '; own values go into data or labels') };
  const { id, time, severity, status, endsAt, fingerprint, ...rest } = read.data;
  return {
    ok: true,
    event: {
      source: rest.source ?? source,
      type: rest.type,
      subject: rest.subject ?? '',
      data: rest.data ?? {},
      labels: rest.labels ?? {},
      ...(id !== undefined && { id }),
      ...(time !== undefined && { time }),
      ...(severity !== undefined && { severity }),
      ...(status !== undefined && { status }),
      ...(endsAt !== undefined && { endsAt }),
      ...(fingerprint !== undefined && { fingerprint }),
    },
  };
}
