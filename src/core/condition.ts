// Conditions of a rule: matchers joined by and, or, not; read, printed and tried on an event.
import type { NewEvent } from './event.ts';
import { asText, readField } from './field.ts';
import { type Matcher, matches, parseMatcher, printMatcher } from './matcher.ts';
import { own } from './own.ts';

/** Whether a field's value is in a list that the rule's owner keeps (`$me.blocks`). */
export interface InList {
  field: string;
  op: 'in' | 'not in';
  /** The list's name, without `$me.`. */
  list: string;
}

export type Condition = Matcher | InList | { all: Condition[] } | { any: Condition[] } | { not: Condition };

/** The named lists of a rule's owner. */
export type Lists = Readonly<Record<string, readonly string[]>>;

const mostDepth = 8;
const mostParts = 50;
const listName = /^[a-z][a-z0-9_-]{0,39}$/;

/** Whether it is a single test of one field with one value. */
export function isMatcher(condition: Condition): condition is Matcher {
  return 'value' in condition;
}

/** Whether the event passes. A list that is not there is empty. */
export function holds(condition: Condition, event: NewEvent, lists: Lists = {}): boolean {
  if ('value' in condition) return matches(condition, event);
  if ('list' in condition) {
    const text = asText(readField(event, condition.field)) ?? '';
    const there = own(lists, condition.list)?.includes(text) ?? false;
    return condition.op === 'in' ? there : !there;
  }
  if ('all' in condition) return condition.all.every((part) => holds(part, event, lists));
  if ('any' in condition) return condition.any.some((part) => holds(part, event, lists));
  return !holds(condition.not, event, lists);
}

/** The names of the lists that these conditions ask for. */
export function listsOf(conditions: readonly Condition[]): string[] {
  const names = new Set<string>();
  const visit = (condition: Condition) => {
    if ('list' in condition) names.add(condition.list);
    else if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
    else if ('not' in condition) visit(condition.not);
  };
  conditions.forEach(visit);
  return [...names].sort();
}

/** The fields that these conditions look at. */
export function fieldsOf(conditions: readonly Condition[]): string[] {
  const names = new Set<string>();
  const visit = (condition: Condition) => {
    if ('field' in condition) names.add(condition.field);
    else if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
    else visit(condition.not);
  };
  conditions.forEach(visit);
  return [...names];
}

/** The text that `parseCondition` reads back. */
export function printCondition(condition: Condition): string {
  if ('value' in condition) return printMatcher(condition);
  if ('list' in condition) return `${condition.field} ${condition.op} $me.${condition.list}`;
  if ('not' in condition) return `not (${printCondition(condition.not)})`;
  const [word, parts] = 'all' in condition ? [' and ', condition.all] : [' or ', condition.any];
  return parts
    .map((part) => ('all' in part || 'any' in part ? `(${printCondition(part)})` : printCondition(part)))
    .join(word);
}

export type ReadCondition = { ok: true; condition: Condition } | { ok: false; fault: string };

/**
 * Reads `host = "a" and not (env = "dev" or block in $me.blocks)`. Values with spaces, brackets or the words and, or,
 * not stand in quotes there; a text of one test may leave them out. The fault is a sentence for who wrote it.
 */
export function parseCondition(text: string): ReadCondition {
  if (text.length > 4000) return { ok: false, fault: 'a condition has at most 4,000 characters' };
  const alone = parseMatcher(text);
  const joined = /[()]|(^|\s)(and|or|not|in)(\s|$)/i.test(unquoted(text)) || /\$me\./.test(unquoted(text));
  if (!joined) return alone.ok ? { ok: true, condition: alone.matcher } : alone;
  try {
    return { ok: true, condition: new Reader(tokens(text), text).read() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // One test whose unquoted value happens to hold an “in”.
    if (alone.ok && !/[=<>~()]|(^|\s)(and|or|not)(\s|$)/i.test(alone.matcher.value))
      return { ok: true, condition: alone.matcher };
    return { ok: false, fault: error.message };
  }
}

class Fault extends Error {}

function unquoted(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""');
}

function tokens(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[()]|[=!<>~]+|[^\s()=!<>~"']+|["']/g) ?? [];
}

class Reader {
  private at = 0;
  private parts = 0;
  private readonly words: string[];
  private readonly text: string;

  constructor(words: string[], text: string) {
    this.words = words;
    this.text = text;
  }

  read(): Condition {
    const condition = this.any(0);
    const rest = this.words[this.at];
    if (rest !== undefined)
      throw new Fault(`I do not understand “${rest.slice(0, 40)}” in “${this.short()}”`);
    return condition;
  }

  private any(depth: number): Condition {
    return this.joined(
      'or',
      (d) => this.all(d),
      (parts) => ({ any: parts }),
      depth,
    );
  }

  private all(depth: number): Condition {
    return this.joined(
      'and',
      (d) => this.one(d),
      (parts) => ({ all: parts }),
      depth,
    );
  }

  private joined(
    word: string,
    part: (depth: number) => Condition,
    make: (parts: Condition[]) => Condition,
    depth: number,
  ): Condition {
    const parts = [part(depth)];
    while (this.takes(word)) parts.push(part(depth));
    return parts.length === 1 ? parts[0]! : make(parts);
  }

  private one(depth: number): Condition {
    if (depth > mostDepth) throw new Fault('this condition is nested too deeply');
    if (++this.parts > mostParts) throw new Fault(`a condition has at most ${mostParts} parts`);
    if (this.takes('not')) return { not: this.one(depth + 1) };
    if (this.takes('(')) {
      const inner = this.any(depth + 1);
      if (!this.takes(')')) throw new Fault(`a bracket is not closed in “${this.short()}”`);
      return inner;
    }
    return this.test();
  }

  private test(): Condition {
    const field = this.words[this.at++];
    if (field === undefined) throw new Fault(`something is missing at the end of “${this.short()}”`);
    const negated = this.takes('not');
    if (this.takes('in')) return this.inList(field, negated ? 'not in' : 'in');
    const op = negated ? undefined : this.words[this.at++];
    const value = this.words[this.at];
    if ((op === '=' || op === '!=') && value?.startsWith('$me.'))
      return this.inList(field, op === '=' ? 'in' : 'not in');
    this.at++;
    const read = parseMatcher(`${field} ${op ?? ''} ${value ?? ''}`);
    if (!read.ok) throw new Fault(read.fault);
    return read.matcher;
  }

  private inList(field: string, op: InList['op']): InList {
    const word = this.words[this.at++] ?? '';
    const list = word.startsWith('$me.') ? word.slice(4) : '';
    if (!/^[A-Za-z_][\w.-]{0,99}$/.test(field)) throw new Fault(`“${field.slice(0, 40)}” is no field`);
    if (!listName.test(list))
      throw new Fault(`“${word.slice(0, 40)}” is no list of yours; try ${field} in $me.blocks`);
    return { field, op, list };
  }

  private takes(word: string): boolean {
    if (this.words[this.at]?.toLowerCase() !== word) return false;
    this.at++;
    return true;
  }

  private short(): string {
    return this.text.slice(0, 60);
  }
}
