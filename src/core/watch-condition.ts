// The condition of a /watch line, in the words of each kind: over a limit, changes, more than, absent, grows, near, reported, when.
import { brief, type Cursor, isWord, NotUnderstood } from './watch-cursor.ts';
import type { Word } from './watch-words.ts';

export interface ReadCondition {
  /** Where it begins. */
  word: Word;
  kind: string;
  params: Record<string, unknown>;
}

const comparisons: Record<string, string> = {
  above: '>',
  over: '>',
  below: '<',
  under: '<',
  '>': '>',
  '>=': '>=',
  '<': '<',
  '<=': '<=',
};

/** Reads a condition when one begins here; undefined when something else does. */
export function readCondition(cursor: Cursor): ReadCondition | undefined {
  const [word, next] = [cursor.peek()!, cursor.peek(1)];
  if (word.is === 'operator') return undefined;
  if (next?.is === 'operator' && next.text !== ',') return compared(cursor);
  if (next?.is === 'word') {
    const verb = next.text.toLowerCase();
    if (/^(above|over|below|under)$/.test(verb)) return compared(cursor);
    if (/^(changes?|changed|becomes?|leaves)$/.test(verb)) return changed(cursor);
    if (/^grows?$/.test(verb)) return grown(cursor);
    if (verb === 'near') return near(cursor);
    if (verb === 'between') return between(cursor);
  }
  if (word.is !== 'word') return undefined;
  const of = (kind: string, params: Record<string, unknown> = {}) => ({ word, kind, params });
  if (cursor.takes('every')) return of('every');
  if (cursor.takes('absent', 'missing', 'silent')) return of('absence', absent(cursor, word));
  if (cursor.takes('when')) {
    if (cursor.peek()?.is === 'word' && cursor.peek(1)?.is === 'operator')
      cursor.refuse(word, 'A condition behind “when” stands in quotes, and a limit needs no “when”', '');
    return of('expression', { when: cursor.value(word, 'a condition in quotes') });
  }
  if (/^reported by$/i.test(`${word.text} ${next?.text}`)) return of('quorum', reported(cursor));
  const isCount = /^(more than|at least)$/i.test(`${word.text} ${next?.text}`);
  if (isCount) return of('count', counted(cursor));
  return undefined;
}

function compared(cursor: Cursor): ReadCondition {
  const field = cursor.take()!;
  const verb = cursor.take()!;
  const text = verb.text.toLowerCase();
  const op = comparisons[text];
  if (op)
    return {
      word: field,
      kind: 'threshold',
      params: { field: field.text, op, limit: cursor.limit(verb, field.text) },
    };
  if (text === '=' || text === '==' || text === '!=' || text === '=~' || text === '!~') {
    const advice =
      text === '=' || text === '==' ? `${field.text} changes to … tells when it becomes so; ` : '';
    cursor.refuse(
      verb,
      `“${verb.text}” compares texts: ${advice}where ${field.text} ${verb.text} … watches only those`,
      text[0] === '=' && text !== '=~' ? 'changes to' : undefined,
    );
  }
  const known = text.includes('<') ? (text.includes('=') ? '<=' : '<') : text.includes('=') ? '>=' : '>';
  cursor.refuse(verb, `I don’t know “${brief(verb.text)}”`, /[<>]/.test(text) ? known : undefined);
}

function changed(cursor: Cursor): ReadCondition {
  const field = cursor.take()!;
  const verb = cursor.take()!;
  const params: Record<string, unknown> = { field: field.text };
  if (/^becomes?$/i.test(verb.text)) params.to = one(cursor.list(verb, 'the value it becomes'));
  if (/^leaves$/i.test(verb.text)) params.from = one(cursor.list(verb, 'the value it leaves'));
  while (cursor.sees('from', 'to')) {
    const side = cursor.take()!;
    params[side.text.toLowerCase()] = one(cursor.list(side, 'a value'));
  }
  return { word: field, kind: 'change', params };
}

/** `more than 3 different block within 1h` */
function counted(cursor: Cursor): Record<string, unknown> {
  const isLeast = cursor.take()!.text.toLowerCase() === 'at';
  const than = cursor.take()!;
  const number = cursor.number(than);
  const params: Record<string, unknown> = { moreThan: isLeast ? number - 1 : number };
  const different = cursor.peek();
  if (cursor.takes('different', 'distinct'))
    params.distinct = cursor.value(different!, 'a field, such as block');
  else cursor.takes('events', 'event', 'times');
  params.within = within(
    cursor,
    `more than ${number}`,
    params.distinct === undefined ? 'different' : undefined,
  );
  return params;
}

/** `reported by 4 status fail within 10m`, `reported by 4 of satellite status fail, slow within 10m` */
function reported(cursor: Cursor): Record<string, unknown> {
  cursor.take();
  const by = cursor.take()!;
  const params: Record<string, unknown> = { atLeast: cursor.number(by) };
  const of = cursor.peek();
  if (cursor.takes('of')) params.by = cursor.value(of!, 'the field that tells them apart, such as source');
  const field = cursor.peek();
  params.field = cursor.value(by, 'a field and its bad value, such as status fail');
  params.bad = one(cursor.list(field!, 'the value that is bad, such as fail'));
  params.within = within(cursor, `reported by ${params.atLeast}`);
  return params;
}

function absent(cursor: Cursor, word: Word): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  const how = cursor.peek();
  if (cursor.takes('cron')) params.cron = cursor.value(how!, 'a schedule in quotes, such as "0 9 * * 1-5"');
  else if (cursor.takes('for') || cursor.seesDuration()) params.every = cursor.span(how!);
  else cursor.refuse(how ?? word, `After “${word.text}” comes how long, such as absent for 5m`);
  for (let next = cursor.peek(); next && cursor.sees('grace', 'zone'); next = cursor.peek()) {
    cursor.at++;
    if (isWord(next, 'grace')) params.grace = cursor.span(next);
    else params.zone = cursor.value(next, 'a time zone, such as Europe/Berlin');
  }
  return params;
}

/** `rx grows by 1e9 within 1h` */
function grown(cursor: Cursor): ReadCondition {
  const field = cursor.take()!;
  let verb = cursor.take()!;
  const by = cursor.peek();
  if (cursor.takes('by')) verb = by!;
  const amount = cursor.number(verb);
  const params = { field: field.text, by: amount, within: within(cursor, `grows by ${amount}`) };
  return { word: field, kind: 'increase', params };
}

/** `score near 0.60 margin 0.05`, `score near 5 above ahead 2d`: the side that is bad, and how near is near. */
function near(cursor: Cursor): ReadCondition {
  const field = cursor.take()!;
  const bar = cursor.number(cursor.take()!);
  const side = cursor.peek();
  const isAbove = cursor.takes('above', 'over');
  if (!isAbove) cursor.takes('below', 'under');
  const params: Record<string, unknown> = {
    field: field.text,
    bar,
    side: side && isAbove ? 'above' : 'below',
  };
  for (let next = cursor.peek(); next && cursor.sees('margin', 'ahead'); next = cursor.peek()) {
    cursor.at++;
    if (isWord(next, 'margin')) params.margin = cursor.number(next);
    else params.ahead = cursor.span(next);
  }
  return { word: field, kind: 'ratio', params };
}

/** Two limits are no threshold; both at once are said as a condition in quotes. */
function between(cursor: Cursor): never {
  const field = cursor.take()!;
  const verb = cursor.take()!;
  const [low, , high] = [cursor.peek(), cursor.peek(1), cursor.peek(2)];
  const cel = (word: Word) => (/^-?\d+$/.test(word.text) ? `${word.text}.0` : word.text);
  const isPlain = (word: Word | undefined) => word !== undefined && /^-?\d+(\.\d+)?$/.test(word.text);
  const isClear = isPlain(low) && isPlain(high) && /^[a-z_]\w*$/i.test(field.text);
  const name = `event.data.${field.text}`;
  throw new NotUnderstood({
    text: 'A limit has one side; between two is a condition in quotes',
    from: field.from,
    to: isClear ? high!.to : verb.to,
    ...(isClear ? { repair: `when "${name} >= ${cel(low!)} && ${name} <= ${cel(high!)}"` } : {}),
  });
}

function within(cursor: Cursor, after: string, meant?: string): string {
  const word = cursor.peek();
  if (cursor.takes('within', 'in')) return cursor.span(word!);
  const isField = word?.is === 'word' && meant !== undefined;
  cursor.refuse(
    word,
    `After “${brief(after)}” comes within and how long, such as within 1h${isField ? ', or different and a field' : ''}`,
    isField ? `${meant} ${word.text}` : undefined,
  );
}

function one(values: string[]): string | string[] {
  return values.length === 1 ? values[0]! : values;
}
