// The hours in a /watch line: `weekdays 9-18, otherwise 97` becomes the table of bands.
import { type Band, parseWhen } from './bands.ts';
import { nearest } from './nearest.ts';
import { capital } from './sentence.ts';
import { readSeverity, severities } from './severity.ts';
import { brief, type Cursor, isWord } from './watch-cursor.ts';
import { isDay, isHours, type Word } from './watch-words.ts';

/** A band of a line, with the number that stands for the condition's own: `otherwise 97`. */
export interface ReadBand {
  band: Band;
  /** It only says that the rule is as written. */
  same?: true;
  main?: { word: Word; value: number | string; isDuration: boolean };
}

/** Whether other hours begin here. */
export function seesHours(word: Word | undefined): boolean {
  return word !== undefined && (isDay(word) || isHours(word) || isWord(word, 'otherwise'));
}

/** Reads one row: its hours, and what is different in them. */
export function readBand(cursor: Cursor, field: string): ReadBand {
  const read: ReadBand = { band: { when: readWhen(cursor) } };
  for (let word = cursor.peek(); word && change(cursor, word, field, read); word = cursor.peek());
  return read;
}

function readWhen(cursor: Cursor): Band['when'] {
  const first = cursor.peek()!;
  if (/^otherwise:?$/i.test(first.text)) {
    cursor.at++;
    return 'otherwise';
  }
  let text = '';
  for (let word = cursor.peek(); word; word = cursor.peek()) {
    const comma = word.text === ',' && word.is === 'operator' && isDay(cursor.peek(1) ?? word);
    // `Sat, Sun` is one band; `Mon-Fri 9-18, Sat` are two.
    if (comma ? /\d:?$/.test(text) : !isDay(word) && !isHours(word)) break;
    text += comma ? ',' : `${text === '' || text.endsWith(',') ? '' : ' '}${word.text}`;
    cursor.at++;
    if (/\d[ap]?m?:?$/i.test(text) && !text.endsWith(';')) break;
  }
  const when = parseWhen(text.replace(/[:;]$/, ''));
  if (!when.ok) cursor.refuse(first, capital(when.fault));
  return when.when;
}

/** Takes one difference; false when something else begins. */
function change(cursor: Cursor, word: Word, field: string, read: ReadBand): boolean {
  const { band } = read;
  const put = (name: string, value: unknown) => {
    band.params = { ...band.params, [name]: value };
  };
  if (word.is === 'operator') {
    if (!/^[<>]=?$/.test(word.text)) return false;
    cursor.at++;
    if (!cursor.seesLimit()) cursor.refuse(word, `After “${word.text}” comes a number`);
    return true;
  }
  if (cursor.seesDuration() || cursor.seesLimit()) {
    const isDuration = cursor.seesDuration();
    read.main = { word, value: isDuration ? cursor.span(word) : cursor.limit(word, field), isDuration };
    return true;
  }
  if (cursor.takes('off')) band.off = true;
  else if (cursor.takes('same')) read.same = true;
  else if (cursor.takes('above', 'over', 'below', 'under')) return true;
  else if (cursor.takes('clear')) put('clear', cursor.limit(word, field));
  else if (cursor.takes('critical')) put('critical', cursor.limit(word, field));
  else if (cursor.takes('within')) put('within', cursor.span(word));
  else if (cursor.takes('tell')) band.to = cursor.list(word, 'where it is told, such as telegram');
  else if (cursor.takes('set')) put(cursor.value(word, 'a name'), jsonOf(cursor, word));
  else if (cursor.takes('severity')) {
    const typed = cursor.take();
    const severity = typed && readSeverity(typed.text);
    if (!severity)
      cursor.refuse(
        typed ?? word,
        `“${brief(typed?.text ?? '')}” is no severity: critical, warning or info`,
        typed && nearest(typed.text, severities),
      );
    band.severity = severity!;
  } else return false;
  return true;
}

function jsonOf(cursor: Cursor, word: Word): unknown {
  const text = cursor.value(word, 'a value');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
