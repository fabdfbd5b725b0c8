// Goes over the words of a /watch line and reads its small parts: numbers, durations, texts and lists.
import { parseDuration, printDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { comparesVersions, isVersion, namesVersion } from './version.ts';
import { isGrouped, numberSlip } from './watch-numbers.ts';
import { endsText, isDay, isHours, isVerb, type Word, wordsOf } from './watch-words.ts';

/** What was not understood, where, and what would be. */
export interface Trouble {
  text: string;
  from: number;
  to: number;
  repair?: string;
}
export class NotUnderstood extends Error {
  trouble: Trouble;
  constructor(trouble: Trouble) {
    super(trouble.text);
    this.trouble = trouble;
  }
}

const exampleVersion = '1.4.0';
export const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

export class Cursor {
  words: Word[];
  at = 0;
  readonly end: number;

  constructor(line: string) {
    this.words = wordsOf(line);
    this.end = line.length;
  }

  peek(ahead = 0): Word | undefined {
    return this.words[this.at + ahead];
  }

  take(): Word | undefined {
    return this.words[this.at++];
  }

  /** Whether an unquoted word of these comes next. */
  sees(...texts: string[]): boolean {
    const word = this.peek();
    return word?.is === 'word' && texts.includes(word.text.toLowerCase());
  }

  /** Goes past an unquoted word of these. */
  takes(...texts: string[]): boolean {
    const seen = this.sees(...texts);
    if (seen) this.at++;
    return seen;
  }

  /** Whether a comma comes next that joins what follows to a list, and does not begin other hours. */
  joins(): boolean {
    if (this.peek()?.text !== ',' || this.peek()?.is !== 'operator') return false;
    const after = this.peek(1);
    return after === undefined || !(isDay(after) || isHours(after) || isWord(after, 'otherwise'));
  }

  seesNumber(): boolean {
    const word = this.peek();
    return word?.is === 'word' && decimal.test(word.text.replace(/%$/, ''));
  }

  number(after: Word, orVersion = false): number {
    const word = this.take();
    const text = word?.text.replace(/%$/, '') ?? '';
    if (!word || word.is === 'operator') {
      const stray = word?.is === 'operator' && this.peek()?.is === 'word';
      this.refuse(
        word ?? after,
        word
          ? `I don’t know “${brief(after.text + word.text)}”`
          : `After “${after.text}” comes a number${orVersion ? ` or a version, such as 90 or ${exampleVersion}` : ''}`,
        stray ? '' : undefined,
      );
    }
    if (!decimal.test(text) || !Number.isFinite(Number(text))) {
      const { fault, meant } = numberSlip(text, orVersion);
      this.refuse(word!, `“${brief(word!.text)}” ${fault}`, meant);
    }
    this.noComma(word!);
    const percent = this.peek();
    if (percent?.is === 'word' && percent.text === '%') this.at++;
    return Number(text);
  }

  /** 95,5 has the comma of another language; after 1,000 nobody knows which is meant. */
  private noComma(word: Word) {
    const [comma, next] = [this.peek(), this.peek(1)];
    if (comma?.text !== ',' || comma.from !== word.to || next?.from !== comma.to) return;
    if (!/^\d+%?$/.test(next.text)) return;
    const typed = `${word.text},${next.text}`;
    const isOpen = /^\d{3}$/.test(next.text);
    throw new NotUnderstood({
      text: isOpen
        ? `“${brief(typed)}” can be read in two ways: write ${word.text}${next.text} or ${word.text}.${next.text}`
        : `“${brief(typed)}” has a comma: a number has a point`,
      from: word.from,
      to: next.to,
      // 1.000,5: the dots were between thousands.
      ...(isOpen
        ? {}
        : {
            repair: `${/^\d{1,3}(\.\d{3})+$/.test(word.text) ? word.text.replaceAll('.', '') : word.text}.${next.text}`,
          }),
    });
  }

  /** Whether a number or a version comes next. */
  seesLimit(): boolean {
    return this.seesNumber() || isVersion(this.wordAsVersion());
  }

  /** Passes by the “at” of “critical at 97”; it stays where no limit follows. */
  passesAt(): void {
    if (this.takes('at') && !this.seesLimit()) this.at--;
  }

  /** What a field is compared with: a version where the field's name or the text says so, otherwise a number. */
  limit(after: Word, field: unknown): number | string {
    const text = this.wordAsVersion();
    const name = typeof field === 'string' ? field : '';
    const isThousands = isGrouped(text) && !namesVersion(name);
    if (isThousands || !comparesVersions(name, text)) return this.number(after, true);
    this.at++;
    return text;
  }

  private wordAsVersion(): string {
    const word = this.peek();
    return word && word.is !== 'operator' ? word.text : '';
  }

  /** Whether a duration comes next: `5m`, or `5 minutes`. */
  seesDuration(): boolean {
    const [word, next] = [this.peek(), this.peek(1)];
    if (word?.is !== 'word') return false;
    if (parseDuration(word.text) !== undefined) return true;
    return /^[\d.]+$/.test(word.text) && next?.is === 'word'
      ? parseDuration(word.text + next.text) !== undefined
      : false;
  }

  duration(after: Word): number {
    const word = this.take();
    const next = this.peek();
    const both = word && next?.is === 'word' ? parseDuration(`${word.text}${next.text}`) : undefined;
    if (both !== undefined && /^[\d.]+$/.test(word!.text)) {
      this.at++;
      return both;
    }
    const ms = word?.is === 'word' ? parseDuration(word.text) : undefined;
    if (ms === undefined) {
      const count = /^\d+/.exec(word?.text ?? '')?.[0];
      const unit = word && mistypedUnit(word, next);
      this.refuse(
        unit?.place ?? word ?? after,
        word
          ? `“${brief(/^[\d.]+$/.test(word.text) && next?.is === 'word' ? `${word.text} ${next.text}` : word.text)}” is no duration; try 5m, 1h30m or 2d`
          : `After “${after.text}” comes a duration, such as 5m`,
        count && `${count}${unit?.letter ?? 'm'}`,
      );
    }
    return ms!;
  }

  /** A duration as rules keep it: `1h30m`. */
  span(after: Word): string {
    return printDuration(this.duration(after));
  }

  value(after: Word, what: string): string {
    const word = this.take();
    if (!word || word.is === 'operator') this.refuse(word ?? after, `After “${after.text}” comes ${what}`);
    return word!.text;
  }

  /** One or several texts (`A`, `A or B`, `A, B`); unquoted words up to the next word with a meaning are one text. */
  list(after: Word, what: string): string[] {
    const found: string[] = [];
    do {
      const text = this.value(after, what);
      found.push([text, ...this.rest(() => !endsText(this.peek()!))].join(' '));
    } while (this.takesOr());
    return found;
  }

  /** A name, also without quotes: up to a word with a meaning, or a field that is compared. */
  name(after: Word, what: string): string {
    const text = this.value(after, what);
    const goesOn = () => {
      const [word, next] = [this.peek()!, this.peek(1)];
      const isField = next && (next.is === 'operator' || isVerb(next));
      return !endsText(word) && !isVerb(word) && !isField;
    };
    return [text, ...this.rest(goesOn)].join(' ');
  }

  /** The unquoted words that follow an unquoted one. */
  private rest(goesOn: () => boolean): string[] {
    const words: string[] = [];
    if (this.words[this.at - 1]?.is !== 'word') return words;
    while (this.peek()?.is === 'word' && goesOn()) words.push(this.take()!.text);
    return words;
  }

  private takesOr(): boolean {
    if (this.takes('or')) return true;
    if (!this.joins()) return false;
    this.at++;
    return true;
  }

  refuse(word: Word | undefined, text: string, repair?: string): never {
    const place = word ?? { from: this.end, to: this.end };
    throw new NotUnderstood({
      text,
      from: place.from,
      to: place.to,
      ...(repair === undefined ? {} : { repair }),
    });
  }
}

/** `5 minuts`, `5minuts`: where it stands, and the letter that was surely meant. */
function mistypedUnit(word: Word, next: Word | undefined): { place: Word; letter: string } | undefined {
  const [, apart] = /^[\d.]+(\p{L}*)$/u.exec(word.text) ?? [];
  const typed = apart === '' && next?.is === 'word' ? next.text : apart;
  const unit = typed && typed.length > 2 ? nearest(typed, units) : undefined;
  if (unit === undefined) return undefined;
  return { place: { ...word, to: apart === '' ? next!.to : word.to }, letter: unit[0]! };
}
const units = ['seconds', 'minutes', 'hours', 'days', 'weeks'];

/** Whether it is this word, however it is written large or small. */
export function isWord(word: Word | undefined, text: string): boolean {
  return word?.is === 'word' && word.text.toLowerCase() === text;
}

/** What was typed, short enough to stand in a sentence about it. */
export function brief(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
