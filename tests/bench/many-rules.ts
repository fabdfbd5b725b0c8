// Rules and events by the million, about ten matches an event whatever their number: thresholds, equalities, prefixes.
import type { Event } from '#core/event.ts';
import { defaultKey, type Rule } from '#core/rule.ts';

const metrics = 5;
const hosts = 20;

/** A number from 0 to 1 for a place in a row: the same every time. */
export function chance(place: number, salt = 0): number {
  let hash = Math.imul(place + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** How many applications `count` rules are about. */
export function appsOf(count: number): number {
  return Math.max(1, Math.round(count / 1000));
}

/** The rule with this number among `count`. */
export function ruleNumber(i: number, count: number): Rule {
  const app = Math.floor(chance(i, 1) * appsOf(count));
  const topic = `app${app}.m${Math.floor(chance(i, 2) * metrics)}`;
  const subject = { field: 'subject', op: '=' as const, value: `host-${Math.floor(chance(i, 3) * hosts)}` };
  const env = { field: 'env', op: '=' as const, value: chance(i, 4) < 0.5 ? 'prod' : 'test' };
  const owner = Math.floor(i / 20);
  const rule = {
    id: `r_${i.toString(36).padStart(20, '0')}`,
    ownerId: `p_${owner.toString(36).padStart(20, '0')}`,
    name: `Rule ${i} of somebody`,
    topic,
    key: defaultKey,
    forMs: 0,
    keepFiringForMs: 0,
    severity: null,
    paused: false,
    to: [`v_${owner.toString(36).padStart(20, '0')}`],
    version: 1,
  };
  const threshold = (limit: number) => ({ kind: 'threshold', params: { field: 'value', op: '>', limit } });
  switch (i % 10) {
    case 4:
    case 5:
      return { ...rule, kind: 'every', params: {}, match: [subject, env] };
    case 6:
      return { ...rule, kind: 'every', params: {}, topic: `app${app}.**`, match: [subject] };
    case 7:
      return { ...rule, kind: 'change', params: { field: 'state' }, match: [subject] };
    case 8:
    case 9:
      return { ...rule, ...threshold(50 + 50 * chance(i, 5)), match: [] };
    default:
      return { ...rule, ...threshold(100 * chance(i, 5)), match: [subject] };
  }
}

/** The event with this number, about what `count` rules are about. */
export function eventNumber(i: number, count: number): Event {
  const type = `app${Math.floor(chance(i, 11) * appsOf(count))}.m${Math.floor(chance(i, 12) * metrics)}`;
  const subject = `host-${Math.floor(chance(i, 13) * hosts)}`;
  return {
    seq: i + 1,
    id: `e${i}`,
    source: 'bench',
    type,
    subject,
    data: { value: 20 + 40 * chance(i, 14), state: chance(i, 15) < 0.5 ? 'up' : 'down', unit: '%' },
    labels: { env: chance(i, 16) < 0.5 ? 'prod' : 'test', region: 'eu' },
    fingerprint: JSON.stringify(['bench', type, subject]),
    receivedAt: 1_700_000_000_000 + i,
  };
}
