// What the parser cannot read in a condition, in the words of the person who wrote it: their own text, and where it is.

/** As the parser says it. */
export interface ParseFault {
  code?: string;
  summary?: string;
  range?: Place;
}

interface Place {
  start: number;
  end: number;
}

const shown = 40;

/** The parser's names for what may be missing. */
const missing: Record<string, string> = {
  RPAREN: '“)”',
  RBRACKET: '“]”',
  RBRACE: '“}”',
  COLON: '“:”',
  IDENTIFIER: 'a name',
};

/** What people write for what is written otherwise here. */
const meant = new Map([
  ['and', '&&'],
  ['or', '||'],
  // Before a comparison “!” alone would hold for its first half.
  ['not', '!(…)'],
  ['=', '=='],
  ['<>', '!='],
]);

/** The end of a sentence about the text; undefined when it is no fault of its form. */
export function sayParseFault(
  text: string,
  { code = '', summary = '', range: at }: ParseFault,
): string | undefined {
  if (!at) return undefined;
  if (/^unterminated/.test(code)) return `the quotes that open at character ${at.start + 1} are not closed`;
  if (!/^(unexpected_token|unexpected_character|expected_token)$/.test(code)) return undefined;
  const [, expected] = /^Expected (\w+),/.exec(summary) ?? [];
  const lacks = expected === undefined ? undefined : missing[expected];
  if (at.start >= text.trimEnd().length)
    return `the condition ends in the middle, ${after(text)}${lacks ? `: ${lacks} is missing` : ''}`;
  const range = meantAt(text, at);
  const place = `at character ${range.start + 1}`;
  const found = wordAt(text, range);
  if (/^[“”„‘’«»]$/.test(found)) return `the quotes ${place} are not plain ones; write "`;
  const instead = notIn(text, range.start) ?? meant.get(found.toLowerCase());
  if (instead) return `I cannot read “${found}” ${place}; write ${instead}`;
  return `I cannot read “${found}” ${place}${lacks && expected !== 'IDENTIFIER' ? `; ${lacks} is missing before it` : ''}`;
}

/** The parser takes “<” of “<>” for itself and “not” for a name: then the fault stands behind what is meant. */
function meantAt(text: string, at: Place): Place {
  const { start } = at;
  if (start > 0 && text.startsWith('<>', start - 1)) return { start: start - 1, end: start + 1 };
  const not = text.slice(0, start).search(/(?<![\w.])not\s+$/i);
  return not < 0 ? at : { start: not, end: not + 'not'.length };
}

/** What “a not in b” is here. */
function notIn(text: string, at: number): string | undefined {
  const [, list] = /^not\s+in\b\s*([\w.]*)/i.exec(text.slice(at)) ?? [];
  if (list === undefined) return undefined;
  const [one = '…'] = /[\w.]{1,100}(?=\s*$)/.exec(text.slice(0, at)) ?? [];
  return `!(${one} in ${list === '' ? '[...]' : list})`;
}

function after(text: string): string {
  const read = text.trim().replace(/\s+/g, ' ');
  const end = read.length > shown ? `…${Array.from(read).slice(-shown).join('')}` : read;
  return end === '' ? 'before it begins' : `after “${end}”`;
}

/** What stands there; a single sign is never half of one. */
function wordAt(text: string, { start, end }: Place): string {
  const sign = String.fromCodePoint(text.codePointAt(start) ?? 0xfffd);
  const rest = /^(?:\w+|<>)/.exec(text.slice(start))?.[0] ?? '';
  const word = [sign, rest, text.slice(start, end)].sort((a, b) => b.length - a.length)[0]!;
  return Array.from(word).slice(0, shown).join('');
}
