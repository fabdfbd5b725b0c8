// The usual event of our own format, read without its schema: what is not plainly right is left to the schema and its words.
import { cleanText } from '#core/clean.ts';
import type { NewEvent } from '#core/event.ts';
import { readTime } from '#core/instant.ts';
import type { Json } from '#core/json.ts';
import { readSeverity } from '#core/severity.ts';
import { isOwnTopic, topicFault } from '#core/topic.ts';
import { isRecord, limits } from './fields.ts';

/** What the schema would make of it, or undefined when only the schema can tell. */
export function quickNative(item: Json, source: string): NewEvent | undefined {
  if (!isRecord(item)) return undefined;
  const event: NewEvent = { source, type: '', subject: '', data: {}, labels: {} };
  for (const name in item) if (!takeField(event, name, item[name]!)) return undefined;
  return event.type === '' ? undefined : event;
}

/** Puts the field into the event, and says whether it is plainly right. */
function takeField(event: NewEvent, name: string, value: Json): boolean {
  switch (name) {
    case 'id':
    case 'source':
    case 'fingerprint':
      if (!isPlainText(value, limits.name) || value === '') return false;
      event[name] = value;
      return true;
    case 'type':
      if (typeof value !== 'string' || isOwnTopic(value) || topicFault(value) !== undefined) return false;
      event.type = value;
      return true;
    case 'subject':
      if (!isPlainText(value, limits.subject)) return false;
      event.subject = value;
      return true;
    case 'data':
      if (!isRecord(value)) return false;
      event.data = value;
      return true;
    case 'labels':
      if (!arePlainLabels(value)) return false;
      event.labels = value;
      return true;
    case 'time':
    case 'endsAt': {
      const read = typeof value === 'string' ? readTime(value) : undefined;
      if (!read?.ok) return false;
      event[name] = read.time;
      return true;
    }
    case 'severity': {
      const severity = typeof value === 'string' ? readSeverity(value) : undefined;
      if (!severity) return false;
      event.severity = severity;
      return true;
    }
    case 'status':
      if (value !== 'firing' && value !== 'acknowledged' && value !== 'resolved') return false;
      event.status = value;
      return true;
    default:
      return false;
  }
}

function isPlainText(value: Json, most: number): value is string {
  return typeof value === 'string' && value.length <= most && cleanText(value) === value;
}

function arePlainLabels(value: Json): value is Record<string, string> {
  if (!isRecord(value)) return false;
  let count = 0;
  for (const name in value)
    if (
      name === '' ||
      ++count > limits.labels ||
      !isPlainText(name, limits.labelName) ||
      !isPlainText(value[name]!, limits.labelValue)
    )
      return false;
  return true;
}
