// The conditions after “where” in a /watch line: tests joined by and, or, not and brackets.
import type { Condition } from './condition.ts';
import { matcherFault, type Operator, operators } from './matcher.ts';
import { nearest } from './nearest.ts';
import { capital } from './sentence.ts';
import { brief, type Cursor, isWord } from './watch-cursor.ts';
import type { Word } from './watch-words.ts';

const mostDepth = 8;
const list = /^\$me\.([a-z][a-z0-9_-]{0,39})$/;

/** Reads them; what all must hold comes as a list of its own. */
export function readWhere(cursor: Cursor): Condition[] {
  splitBrackets(cursor);
  const condition = any(cursor, 0);
  return 'all' in condition ? condition.all : [condition];
}

/** Brackets stand by themselves from here on; those inside quotes do not. */
function splitBrackets(cursor: Cursor): void {
  const rest = cursor.words.slice(cursor.at).flatMap((word): Word[] => {
    if (word.is !== 'word' || !/[()]/.test(word.text)) return [word];
    return [...word.text.matchAll(/[()]|[^()]+/g)].map((piece) => ({
      text: piece[0],
      is: 'word',
      from: word.from + piece.index,
      to: word.from + piece.index + piece[0].length,
    }));
  });
  cursor.words = [...cursor.words.slice(0, cursor.at), ...rest];
}

function any(cursor: Cursor, depth: number): Condition {
  const parts = [all(cursor, depth)];
  while (cursor.takes('or')) parts.push(all(cursor, depth));
  return parts.length === 1 ? parts[0]! : { any: parts };
}

function all(cursor: Cursor, depth: number): Condition {
  const parts = [one(cursor, depth)];
  while (cursor.takes('and')) parts.push(one(cursor, depth));
  return parts.length === 1 ? parts[0]! : { all: parts };
}

function one(cursor: Cursor, depth: number): Condition {
  const word = cursor.peek();
  if (depth > mostDepth) cursor.refuse(word, 'This condition is nested too deeply');
  if (isWord(word, 'not') && cursor.peek(1)?.is !== 'operator') {
    cursor.at++;
    return { not: one(cursor, depth + 1) };
  }
  if (!cursor.takes('(')) return test(cursor);
  const inner = any(cursor, depth + 1);
  if (!cursor.takes(')')) cursor.refuse(cursor.peek(), 'A bracket is not closed');
  return inner;
}

function test(cursor: Cursor): Condition {
  const field = cursor.take();
  const negated = isWord(cursor.peek(), 'not') && isWord(cursor.peek(1), 'in');
  if (negated) cursor.at++;
  const op = cursor.take();
  const own = list.exec(cursor.peek()?.text ?? '')?.[1];
  const isList = own !== undefined && cursor.peek()?.is === 'word';
  if (field && field.is !== 'operator' && isWord(op, 'in')) {
    if (!isList) cursor.refuse(cursor.peek() ?? op, 'After “in” comes a list of yours, such as $me.blocks');
    cursor.at++;
    return { field: field.text, op: negated ? 'not in' : 'in', list: own! };
  }
  if (!field || !op || field.is === 'operator' || op.is !== 'operator')
    cursor.refuse(op ?? field, 'After “where” comes a condition, such as where host = cad1');
  const known = op!.text === '==' ? '=' : op!.text;
  if (isList && (known === '=' || known === '!=')) {
    cursor.at++;
    return { field: field!.text, op: known === '=' ? 'in' : 'not in', list: own };
  }
  if (!(operators as readonly string[]).includes(known))
    cursor.refuse(
      op!,
      `I don’t know “${brief(op!.text)}”`,
      nearest(op!.text, operators) ?? (/[<>]/.test(known) ? known[0] : undefined),
    );
  const value = cursor.value(op!, 'a value');
  const matcher = { field: field!.text, op: known as Operator, value };
  const fault = matcherFault(matcher);
  if (fault) cursor.refuse(cursor.words[cursor.at - 1], capital(fault));
  return matcher;
}
