// What the parser cannot read in a condition, in the words of the person who wrote it: their own text, and where it is.

/** As the parser says it. */
export interface ParseFault {
  code?: string;
  summary?: string;
  range?: { start: number; end: number };
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
const meant: Record<string, string> = {
  and: '&&',
  or: '||',
  not: '!',
  '=': '==',
  '<>': '!=',
};

/** The end of a sentence about the text; undefined when it is no fault of its form. */
export function sayParseFault(
  text: string,
  { code = '', summary = '', range }: ParseFault,
): string | undefined {
  if (!range) return undefined;
  const place = `at character ${range.start + 1}`;
  if (/^unterminated/.test(code)) return `the quotes that open ${place} are not closed`;
  if (!/^(unexpected_token|unexpected_character|expected_token)$/.test(code)) return undefined;
  const [, expected] = /^Expected (\w+),/.exec(summary) ?? [];
  const lacks = expected === undefined ? undefined : missing[expected];
  if (range.start >= text.trimEnd().length)
    return `the condition ends in the middle, ${after(text)}${lacks ? `: ${lacks} is missing` : ''}`;
  const found = wordAt(text, range);
  if (/^[“”„‘’«»]$/.test(found)) return `the quotes ${place} are not plain ones; write "`;
  const instead = meant[found.toLowerCase()];
  if (instead) return `I cannot read “${found}” ${place}; write ${instead}`;
  return `I cannot read “${found}” ${place}${lacks && expected !== 'IDENTIFIER' ? `; ${lacks} is missing before it` : ''}`;
}

function after(text: string): string {
  const read = text.trim().replace(/\s+/g, ' ');
  const end = read.length > shown ? `…${Array.from(read).slice(-shown).join('')}` : read;
  return end === '' ? 'before it begins' : `after “${end}”`;
}

/** What stands there; a single sign is never half of one. */
function wordAt(text: string, { start, end }: { start: number; end: number }): string {
  const sign = String.fromCodePoint(text.codePointAt(start) ?? 0xfffd);
  const rest = /^(?:\w+|<>)/.exec(text.slice(start))?.[0] ?? '';
  const word = [sign, rest, text.slice(start, end)].sort((a, b) => b.length - a.length)[0]!;
  return Array.from(word).slice(0, shown).join('');
}
