// Reads a /watch line word by word; what it does not understand it says with the place and the likely repair.
import { parseDuration } from './duration.ts';
import { type Matcher, matcherFault, type Operator, operators } from './matcher.ts';
import { nearest } from './nearest.ts';
import { readSeverity, type Severity, severities } from './severity.ts';
import { patternFault } from './topic.ts';
import { type Word, wordsOf } from './watch-words.ts';

/** What the line says; `params` fit the kind of the same name. */
export interface WatchLine {
  topic: string;
  kind: 'every' | 'threshold' | 'change';
  params: Record<string, string | number | string[]>;
  match: Matcher[];
  forMs: number;
  keepFiringForMs: number;
  severity?: Severity;
  name?: string;
  key?: string[];
}

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

const keywords = ['every', 'for', 'keep', 'clear', 'severity', 'where', 'named', 'per', 'changes'] as const;
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
const timesOfWeek =
  /^(weekdays?|weekends?|(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?s?|otherwise)\b/i;

/** Reads one line; throws NotUnderstood. */
export function readWatch(line: string): WatchLine {
  return new Reader(line).read();
}

class Reader {
  words: Word[];
  at = 0;
  end: number;
  watch: WatchLine = { topic: '', kind: 'every', params: {}, match: [], forMs: 0, keepFiringForMs: 0 };
  condition: Word | undefined;
  clear: Word | undefined;

  constructor(line: string) {
    this.words = wordsOf(line);
    this.end = line.length;
  }

  read(): WatchLine {
    this.readTopic();
    while (this.at < this.words.length) this.readClause();
    if (this.clear && this.watch.kind !== 'threshold')
      this.refuse(this.clear, '“clear” needs a limit before it, such as usage > 90 clear 85');
    return this.watch;
  }

  readTopic() {
    const word = this.words[this.at++];
    if (!word) throw new NotUnderstood({ text: 'The topic is missing', from: this.end, to: this.end });
    const fault = word.is === 'operator' ? 'a topic comes first' : patternFault(word.text);
    if (fault) {
      const mended = word.text.replace(/[^A-Za-z0-9_*-]+/g, '.').replace(/^\.+|\.+$/g, '');
      const works = word.is !== 'operator' && mended !== '' && !patternFault(mended);
      this.refuse(word, `“${cut(word.text)}” is no topic: ${fault}`, works ? mended : undefined);
    }
    this.watch.topic = word.text;
  }

  readClause() {
    const word = this.words[this.at++]!;
    const next = this.words[this.at];
    const text = word.text.toLowerCase();
    const isCondition =
      next && word.is !== 'operator' && (next.is === 'operator' ? next.text !== ',' : this.isVerb(next));
    if (isCondition) return this.readCondition(word);
    if (word.is === 'word') {
      if (text === 'every') return this.oneCondition(word, 'every', {});
      if (text === 'for') this.watch.forMs = this.duration(word);
      else if (text === 'keep') this.watch.keepFiringForMs = this.duration(word);
      else if (text === 'clear') {
        this.clear = word;
        this.watch.params.clear = this.number(word);
      } else if (text === 'severity') this.watch.severity = this.severity(word);
      else if (text === 'where' || (text === 'and' && this.watch.match.length > 0)) this.readMatchers();
      else if (text === 'named') this.watch.name = this.value(word, 'a name in quotes').slice(0, 100);
      else if (text === 'per') this.watch.key = this.list(word, 'a field, such as host');
      else this.unknown(word);
      return;
    }
    this.unknown(word);
  }

  isVerb(word: Word): boolean {
    return word.is === 'word' && /^(changes?|changed|becomes?|above|over|below|under)$/i.test(word.text);
  }

  readCondition(field: Word) {
    const verb = this.words[this.at++]!;
    const text = verb.text.toLowerCase();
    const op = comparisons[text];
    if (op) return this.oneCondition(field, 'threshold', { field: field.text, op, limit: this.number(verb) });
    if (verb.is === 'word') return this.readChange(field, /^becomes?$/.test(text));
    if (text === '=' || text === '==' || text === '!=' || text === '=~' || text === '!~') {
      const advice =
        text === '=' || text === '==' ? `${field.text} changes to … tells when it becomes so; ` : '';
      this.refuse(
        verb,
        `“${verb.text}” compares texts: ${advice}where ${field.text} ${verb.text} … watches only those`,
        text[0] === '=' && text !== '=~' ? 'changes to' : undefined,
      );
    }
    const known = text.includes('<') ? (text.includes('=') ? '<=' : '<') : text.includes('=') ? '>=' : '>';
    this.refuse(verb, `I don’t know “${cut(verb.text)}”`, /[<>]/.test(text) ? known : undefined);
  }

  readChange(field: Word, straight: boolean) {
    const params: WatchLine['params'] = { field: field.text };
    if (straight) params.to = one(this.list(field, 'the value it becomes'));
    for (let word = this.words[this.at]; word?.is === 'word'; word = this.words[this.at]) {
      const side = word.text.toLowerCase();
      if (side !== 'from' && side !== 'to') break;
      this.at++;
      params[side] = one(this.list(word, 'a value'));
    }
    this.oneCondition(field, 'change', params);
  }

  oneCondition(word: Word, kind: WatchLine['kind'], params: WatchLine['params']) {
    if (this.condition)
      this.refuse(
        word,
        'A rule has one condition; further ones go after “where”',
        kind === 'threshold' ? `where ${word.text}` : undefined,
      );
    this.condition = word;
    this.watch.kind = kind;
    this.watch.params = { ...this.watch.params, ...params };
  }

  readMatchers() {
    for (;;) {
      const field = this.words[this.at++];
      const op = this.words[this.at++];
      if (!field || !op || field.is === 'operator' || op.is !== 'operator')
        this.refuse(op ?? field, 'After “where” comes a condition, such as where host = cad1');
      const known = op!.text === '==' ? '=' : op!.text;
      if (!(operators as readonly string[]).includes(known))
        this.refuse(
          op!,
          `I don’t know “${cut(op!.text)}”`,
          nearest(op!.text, operators) ?? (/[<>]/.test(known) ? known[0] : undefined),
        );
      const value = this.value(op!, 'a value');
      const matcher = { field: field!.text, op: known as Operator, value };
      const fault = matcherFault(matcher);
      if (fault) this.refuse(this.words[this.at - 1], sentence(fault));
      this.watch.match.push(matcher);
      const next = this.words[this.at];
      if (next?.is !== 'word' || next.text.toLowerCase() !== 'and') return;
      this.at++;
    }
  }

  number(after: Word): number {
    const word = this.words[this.at++];
    const text = word?.text.replace(/%$/, '') ?? '';
    if (!word || word.is === 'operator') {
      const stray = word?.is === 'operator' && this.words[this.at]?.is === 'word';
      this.refuse(
        word ?? after,
        word ? `I don’t know “${cut(after.text + word.text)}”` : `After “${after.text}” comes a number`,
        stray ? '' : undefined,
      );
    }
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) || !Number.isFinite(Number(text))) {
      // 9O is 90 typed in a hurry.
      const decimal = /^[+-]?\d+[.,]?\d*/.exec(text.replace(/[oO]/g, '0').replace(/[lI]/g, '1'))?.[0];
      this.refuse(word!, `“${cut(word!.text)}” is no number`, decimal?.replace(',', '.'));
    }
    const percent = this.words[this.at];
    if (percent?.is === 'word' && percent.text === '%') this.at++;
    return Number(text);
  }

  duration(after: Word): number {
    const word = this.words[this.at++];
    const next = this.words[this.at];
    const both = word && next?.is === 'word' ? parseDuration(`${word.text}${next.text}`) : undefined;
    if (both !== undefined && /^[\d.]+$/.test(word!.text)) {
      this.at++;
      return both;
    }
    const ms = word?.is === 'word' ? parseDuration(word.text) : undefined;
    if (ms === undefined) {
      const count = /^\d+/.exec(word?.text ?? '')?.[0];
      this.refuse(
        word ?? after,
        word
          ? `“${cut(word.text)}” is no duration; try 5m, 1h30m or 2d`
          : `After “${after.text}” comes a duration, such as 5m`,
        count && `${count}m`,
      );
    }
    return ms!;
  }

  severity(after: Word): Severity {
    const word = this.words[this.at++];
    const found = word && readSeverity(word.text);
    if (!found)
      this.refuse(
        word ?? after,
        word
          ? `“${cut(word.text)}” is no severity: critical, warning or info`
          : 'After “severity” comes critical, warning or info',
        word && nearest(word.text, severities),
      );
    return found!;
  }

  value(after: Word, what: string): string {
    const word = this.words[this.at++];
    if (!word || word.is === 'operator') this.refuse(word ?? after, `After “${after.text}” comes ${what}`);
    return word!.text;
  }

  /** One or several texts (`A`, `A or B`, `A, B`); unquoted words up to the next word with a meaning are one text. */
  list(after: Word, what: string): string[] {
    const found: string[] = [];
    do {
      const word = this.words[this.at++];
      if (!word || word.is === 'operator') this.refuse(word ?? after, `After “${after.text}” comes ${what}`);
      let text = word!.text;
      while (word!.is === 'word' && this.isPlain(this.words[this.at]))
        text += ` ${this.words[this.at++]!.text}`;
      found.push(text);
    } while (this.takeOr());
    return found;
  }

  isPlain(word: Word | undefined): boolean {
    if (word?.is !== 'word') return false;
    return !(keywords as readonly string[])
      .concat('or', 'to', 'from', 'and')
      .includes(word.text.toLowerCase());
  }

  takeOr(): boolean {
    const word = this.words[this.at];
    const isOr = word?.text === ',' || (word?.is === 'word' && word.text.toLowerCase() === 'or');
    if (isOr) this.at++;
    return isOr;
  }

  unknown(word: Word): never {
    if (word.is === 'word' && timesOfWeek.test(word.text))
      this.refuse(
        word,
        `“${cut(word.text)}”: a rule cannot have times of the week yet; /quiet keeps your nights quiet`,
      );
    const known = word.is === 'word' ? nearest(word.text, keywords) : undefined;
    this.refuse(word, `I don’t know “${cut(word.text)}”`, known);
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

function one(values: string[]): string | string[] {
  return values.length === 1 ? values[0]! : values;
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
