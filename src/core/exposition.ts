// Pages of metrics: Prometheus' text format and OpenMetrics, read line by line into samples.

export interface Sample {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: number;
  /** The page's own time of the sample, epoch milliseconds; most pages give none. */
  at?: number;
}

export type ExpositionRead =
  | { ok: true; samples: Sample[] }
  /** `line` counts from 1. */
  | { ok: false; line: number; text: string };

export interface ExpositionOptions {
  /** As its media type says: times in seconds, exemplars, `# EOF` at the end. */
  openMetrics?: boolean;
  /** Samples of other names are stepped over without a closer look. */
  wanted?: (name: string) => boolean;
}

export const expositionLimits = { samples: 100_000, labels: 64, line: 65_536, text: 1_000 } as const;

interface Fault {
  fault: string;
}
type Limits = { [name in keyof typeof expositionLimits]: number };

/** Reads a whole page. The first line that is none of metrics ends it with a fault: half a page is no answer. */
export function readExposition(
  page: string,
  { openMetrics = false, wanted = () => true }: ExpositionOptions = {},
  limits: Limits = expositionLimits,
): ExpositionRead {
  const samples: Sample[] = [];
  let number = 0;
  for (let from = 0; from < page.length; ) {
    const found = page.indexOf('\n', from);
    const end = found < 0 ? page.length : found;
    number++;
    const fail = (text: string): ExpositionRead => ({ ok: false, line: number, text });
    if (end - from > limits.line) return fail('the line is too long');
    const line = page.slice(from, page[end - 1] === '\r' ? end - 1 : end);
    from = end + 1;
    if (line[0] === '#') {
      if (openMetrics && line === '# EOF')
        return page.slice(from).trim() === '' ? { ok: true, samples } : fail('the page goes on after # EOF');
      continue;
    }
    if (line.trim() === '') continue;
    const sample = readSample(line, openMetrics, wanted, limits);
    if (sample === undefined) continue;
    if ('fault' in sample) return fail(sample.fault);
    if (samples.length >= limits.samples)
      return fail(`the page has more than ${limits.samples.toLocaleString('en-US')} samples`);
    samples.push(sample);
  }
  // A page that was cut off would otherwise look like one whose last metrics are gone.
  if (openMetrics) return { ok: false, line: number, text: 'the page ends before # EOF' };
  return { ok: true, samples };
}

const blanks = /[ \t]*/y;
const metricName = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const token = /[^ \t]+/y;
const noLabels: ReadonlyMap<string, string> = new Map();

/** What the pattern finds exactly here, possibly nothing. */
function take(pattern: RegExp, line: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? '';
}

const skip = (line: string, at: number) => at + take(blanks, line, at).length;

/** Undefined for a sample that nobody wants. */
function readSample(
  line: string,
  openMetrics: boolean,
  wanted: (name: string) => boolean,
  limits: Limits,
): Sample | Fault | undefined {
  let at = skip(line, 0);
  let name = take(metricName, line, at);
  if (name === '' && line[at] !== '{') return { fault: 'this is no line of metrics' };
  if (name !== '' && !wanted(name)) return undefined;
  at = skip(line, at + name.length);
  let labels = noLabels;
  if (line[at] === '{') {
    const read = readLabels(line, at + 1, limits);
    if ('fault' in read) return read;
    if ((name === '') === (read.name === undefined)) return { fault: 'the metric has no name, or two' };
    name ||= read.name!;
    if (!wanted(name)) return undefined;
    labels = read.labels;
    at = skip(line, read.end);
  }
  const written = take(token, line, at);
  const value = readValue(written);
  if (value === undefined)
    return { fault: written === '' ? 'the value is missing' : 'the value is no number' };
  at = skip(line, at + written.length);
  const time = at < line.length && line[at] !== '#' ? take(token, line, at) : '';
  at = skip(line, at + time.length);
  // An exemplar is about one request that was measured, not about the sample.
  if (at < line.length && !(openMetrics && line[at] === '#')) return { fault: 'something follows the value' };
  if (time === '') return { name, labels, value };
  const instant = openMetrics
    ? readValue(time)
    : /^-?\d{1,16}$/.test(time)
      ? Number(time) / 1_000
      : undefined;
  if (instant === undefined || !Number.isFinite(instant)) return { fault: 'the time is no number' };
  return { name, labels, value, at: Math.round(instant * 1_000) };
}

/** The labels after `{`; a quoted text without `=` is the metric's name (names with dots and other letters). */
function readLabels(
  line: string,
  from: number,
  limits: Limits,
): { labels: Map<string, string>; name?: string; end: number } | Fault {
  const labels = new Map<string, string>();
  let name: string | undefined;
  for (let at = skip(line, from); ; at = skip(line, at)) {
    if (line[at] === '}') return { labels, end: at + 1, ...(name === undefined ? {} : { name }) };
    const quoted = line[at] === '"' ? readQuoted(line, at + 1) : undefined;
    const label = quoted ? quoted.text : take(labelName, line, at);
    if (label === '' || label.length > limits.text) return { fault: 'a label has no proper name' };
    at = skip(line, quoted ? quoted.end : at + label.length);
    if (line[at] === '=') {
      at = skip(line, at + 1);
      const value = line[at] === '"' ? readQuoted(line, at + 1) : undefined;
      if (!value) return { fault: `the label ${label.slice(0, 40)} has no value in quotes` };
      if (labels.has(label)) return { fault: `the label ${label.slice(0, 40)} stands there twice` };
      if (labels.size >= limits.labels) return { fault: `there are more than ${limits.labels} labels` };
      labels.set(label, value.text.slice(0, limits.text));
      at = skip(line, value.end);
    } else if (quoted && name === undefined) name = label;
    else return { fault: `the label ${label.slice(0, 40)} has no value in quotes` };
    if (line[at] === ',') at++;
    else if (line[at] !== '}') return { fault: 'the labels do not end' };
  }
}

const escapes: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };

/** The text up to the closing quote, and the place after it; undefined when it does not close. */
function readQuoted(line: string, from: number): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from, start = from; at < line.length; at++) {
    if (line[at] === '"') return { text: text + line.slice(start, at), end: at + 1 };
    if (line[at] !== '\\') continue;
    const plain = escapes[line[at + 1] ?? ''];
    if (plain !== undefined) text += line.slice(start, at) + plain;
    at++;
    // What is no escape stays as it was written.
    if (plain !== undefined) start = at + 1;
  }
  return undefined;
}

function readValue(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (!word) return undefined;
  if (word[2]!.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
