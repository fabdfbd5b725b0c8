// Conditions in CEL over one event: checked before saving, and metered while they run, so that none can stall a worker.
import type { Event } from '#core/event.ts';
import { environment, type Node, patternFault, tooMuch, within } from './environment.ts';
import { type ParseFault, sayParseFault } from './parse-fault.ts';
import { type EventView, viewOf } from './view.ts';

const mostLength = 2000;
const mostNesting = 2;
const mostKnown = 5000;

const macros = ['all', 'exists', 'exists_one', 'map', 'filter'];
const functions = [
  ...['has', 'size', 'int', 'double', 'string', 'bool'],
  ...['startsWith', 'endsWith', 'contains', 'indexOf', 'lastIndexOf', 'substring', 'split', 'join'],
  ...['lowerAscii', 'upperAscii', 'trim', 're', 'orValue'],
  ...macros,
];

export type Answer = { is: true | false } | { is: undefined; why: string };

export interface Expression {
  /** Whether it holds for the event; undefined, with the reason, when it cannot say. */
  ask(event: Event): Answer;
}

export type ReadExpression = { ok: true; expression: Expression } | { ok: false; fault: string };

const known = new Map<string, ReadExpression>();

/** Reads an expression; the fault is a sentence for the person who wrote it. */
export function readExpression(text: string): ReadExpression {
  const there = known.get(text);
  if (there) return there;
  if (text.length > mostLength)
    return { ok: false, fault: `an expression has at most ${mostLength.toLocaleString('en-US')} characters` };
  if (known.size >= mostKnown) known.clear();
  const read = compile(text);
  known.set(text, read);
  return read;
}

function compile(text: string): ReadExpression {
  try {
    const parsed = environment.parse(text);
    const fault = faultOf(parsed.ast, 0);
    if (fault) return { ok: false, fault };
    const checked = parsed.check();
    if (!checked.valid) return { ok: false, fault: sentence(text, checked.error) };
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return { ok: false, fault: `it must say true or false, not ${article(checked.type)}` };
    return { ok: true, expression: { ask: (event) => ask(parsed, viewOf(event)) } };
  } catch (error) {
    return { ok: false, fault: sentence(text, error) };
  }
}

function ask(parsed: (context: object) => unknown, view: EventView): Answer {
  if (view.tooLarge) return { is: undefined, why: 'the event holds too much for an expression' };
  try {
    const said = within(() => parsed({ event: view.event }));
    if (said === tooMuch) return { is: undefined, why: 'it was too much work' };
    return typeof said === 'boolean'
      ? { is: said }
      : { is: undefined, why: 'it said neither true nor false' };
  } catch (error) {
    const { code, summary } = error as { code?: string; summary?: string };
    if (code === 'no_such_key')
      return { is: undefined, why: `no “${(summary ?? '').split(': ').at(-1)}” in the event` };
    return { is: undefined, why: summary ?? 'it could not be evaluated' };
  }
}

/** What the parser lets pass and we do not. */
function faultOf(node: unknown, nesting: number): string | undefined {
  if (Array.isArray(node)) {
    for (const part of node) {
      const fault = faultOf(part, nesting);
      if (fault) return fault;
    }
    return undefined;
  }
  if (node === null || typeof node !== 'object' || !('op' in node)) return undefined;
  const { op, args } = node as Node;
  if (op === 'call' || op === 'rcall') {
    const [name, first, second] = args as [string, unknown, unknown];
    if (name === 'matches') return 'matches() is not known here; write re(), as in event.host.re("cad.*")';
    if (name === 'not') return 'not() is not known here; write !, as in !(event.usage > 90)';
    if (!functions.includes(name))
      return `there is no “${name.slice(0, 40)}()” here; there are ${functions.join(', ')}`;
    if (name === 're') {
      const [pattern] = (op === 'rcall' ? second : first) as Node[];
      const fault = patternFault(pattern?.op === 'value' ? pattern.args : undefined);
      if (fault) return fault;
    }
    if (op === 'rcall' && macros.includes(name)) {
      // One after another is not one inside the other.
      if (nesting === mostNesting)
        return 'all, exists, map and filter can stand inside each other only twice';
      return faultOf(first, nesting) ?? faultOf(second, nesting + 1);
    }
  }
  return faultOf(args, nesting);
}

function sentence(text: string, error: unknown): string {
  const { code = '', summary, range } = error as ParseFault;
  const said = summary ?? (error instanceof RangeError ? 'it is nested too deeply' : 'it cannot be read');
  const variable = /^Unknown variable: (.+)$/.exec(said)?.[1];
  if (variable !== undefined)
    return `there is no “${variable.slice(0, 40)}”; write event.${variable.slice(0, 40)}`;
  if (/^Exceeded|limit/i.test(`${code} ${said}`)) return `it is too large or nested too deeply (${said})`;
  const unread = sayParseFault(text, error as ParseFault);
  if (unread !== undefined) return unread;
  return range ? `${said} (at character ${range.start + 1})` : said;
}

function article(type: string | undefined): string {
  return type === undefined ? 'something else' : `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
