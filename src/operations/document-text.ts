// Documents (rules, silences) as files: YAML, JSON and NDJSON (one a line), read with the line of every fault, and printed.
import {
  Composer,
  type CST,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  stringify,
  visit,
} from 'yaml';
import { cleanText, unclean, uncleanIn } from '#core/clean.ts';
import { sayYamlFault } from '#core/yaml-words.ts';
import type { Fault } from './rule-draft.ts';

export const forms = ['yaml', 'json', 'ndjson'] as const;
export type Form = (typeof forms)[number];

/** One document of a file. */
export interface Written {
  document: unknown;
  /** Where it stands: `[3]` in a list, nothing when it is alone or has a line of its own. */
  path: string;
  line: number | undefined;
  /** The line of a part of it, `params.limit`, or of what is nearest around it. */
  lineOf(path: string): number | undefined;
}

export interface FileFault extends Fault {
  line?: number;
}
export type ReadFile = { ok: true; documents: Written[] } | { ok: false; faults: FileFault[] };

/** What one file of these things may hold. */
export interface Takes {
  noun: string;
  /** How many characters. */
  text: Record<Form, number>;
  /** How many of them. */
  together: Record<Form, number>;
}
/** YAML takes long to read (a hostile megabyte seconds), so much of it goes as NDJSON. */
export const ruleFiles: Takes = {
  noun: 'rule',
  text: { yaml: 256 << 10, json: 8 << 20, ndjson: 64 << 20 },
  together: { yaml: 2_000, json: 2_000, ndjson: Number.POSITIVE_INFINITY },
};
/** Each is compared with what is kept, and all are written together. */
const [mostSilences, mostSilenceText] = [1_000, 4 << 20];
export const silenceFiles: Takes = {
  noun: 'silence',
  text: { yaml: ruleFiles.text.yaml, json: mostSilenceText, ndjson: mostSilenceText },
  together: { yaml: mostSilences, json: mostSilences, ndjson: mostSilences },
};
const mostLine = 64 << 10;
const mostDepth = 16;
const mostTokens = 40;
const mostAliases = 50;
const mostFaults = 100;

/** What a file holds: a list of documents or one, in YAML also several documents. */
export function readDocuments(text: string, form: Form, takes: Takes, firstLine = 1): ReadFile {
  if (text.length > takes.text[form]) return refuseFile(tooLarge(form, takes));
  const most = takes.together[form];
  const read =
    form === 'yaml' ? readYaml(text) : form === 'json' ? readJson(text) : readLines(text, firstLine, most);
  if (!read.ok) return { ok: false, faults: read.faults.slice(0, mostFaults) };
  const around = `${takes.noun}s`;
  if (read.documents.length === 1 && isAround(read.documents[0]!.document, around))
    return refuseFile(
      `a file is a list, each ${takes.noun} beginning with “- ”: leave “${around}” around them out`,
      read.documents[0]!.line,
    );
  if (read.documents.length === 0) return refuseFile(`there is no ${takes.noun} in it`);
  if (read.documents.length > most)
    return refuseFile(
      `a file of ${form} holds at most ${most.toLocaleString('en-US')} ${takes.noun}s; ${sendMore(form, takes, takes.together)}`,
    );
  const odd = read.documents.flatMap(({ document, path, line }) => {
    const text = oddity(document, 0);
    return text === undefined ? [] : [{ path, text, ...(line === undefined ? {} : { line }) }];
  });
  // Written out or by an escape; nearly no file has either.
  if (odd.length === 0 && /[\\\u0000\ud800-\udfff]/.test(text))
    odd.push(...read.documents.flatMap(uncleanFaults));
  return odd.length > 0 ? { ok: false, faults: odd.slice(0, mostFaults) } : read;
}

/** `rules: [ … ]`, as other programs write it. */
function isAround(document: unknown, name: string): boolean {
  if (document === null || typeof document !== 'object') return false;
  const [only, more] = Object.keys(document);
  return only === name && more === undefined;
}

function uncleanFaults({ document, path, lineOf }: Written): FileFault[] {
  return uncleanIn(document, mostFaults).map((steps) => {
    const [place, line] = [steps.map(String).join('.'), lineOf(steps.map(String).join('.'))];
    const whole = cleanText([path, place].filter(Boolean).join('.'));
    return { path: whole, text: unclean, ...(line === undefined ? {} : { line }) };
  });
}

/** Why a file is not even looked at. */
export function tooLarge(form: Form, takes: Takes): string {
  const kilobytes = (takes.text[form] >> 10).toLocaleString('en-US');
  return `a file of ${form} has at most ${kilobytes} KB; ${sendMore(form, takes, takes.text)}`;
}

function sendMore(form: Form, { noun }: Takes, most: Record<Form, number>): string {
  return most.ndjson > most[form] ? `send more as NDJSON, a ${noun} a line` : 'send it in parts';
}

function refuseFile(text: string, line?: number): ReadFile & { ok: false } {
  return { ok: false, faults: [{ path: '', text, ...(line === undefined ? {} : { line }) }] };
}

function readJson(text: string): ReadFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    const line = at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length;
    return refuseFile('this is not JSON', line);
  }
  return {
    ok: true,
    documents: each(json).map((document, i) => plain(document, Array.isArray(json) ? `[${i}]` : '')),
  };
}

/** NDJSON in pieces of so many lines, each with the number of its first one; other files in one piece. */
export function* piecesOf(
  text: string,
  form: Form,
  lines: number,
): Iterable<{ text: string; firstLine: number }> {
  if (form !== 'ndjson') return yield { text, firstLine: 1 };
  let from = 0;
  for (let firstLine = 1; from < text.length; firstLine += lines) {
    let to = from;
    for (let i = 0; i < lines && to < text.length; i++) {
      const end = text.indexOf('\n', to);
      to = end < 0 ? text.length : end + 1;
    }
    const piece = text.slice(from, to);
    if (piece.trim() !== '') yield { text: piece, firstLine };
    from = to;
  }
}

/** At most one more than are taken. */
function readLines(text: string, firstLine: number, most: number): ReadFile {
  const documents: Written[] = [];
  const faults: FileFault[] = [];
  let line = firstLine - 1;
  for (const one of text.split('\n')) {
    line++;
    if (one.trim() === '') continue;
    if (documents.length > most) break;
    try {
      if (one.length > mostLine) throw new Error();
      documents.push(plain(JSON.parse(one), '', line));
    } catch {
      const large = one.length > mostLine;
      faults.push({ path: '', line, text: large ? 'a line has at most 64 KB' : 'this line is not JSON' });
      if (faults.length >= mostFaults) break;
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, documents };
}

function readYaml(text: string): ReadFile {
  const lines = new LineCounter();
  try {
    const tokens = [...new Parser(lines.addNewLine).parse(text)];
    // What follows calls itself for each level, and the process may not survive its end.
    if (count(tokens, 'alias') > mostAliases) return refuseFile('it repeats too much by its aliases (*name)');
    if (isDeep(tokens)) return refuseFile('it is nested too deeply');
    // Looking for the same name twice takes the library quadratic time, so that is done here.
    const composer = new Composer({
      lineCounter: lines,
      uniqueKeys: false,
      schema: 'core',
      merge: false,
      stringKeys: true,
    });
    const parts = [...composer.compose(tokens)];
    const faults: FileFault[] = [];
    const documents: Written[] = [];
    for (const document of parts) {
      for (const { code, pos } of document.errors)
        faults.push({ path: '', line: lines.linePos(pos[0]).line, text: sayYamlFault(code) });
      for (const offset of repeatedNames(document.contents))
        faults.push({ path: '', line: lines.linePos(offset).line, text: 'this name stands here twice' });
      if (faults.length > 0) continue;
      const value: unknown = document.toJS({ maxAliasCount: mostAliases });
      const root = document.contents;
      const inList = Array.isArray(value);
      for (const [i, one] of each(value).entries())
        documents.push(
          located(one, inList ? `[${i}]` : '', (inList && isSeq(root) ? root.items[i] : root) as Node, lines),
        );
    }
    return faults.length > 0 ? { ok: false, faults } : { ok: true, documents };
  } catch (error) {
    if (/unresolved alias/i.test((error as Error).message))
      return refuseFile('an alias (*name) names nothing that stands before it');
    if (/alias/i.test((error as Error).message))
      return refuseFile('it repeats too much by its aliases (*name)');
    return refuseFile('this is not YAML');
  }
}

function isDeep(roots: CST.Token[]): boolean {
  let level = roots;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostTokens) return true;
    level = level.flatMap(within);
  }
  return false;
}

function count(roots: CST.Token[], type: CST.Token['type']): number {
  let found = 0;
  for (const waiting = [...roots]; waiting.length > 0; ) {
    const token = waiting.pop()!;
    if (token.type === type) found++;
    for (const inner of within(token)) waiting.push(inner);
  }
  return found;
}

function within(token: CST.Token): CST.Token[] {
  const { value, items = [] } = token as { value?: unknown; items?: { key?: unknown; value?: unknown }[] };
  return [value, ...items.flatMap((item) => [item.key, item.value])].filter(
    (inner): inner is CST.Token => inner !== null && typeof inner === 'object',
  );
}

/** Where a name stands that stood in the same mapping before. */
function repeatedNames(root: unknown): number[] {
  const found: number[] = [];
  visit(root as Node, {
    Map(_, map) {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        const name = isScalar(key) ? key.value : key;
        if (names.has(name)) found.push((key as Node).range?.[0] ?? 0);
        names.add(name);
      }
    },
  });
  return found;
}

function located(document: unknown, path: string, node: Node | undefined, lines: LineCounter): Written {
  const lineAt = (one: Node | undefined) => (one?.range ? lines.linePos(one.range[0]).line : undefined);
  const lineOf = (inner: string) => {
    let here = node;
    for (const step of inner.split('.').filter(Boolean)) {
      const pair = isMap(here)
        ? here.items.find(({ key }) => isScalar(key) && key.value === step)
        : undefined;
      const next = pair ? (pair.value ?? pair.key) : isSeq(here) ? here.items[Number(step)] : undefined;
      if (!next) break;
      here = next as Node;
    }
    return lineAt(here);
  };
  return { document, path, line: lineAt(node), lineOf };
}

function plain(document: unknown, path: string, line?: number): Written {
  return { document, path, line, lineOf: () => line };
}

function each(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === null || value === undefined ? [] : [value];
}

/** Why this cannot be one whatever its fields mean, or undefined. */
function oddity(value: unknown, depth: number): string | undefined {
  if (depth > mostDepth) return 'it is nested too deeply';
  if (value === null || typeof value !== 'object') return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__') return '“__proto__” cannot be a name';
    const found = oddity(inner, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Some documents of a file in this form; several parts one after another make a file, except of JSON. */
export function printDocuments(documents: object[], form: Form): string {
  if (form === 'json') return `${JSON.stringify(documents, null, 2)}\n`;
  if (form === 'ndjson') return documents.map((one) => `${JSON.stringify(one)}\n`).join('');
  return documents.length === 0 ? '' : stringify(documents, { lineWidth: 110, aliasDuplicateObjects: false });
}
