// Reads a /watch line part by part; what it does not understand it says with the place and the likely repair.
import type { Band } from './bands.ts';
import type { Condition } from './condition.ts';
import { nearest } from './nearest.ts';
import { capital } from './sentence.ts';
import { readSeverity, type Severity, severities } from './severity.ts';
import { patternFault } from './topic.ts';
import { type ReadCondition, readCondition } from './watch-condition.ts';
import { brief, Cursor, isWord, NotUnderstood } from './watch-cursor.ts';
import { type ReadBand, readBand, seesHours } from './watch-hours.ts';
import { readWhere } from './watch-where.ts';
import { clauses, type Word } from './watch-words.ts';

/** What the line says; `params` are meant for the kind of that name, which checks them. `to` holds names of receivers. */
export interface WatchLine {
  topic: string;
  kind: string;
  params: Record<string, unknown>;
  match: Condition[];
  forMs: number;
  keepFiringForMs: number;
  severity?: Severity;
  name?: string;
  key?: string[];
  bands?: Band[];
  to?: string[];
  emit?: string;
  unless?: { rule: string; same?: string[] }[];
  verify?: string;
  shadow?: true;
}

/** The parameter that a bare number in other hours stands for, by kind. */
export const mainParam: Record<string, string> = {
  threshold: 'limit',
  count: 'moreThan',
  increase: 'by',
  ratio: 'bar',
  quorum: 'atLeast',
  absence: 'every',
};

/** Reads one line; throws NotUnderstood. */
export function readWatch(line: string): WatchLine {
  return new Reader(new Cursor(line)).read();
}

class Reader {
  private readonly cursor: Cursor;
  private readonly watch: WatchLine = {
    topic: '',
    kind: 'every',
    params: {},
    match: [],
    forMs: 0,
    keepFiringForMs: 0,
  };
  private condition: Word | undefined;
  /** Numbers that need a limit before them: `clear`, `critical`. */
  private readonly beside: Word[] = [];
  private readonly bands: ReadBand[] = [];

  constructor(cursor: Cursor) {
    this.cursor = cursor;
  }

  read(): WatchLine {
    this.readTopic();
    while (this.cursor.peek()) this.readClause();
    for (const word of this.beside)
      if (this.watch.kind !== 'threshold')
        this.cursor.refuse(
          word,
          `“${word.text}” needs a limit before it, such as usage > 90 ${word.text} ${word.text === 'clear' ? 85 : 97}`,
        );
    if (this.bands.length > 0) this.watch.bands = this.allRows();
    return this.watch;
  }

  private readTopic() {
    const word = this.cursor.take();
    if (!word)
      throw new NotUnderstood({
        text: 'The topic is missing',
        from: this.cursor.end,
        to: this.cursor.end,
      });
    const fault = word.is === 'operator' ? 'a topic comes first' : patternFault(word.text);
    if (fault) {
      const mended = word.text.replace(/[^A-Za-z0-9_*-]+/g, '.').replace(/^\.+|\.+$/g, '');
      // What is no separator is part of a name: without it, it would be another topic.
      const works =
        /^[\x21-\x7e]+$/.test(word.text) && word.is !== 'operator' && mended !== '' && !patternFault(mended);
      this.cursor.refuse(word, `“${brief(word.text)}” is no topic: ${fault}`, works ? mended : undefined);
    }
    this.watch.topic = word.text;
    const [next, number] = [this.cursor.peek(), this.cursor.peek(1)];
    const isSide =
      isWord(next, 'over') || isWord(next, 'above') || isWord(next, 'below') || isWord(next, 'under');
    if (next && (/^[<>]=?$/.test(next.text) || (isSide && /^[+-]?\d/.test(number?.text ?? ''))))
      this.cursor.refuse(
        next,
        `Before “${next.text}” come a topic and a field, such as disk.usage usage ${next.text} 90`,
      );
  }

  private readClause() {
    const { cursor } = this;
    const condition = readCondition(cursor);
    if (condition) return this.oneCondition(condition);
    const word = cursor.peek()!;
    const isNextRow = word.text === ',' && this.bands.length > 0 && seesHours(cursor.peek(1));
    if (isNextRow) cursor.at++;
    if (isNextRow || (word.is === 'word' && seesHours(word)))
      return void this.bands.push(this.oneRow(readBand(cursor, this.fieldOf())));
    cursor.at++;
    if (word.is !== 'word') return this.unknown(word);
    const { watch } = this;
    switch (word.text.toLowerCase()) {
      case 'for':
        watch.forMs = cursor.duration(word);
        return;
      case 'keep':
        watch.keepFiringForMs = cursor.duration(word);
        return;
      case 'clear':
        cursor.passesAt();
        this.besideLimit(word, 'clear');
        return;
      case 'critical':
        cursor.passesAt();
        if (cursor.seesLimit()) this.besideLimit(word, 'critical');
        else watch.severity = 'critical';
        return;
      case 'severity':
        watch.severity = this.severity(word);
        return;
      case 'where':
        watch.match.push(...readWhere(cursor));
        return;
      case 'and':
        if (watch.match.length > 0) watch.match.push(...readWhere(cursor));
        else this.unknown(word);
        return;
      case 'named':
        watch.name = cursor.name(word, 'a name in quotes').slice(0, 100);
        return;
      case 'per':
        watch.key = cursor.list(word, 'a field, such as host');
        return;
      case 'tell':
        watch.to = cursor.list(word, 'where it is told, such as telegram');
        return;
      case 'emit':
        watch.emit = this.topicTo(word);
        return;
      case 'unless':
        watch.unless = [...(watch.unless ?? []), this.other(word)];
        return;
      case 'verify':
        watch.verify = cursor.value(word, 'the name of a target').slice(0, 100);
        return;
      case 'shadow':
        watch.shadow = true;
        return;
      default:
        this.unknown(word);
    }
  }

  private oneCondition({ word, kind, params }: ReadCondition) {
    if (this.condition)
      this.cursor.refuse(
        word,
        'A rule has one condition; further ones go after “where”',
        kind === 'threshold' ? `where ${word.text}` : undefined,
      );
    this.condition = word;
    this.watch.kind = kind;
    this.watch.params = { ...this.watch.params, ...params };
  }

  private besideLimit(word: Word, name: 'clear' | 'critical') {
    this.beside.push(word);
    this.watch.params[name] = this.cursor.limit(word, this.fieldOf());
  }

  /** The field that is compared, also when it comes later in the line. */
  private fieldOf(): string {
    if (this.watch.params.field !== undefined) return String(this.watch.params.field);
    const rest = this.cursor.words.slice(this.cursor.at);
    const at = rest.findIndex(({ is, text }) => is === 'operator' && /^[<>]=?$/.test(text));
    return rest[at - 1]?.text ?? '';
  }

  private oneRow(read: ReadBand): ReadBand {
    if (this.bands.at(-1)?.band.when === 'otherwise')
      this.cursor.refuse(this.cursor.words[this.cursor.at - 1], 'Nothing comes after “otherwise”');
    if (this.bands.length >= 10)
      this.cursor.refuse(this.cursor.words[this.cursor.at - 1], 'A rule has at most ten rows of hours');
    return read;
  }

  /** Hours that change nothing are the only ones at which the rule watches. */
  private allRows(): Band[] {
    const rows = this.bands.filter(({ band, same }) => !(same && band.when === 'otherwise'));
    const bands = rows.map((read) => this.settle(read));
    const plain = bands.every((band) => Object.keys(band).length === 1 && band.when !== 'otherwise');
    const isSaid = rows.length < this.bands.length;
    return plain && !isSaid ? [...bands, { when: 'otherwise', off: true }] : bands;
  }

  /** A bare number is the condition's own. */
  private settle({ band, main }: ReadBand): Band {
    if (!main) return band;
    const name = mainParam[this.watch.kind];
    const asked = this.watch.kind === 'absence' ? main.isDuration : !main.isDuration;
    if (name === undefined || !asked)
      this.cursor.refuse(
        main.word,
        `“${brief(main.word.text)}”: this condition has no such number to change`,
      );
    return { ...band, params: { [name!]: main.value, ...band.params } };
  }

  private severity(after: Word): Severity {
    const word = this.cursor.take();
    const found = word && readSeverity(word.text);
    if (!found)
      this.cursor.refuse(
        word ?? after,
        word
          ? `“${brief(word.text)}” is no severity: critical, warning or info`
          : 'After “severity” comes critical, warning or info',
        word && nearest(word.text, severities),
      );
    return found!;
  }

  private topicTo(after: Word): string {
    const topic = this.cursor.value(after, 'a topic, such as disk.alarms');
    const word = this.cursor.words[this.cursor.at - 1];
    const fault = topic.includes('*') ? 'a topic to emit to has no *' : patternFault(topic);
    if (fault) this.cursor.refuse(word, capital(fault));
    return topic;
  }

  private other(after: Word): { rule: string; same?: string[] } {
    const rule = this.cursor.value(after, 'the name of another rule, in quotes');
    const same = this.cursor.peek();
    if (!this.cursor.takes('same')) return { rule };
    return { rule, same: this.cursor.list(same!, 'a field, such as host') };
  }

  private unknown(word: Word): never {
    if (isWord(word, 'to')) this.cursor.refuse(word, 'Where it is told comes after “tell”', 'tell');
    // “on cad1” is about which one.
    if (isWord(word, 'on') && this.cursor.peek()?.is === 'word')
      this.cursor.refuse(
        word,
        'Which ones comes after “where”, such as where host = cad1',
        seesHours(this.cursor.peek()) ? '' : 'where host =',
      );
    if (word.is === 'operator' && word.text === ',')
      this.cursor.refuse(word, 'Between these parts comes no comma', '');
    const plural = isWord(word, 'then') ? undefined : nearest(word.text, clauses);
    const known = word.is === 'word' ? plural : undefined;
    this.cursor.refuse(word, `I don’t know “${brief(word.text)}”`, known);
  }
}
