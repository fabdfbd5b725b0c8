// Actions: what may be done outside because of an alert, and one time that it is. Pure.
import type { Role } from './actor.ts';
import type { Alert } from './alert.ts';
import { type Condition, holds } from './condition.ts';
import { own } from './own.ts';
import { topicMatches } from './topic.ts';

/** Who may press it: any of these roles of the installation, or one of these people by their ids. */
export interface Pressers {
  roles: Role[];
  people: string[];
}

/** What is sent, fixed when it is asked for: what was confirmed is what happens. */
export interface ActRequest {
  method: string;
  url: string;
  /** Null: there is none. */
  body: string | null;
}

/**
 * asked → confirmed → calling → done | failed | unknown. done: it answered that it was done. failed: it surely was not.
 * unknown: it may have been. dropped: nobody confirmed.
 */
export type ActStatus = 'asked' | 'dropped' | 'confirmed' | 'calling' | 'done' | 'failed' | 'unknown';

export type ActOutcome =
  | { is: 'done'; text: string; answer?: ActAnswer }
  | { is: 'failed'; text: string; answer?: ActAnswer; again?: boolean }
  | { is: 'unknown'; text: string; answer?: ActAnswer };
export interface ActAnswer {
  status: number;
  body: string;
  ms: number;
}

/** How long a confirmation may take. */
export const confirmMs = 60_000;

/** Whether the alert carries the action: it burns, under the topic, and its labels and fields fulfil the conditions. */
export function carries(
  { topic, match }: { topic: string; match: Condition[] },
  alert: Pick<Alert, 'status' | 'topic' | 'subject' | 'labels' | 'fields' | 'severity'>,
): boolean {
  if (alert.status !== 'firing' && alert.status !== 'acknowledged') return false;
  if (!topicMatches(topic, alert.topic)) return false;
  const { subject, labels, fields, severity } = alert;
  const event = { source: '', type: alert.topic, subject, data: fields, labels, severity };
  return match.every((one) => holds(one, event));
}

/** Whether this person may press it. */
export function mayPress({ roles, people }: Pressers, person: { id: string; role: Role }): boolean {
  return people.includes(person.id) || roles.includes(person.role);
}

/** The next step after an attempt: its end, or another attempt, which only an idempotent action has. */
export function afterAttempt(
  outcome: ActOutcome,
  { idempotent, attempts }: { idempotent: boolean; attempts: number },
): { status: 'done' | 'failed' | 'unknown' } | { status: 'confirmed'; afterMs: number } {
  const again = outcome.is === 'unknown' || (outcome.is === 'failed' && outcome.again === true);
  const wait = waits[attempts - 1];
  return idempotent && again && wait !== undefined
    ? { status: 'confirmed', afterMs: wait }
    : { status: outcome.is };
}

const waits = [5_000, 30_000, 120_000];

export type Filled = { ok: true; text: string } | { ok: false; fault: string };

/**
 * Puts an alert's values in the place of `{subject}`, `{labels.host}` … and writes each with `encode`. A value that is
 * missing or empty is a fault: half an address may mean something else.
 */
export function fill(template: string, alert: Alert, encode: (value: string) => string | undefined): Filled {
  let fault: string | undefined;
  const text = template.replace(/\{([^{}]*)\}/g, (_whole, name: string) => {
    const value = readName(alert, name.trim());
    const written = value === undefined || value === '' ? undefined : encode(value);
    if (written === undefined)
      fault ??= value
        ? `“${value.slice(0, 40)}” (${name}) cannot stand there`
        : `this alert has no ${name.slice(0, 40) || 'such value'}`;
    return written ?? '';
  });
  return fault === undefined ? { ok: true, text } : { ok: false, fault };
}

/** The names in braces that no alert can have; undefined when all are known. */
export function unknownName(template: string): string | undefined {
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!.trim());
  return names.find((name) => !plain.has(name) && !/^(labels|fields)\.\S{1,100}$/.test(name));
}

const plain = new Set(['id', 'subject', 'topic', 'title', 'severity', 'status']);

function readName(alert: Alert, name: string): string | undefined {
  const [, part, rest = ''] = /^(labels|fields)\.(.+)$/.exec(name) ?? [];
  if (part === 'labels' || part === 'fields') {
    // An alert's labels are its key; the other labels of its newest event stand among the fields.
    const from = part === 'labels' && !Object.hasOwn(alert.labels, rest) ? alert.fields : alert[part];
    return own(from, rest);
  }
  return plain.has(name) ? String(alert[name as 'subject']) : undefined;
}
