// Cuts a typed line into words, quoted texts and operators, each with its place in the line.

export interface Word {
  text: string;
  is: 'word' | 'quoted' | 'operator';
  /** Where it stands in the line. */
  from: number;
  to: number;
}

// Phones turn straight quotes and two-letter operators into typographic ones.
const form =
  /"((?:[^"\\]|\\.)*)"|[“„«]([^”“»]*)[”“»]|'([^']*)'(?=\s|,|$)|([<>=!~≥≤≠]+)|,|([^\s"“„«<>=!~≥≤≠,]+)|(\S)/gs;
const typographic: Record<string, string> = { '≥': '>=', '≤': '<=', '≠': '!=' };

/** The words of the line in order; a comma is an operator of its own, a lone quote is a word. */
export function wordsOf(line: string): Word[] {
  return [...line.matchAll(form)].map((found) => {
    const place = { from: found.index, to: found.index + found[0].length };
    const quoted = found[1]?.replace(/\\(.)/gs, '$1') ?? found[2] ?? found[3];
    if (quoted !== undefined) return { text: quoted, is: 'quoted', ...place };
    if (found[4] !== undefined) return { text: typographic[found[4]] ?? found[4], is: 'operator', ...place };
    if (found[0] === ',') return { text: ',', is: 'operator', ...place };
    return { text: found[5] ?? found[6]!, is: 'word', ...place };
  });
}

/** The text as `wordsOf` reads it back as one word or quoted text. */
export function quoteWord(text: string): string {
  return /^[\p{L}\p{N}_.*%:/@+-]+$/u.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
