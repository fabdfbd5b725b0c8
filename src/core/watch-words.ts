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
  /"((?:[^"\\]|\\.)*)"|[“„«]([^”“»]*)[”“»]|'([^']*)'(?=\s|,|\)|$)|([<>=!~≥≤≠]+)|,|([^\s"“„«<>=!~≥≤≠,]+)|(\S)/gs;
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

/** The words that begin a part of the line. */
export const clauses = [
  'every',
  'for',
  'keep',
  'clear',
  'critical',
  'severity',
  'where',
  'named',
  'per',
  'changes',
  'more',
  'absent',
  'reported',
  'when',
  'within',
  'grace',
  'zone',
  'margin',
  'ahead',
  'cron',
  'emit',
  'unless',
  'verify',
  'same',
  'shadow',
  'tell',
  'otherwise',
  'set',
  'off',
] as const;

const verbs =
  /^(changes?|changed|becomes?|leaves|grows?|near|above|over|below|under|from|to|or|and|not|in|than|different|distinct|at|least|by|missing|silent)$/i;
const day = '(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?s?';
const dayWord = new RegExp(`^(weekdays?|weekends?|${day}([-–—]${day})?)[;:]?$`, 'i');
const hours = /^\d{1,2}([:.h]\d{2})?(am|pm)?[-–—]\d{1,2}([:.h]\d{2})?(am|pm)?[;:]?$/i;

/** Whether the word compares a field, or stands between what is compared. */
export function isVerb({ is, text }: Word): boolean {
  return is === 'word' && verbs.test(text);
}

/** Whether the word is a day or days of the week: `Mon-Fri`, `weekend`. */
export function isDay({ is, text }: Word): boolean {
  return is === 'word' && dayWord.test(text);
}

/** Whether the word is hours of the day: `9-18`, `22:00-07:00`. */
export function isHours({ is, text }: Word): boolean {
  return is === 'word' && hours.test(text);
}

/** Whether the word begins another part of the line, so that a text before it ends there. */
export function endsText(word: Word): boolean {
  if (word.is !== 'word' || isDay(word) || isHours(word)) return true;
  const text = word.text.toLowerCase();
  return (clauses as readonly string[]).includes(text) || /^(or|to|from|and)$/.test(text);
}

/** The text as `wordsOf` reads it back as one word or quoted text. */
export function quoteWord(text: string): string {
  return /^[\p{L}\p{N}_.*%:/@+-]+$/u.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The same for a text that stands where a word of the line's own might. */
export function quoteText(text: string): string {
  const word: Word = { text, is: 'word', from: 0, to: 0 };
  return verbs.test(text) || endsText(word) ? `"${text.replace(/[\\"]/g, '\\$&')}"` : quoteWord(text);
}
