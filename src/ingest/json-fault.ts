// Where and why a text is no JSON: read again, slowly, once JSON.parse has refused it.

const literal = /true|false|null/y;
const number = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const blank = /[ \t\r\n]*/y;

/** One sentence such as `line 3, column 14: a value was expected, “}” is there`. The nesting must be bounded. */
export function jsonFault(text: string): string {
  const reader = new Reader(text);
  const expected = reader.document() ?? 'nothing more';
  const before = text.slice(0, reader.at).split('\n');
  const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
  const there = text.at(reader.at);
  const seen =
    there === undefined
      ? 'the text ends'
      : `${JSON.stringify(String.fromCodePoint(text.codePointAt(reader.at)!))} is there`;
  return `${place}: ${expected} was expected, ${seen}`;
}

class Reader {
  at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** What was expected where reading stopped, or undefined when all was well. */
  document(): string | undefined {
    const fault = this.value();
    if (fault) return fault;
    this.skip(blank);
    return this.at < this.text.length ? 'the end' : undefined;
  }

  private value(): string | undefined {
    this.skip(blank);
    const first = this.text[this.at];
    if (first === '{') return this.members('}', () => this.member());
    if (first === '[') return this.members(']', () => this.value());
    if (first === '"') return this.skip(string) ? undefined : 'a whole text in double quotes';
    return this.skip(literal) || this.skip(number) ? undefined : 'a value';
  }

  private member(): string | undefined {
    this.skip(blank);
    if (!this.skip(string)) return 'a name in double quotes';
    this.skip(blank);
    return this.take(':') ? this.value() : 'a colon';
  }

  private members(close: string, read: () => string | undefined): string | undefined {
    this.at++;
    this.skip(blank);
    if (this.take(close)) return undefined;
    for (;;) {
      const fault = read();
      if (fault) return fault;
      this.skip(blank);
      if (this.take(close)) return undefined;
      if (!this.take(',')) return `a comma or “${close}”`;
    }
  }

  private take(letter: string): boolean {
    if (this.text[this.at] !== letter) return false;
    this.at++;
    return true;
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
