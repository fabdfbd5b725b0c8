// A test on one field of an event: host =~ "cad.*", env = "prod", usage > 90.
import { RE2JS } from 're2js';
import type { NewEvent } from './event.ts';
import { asText, readField, readNumber } from './field.ts';
import { comparesVersions, compareVersions, isVersion } from './version.ts';

export const operators = ['=', '!=', '=~', '!~', '>', '>=', '<', '<='] as const;
export type Operator = (typeof operators)[number];
export interface Matcher {
  field: string;
  op: Operator;
  value: string;
}

const form =
  /^\s*([A-Za-z_][\w.-]{0,99})\s*(=~|!~|!=|>=|<=|==|=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S.*?))\s*$/s;

/** Reads `field op value`; the fault is a sentence for the person who wrote it. */
export function parseMatcher(text: string): { ok: true; matcher: Matcher } | { ok: false; fault: string } {
  const found = form.exec(text);
  if (!found)
    return { ok: false, fault: `“${text.slice(0, 60)}” is no condition; try host = "cad1" or usage > 90` };
  const op = (found[2] === '==' ? '=' : found[2]) as Operator;
  const value = found[3] !== undefined ? found[3].replace(/\\(.)/g, '$1') : (found[4] ?? found[5] ?? '');
  const matcher = { field: found[1]!, op, value };
  const fault = matcherFault(matcher);
  return fault ? { ok: false, fault } : { ok: true, matcher };
}

/** Why this matcher cannot be used, or undefined: patterns must compile, comparisons need a number. */
export function matcherFault({ op, value }: Matcher): string | undefined {
  if (value.length > 256) return 'a value in a condition has at most 256 characters';
  if ((op === '=~' || op === '!~') && !compile(value))
    return `“${value.slice(0, 60)}” is no pattern that can be used`;
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  if (/^[<>]/.test(op) && !isNumber && !isVersion(value))
    return `${op} needs a number or a version such as 1.4.2, “${value.slice(0, 40)}” is none`;
  return undefined;
}

/** The number that it compares with; undefined when it compares texts or versions. */
export function numberLimit({ field, op, value }: Matcher): number | undefined {
  if (!/^[<>]/.test(op) || comparesVersions(field, value)) return undefined;
  const limit = Number(value);
  return Number.isFinite(limit) ? limit : undefined;
}

/** The text that `parseMatcher` reads back. */
export function printMatcher({ field, op, value }: Matcher): string {
  return /^[<>]/.test(op) ? `${field} ${op} ${value}` : `${field} ${op} "${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** Whether the event passes. A missing field equals the empty text; it passes no comparison. */
export function matches({ field, op, value }: Matcher, event: NewEvent): boolean {
  switch (op) {
    case '=':
      return (asText(readField(event, field)) ?? '') === value;
    case '!=':
      return (asText(readField(event, field)) ?? '') !== value;
    case '=~':
      return hits(value, event, field);
    case '!~':
      return !hits(value, event, field);
    default:
      return comparesVersions(field, value)
        ? compares(op, compareVersions(asText(readField(event, field)) ?? '', value), 0)
        : compares(op, readNumber(event, field), Number(value));
  }
}

function hits(pattern: string, event: NewEvent, field: string): boolean {
  const text = asText(readField(event, field)) ?? '';
  return compile(pattern)?.matcher(text.slice(0, 4096)).matches() ?? false;
}

function compares(op: '>' | '>=' | '<' | '<=', number: number | undefined, limit: number): boolean {
  if (number === undefined) return false;
  switch (op) {
    case '>':
      return number > limit;
    case '>=':
      return number >= limit;
    case '<':
      return number < limit;
    case '<=':
      return number <= limit;
  }
}

const compiled = new Map<string, RE2JS | null>();

// RE2 is linear in the text: a person's pattern can never stall the worker.
function compile(pattern: string): RE2JS | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size > 10_000) compiled.clear();
  let made: RE2JS | null = null;
  try {
    if (pattern.length <= 256 && !/\{\d{4,}|\{\d*,?[1-9]\d\d+\}/.test(pattern)) made = RE2JS.compile(pattern);
  } catch {
    made = null;
  }
  compiled.set(pattern, made);
  return made;
}
