// A line of text or any JSON, for `curl -d`: what it is about is said in the address.
import { z } from 'zod';
import { cleanText } from '#core/clean.ts';
import { cut } from '#core/cut.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import {
  faultsOf,
  isRecord,
  nameField,
  severityField,
  statusField,
  subjectField,
  topicField,
} from '../fields.ts';
import { subjectOf, textAt, topicOf } from '../foreign.ts';
import { type Fault, type Format, parsed } from '../format.ts';

const address = z.strictObject({
  topic: topicField.optional(),
  title: subjectField.optional(),
  subject: subjectField.optional(),
  severity: severityField.optional(),
  status: statusField.optional(),
  fingerprint: nameField.optional(),
  id: nameField.optional(),
});
const parameters = Object.keys(address.shape);

export const plain: Format = {
  name: 'plain',
  title: 'A text, or any JSON',
  text: true,
  translates: true,
  // curl -d 'The nightly backup failed' 'http://127.0.0.1:8080/v1/in/plain?topic=backup.failed&key=…'
  example: { body: 'The nightly backup failed\nNo space left on /backup' },
  parse(body, { query, source }) {
    const read = address.safeParse(query);
    const faults = read.success ? [] : inAddress(faultsOf(read.error, '', parameters));
    const isSilent = isRecord(body) ? Object.keys(body).length === 0 : String(body ?? '').trim() === '';
    if (isSilent && query.title === undefined)
      faults.push({ path: '', text: 'the body is empty; say what happened' });
    if (!read.success || faults.length > 0) return { ok: false, faults };
    const { topic, title, subject, severity, status, fingerprint, id } = read.data;
    const level = severity ?? readSeverity(textAt(body, 'severity', 'level', 'priority') ?? '');
    const state = status ?? statusField.safeParse(textAt(body, 'status')).data;
    const event = {
      source: source.name,
      type: topic ?? topicOf('plain', source.name),
      subject: subject ?? subjectOf(textAt(body, 'subject', 'host')),
      data: dataOf(body, title),
      labels: {},
      ...(id !== undefined && { id }),
      ...(level && { severity: level }),
      ...(state && { status: state }),
      ...(fingerprint !== undefined && { fingerprint }),
    };
    return parsed([{ at: '', event }], []);
  },
};

/** An object is the facts; of a text the first line is the title and the rest its description. */
function dataOf(body: Json, title: string | undefined): Record<string, Json> {
  const named: Record<string, Json> = title === undefined ? {} : { summary: title };
  if (isRecord(body)) return { ...body, ...named };
  if (typeof body !== 'string') return body === null ? named : { ...named, value: body };
  const text = cleanText(body).trim();
  if (text === '') return named;
  if (title !== undefined) return { ...named, message: text };
  const end = text.indexOf('\n');
  if (end < 0) return text.length <= 200 ? { summary: text } : { summary: cut(text, 200), message: text };
  return { summary: text.slice(0, end).trim(), message: text.slice(end + 1).trim() };
}

function inAddress(faults: Fault[]): Fault[] {
  return faults.map(({ path, text }) => ({ path: `?${path}`, text }));
}
