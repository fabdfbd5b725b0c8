// The flags by which an event is written on a command line, and what they say.
import { namesVersion } from '#core/version.ts';
import type { TocsinEvent } from '../client.ts';
import { misused } from './read-flags.ts';

const one = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;

export const eventFlags = {
  type: one,
  subject: one,
  source: one,
  id: one,
  time: one,
  severity: one,
  status: one,
  fingerprint: one,
  data: many,
  label: many,
} as const;
export const serverFlags = { key: one, url: one } as const;

export type EventValues = { [Name in keyof typeof eventFlags]?: string | string[] };

/** The event that the flags tell of, as far as they do; `right`: a line with flags as they should be. */
export function eventOf(values: EventValues, right: string): Partial<TocsinEvent> {
  const { data, label, ...plain } = values;
  const event: Record<string, unknown> = { ...plain };
  const pairs = <T>(flag: string, given: string[], read: (text: string, name: string) => T) =>
    Object.fromEntries(
      given.map((pair) => {
        const at = pair.indexOf('=');
        const fault = `After --${flag} comes name=value; “${pair.slice(0, 40)}” is none.`;
        if (at < 1) throw misused(fault, right);
        const name = pair.slice(0, at);
        return [name, read(pair.slice(at + 1), name)];
      }),
    );
  if (data !== undefined) event.data = pairs('data', data as string[], readValue);
  if (label !== undefined) event.labels = pairs('label', label as string[], (text) => text);
  return event as Partial<TocsinEvent>;
}

// 93.5, true and null are what they look like; everything else is text: a number would say less than what was typed (007, more
// digits than a number keeps, 12e5, which may be a hash, and in a version 1.10).
function readValue(text: string, name: string): unknown {
  if (/^(true|false|null)$/.test(text)) return JSON.parse(text);
  if (namesVersion(name) || !/^-?(0|[1-9]\d{0,14})(\.\d{1,14})?$/.test(text)) return text;
  return Number(text);
}
