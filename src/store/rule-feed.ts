// Rules on their way into the memory of a process: streamed, in a compact text of which little is read at first.
import type { Rule } from '#core/rule.ts';
import type { Severity } from '#core/severity.ts';
import type { Tx } from './connection.ts';
import { driverOf } from './driver.ts';
import { findMarker } from './markers.ts';
import { type RuleRow, rowOf, ruleOf } from './rule-rows.ts';
import { rules } from './schema/rules.ts';

/** A rule as one text. Some parts can be read alone; the rest when somebody needs the rule. */
export type PackedRule = string;

export interface RuleNews {
  /** A rule that was made or changed, paused or not; again when it changed again. */
  changed(rule: PackedRule): void;
  gone(id: string): void;
}

const heads = ['id', 'paused', 'topic', 'kind', 'match', 'params', 'key', 'options', 'ground'] as const;
const tails = ['ownerId', 'name', 'forMs', 'keepFiringForMs', 'severity', 'to', 'version'] as const;
const parts = [...heads, ...tails] as const satisfies (keyof RuleRow)[];
/** The columns that a packed rule holds, in its order. */
export const packedColumns = parts.map((part) => rules[part].name);
type Head = Pick<RuleRow, (typeof heads)[number]>;

/**
 * Tells what changed after `version` (0: everything, without deleted rules) and resolves with the version that is then
 * known. One row is read when nothing changed. Call it while the rules are held, or what is told is of different times.
 */
export async function tellRules(tx: Tx, version: number, news: RuleNews): Promise<number> {
  const now = (await findMarker(tx, 'rules'))?.value ?? 0;
  if (now <= version) return version;
  const wanted = version === 0 ? 'deleted_at is null' : `version > ${version}`;
  const columns = packedColumns.map((name) => `"${name}"`).join(', ');
  const client = driverOf(tx);
  // A first reading may take longer than any statement of an evaluation.
  const [limit] = await client<{ was: string }[]>`select current_setting('statement_timeout') as was,
    set_config('statement_timeout', '10min', true)`;
  const copy = `copy (select deleted_at is null, ${columns} from rules where ${wanted}) to stdout`;
  const stream = await client.unsafe(copy).readable();
  await eachLine(stream, (bytes, from, to) => {
    // Read from the bytes, so that no text keeps more than itself in memory.
    const rule = bytes.toString('utf8', from + 2, to);
    if (bytes[from] === letterT) news.changed(rule);
    else news.gone(idOfPacked(rule));
  });
  // The driver pauses its socket when the stream is full and goes on when more is asked for; after the end nobody asks.
  stream._read(0);
  await client`select set_config('statement_timeout', ${limit!.was}, true)`;
  return now;
}

const letterT = 't'.charCodeAt(0);
const lineEnd = '\n'.charCodeAt(0);

function eachLine(
  stream: NodeJS.ReadableStream,
  take: (bytes: Buffer, from: number, to: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let open: Buffer | undefined;
    let failure: unknown;
    stream.on('data', (chunk: Buffer) => {
      const bytes = open ? Buffer.concat([open, chunk]) : chunk;
      let from = 0;
      // Read to its end in any case: the connection is of use again only then.
      try {
        for (let to = bytes.indexOf(lineEnd); to >= 0; to = bytes.indexOf(lineEnd, from)) {
          if (failure === undefined) take(bytes, from, to);
          from = to + 1;
        }
      } catch (error) {
        failure = error;
      }
      open = from < bytes.length ? bytes.subarray(from) : undefined;
    });
    stream.on('error', reject);
    stream.on('end', () => (failure === undefined ? resolve() : reject(failure)));
  });
}

/** The id of a packed rule. */
export function idOfPacked(packed: PackedRule): string {
  return packed.slice(0, packed.indexOf('\t'));
}

/** Whether it is paused. */
export function isPaused(packed: PackedRule): boolean {
  return packed.startsWith('t\t', packed.indexOf('\t') + 1);
}

/** What is needed to find the rule. */
export function headOf(packed: PackedRule): Head {
  const told = textsOf(packed, heads.length);
  return {
    id: told[0]!,
    paused: told[1] === 't',
    topic: told[2]!,
    kind: told[3]!,
    match: json(told[4]!),
    params: json(told[5]!),
    key: json(told[6]!),
    options: json(told[7]!),
    ground: json(told[8]!),
  };
}

/** The whole rule. */
export function unpackRule(packed: PackedRule): Rule {
  const told = textsOf(packed, parts.length);
  const severity = told[13]!;
  const plain: Omit<RuleRow, 'options' | 'ground'> = {
    id: told[0]!,
    ownerId: told[9]!,
    name: told[10]!,
    topic: told[2]!,
    match: json(told[4]!),
    kind: told[3]!,
    params: json(told[5]!),
    key: json(told[6]!),
    forMs: Number(told[11]),
    keepFiringForMs: Number(told[12]),
    severity: severity === absent ? null : (severity as Severity),
    paused: told[1] === 't',
    to: json(told[14]!),
    version: Number(told[15]),
  };
  const [options, ground] = [told[7]!, told[8]!];
  if (options === '{}' && ground === '{}') return plain;
  return ruleOf({ ...plain, options: json(options), ground: json(ground) });
}

/** The text as which the ledger would tell this rule. */
export function packRule(rule: Rule): PackedRule {
  const row = rowOf(rule, rule);
  const escaped = (text: string) =>
    text.replace(/[\\\b\f\n\r\t\v]/g, (letter) => `\\${letters[letter] ?? letter}`);
  return parts
    .map((part) => {
      const value = row[part];
      if (value === null) return absent;
      if (typeof value === 'boolean') return value ? 't' : 'f';
      return escaped(typeof value === 'object' ? JSON.stringify(value) : String(value));
    })
    .join('\t');
}

// Most rules say the same where they say little: one object for all of them, which nobody may change.
const usual = new Map<string, unknown>(
  ['{}', '[]', '["source", "subject"]'].map((text) => [text, Object.freeze(JSON.parse(text))]),
);

function json<T>(text: string): T {
  // No longer text is among them.
  return ((text.length <= 21 ? usual.get(text) : undefined) ?? JSON.parse(text)) as T;
}

function textsOf(packed: PackedRule, count: number): string[] {
  const told = packed.split('\t', count);
  return hasEscapes(packed) ? told.map(plain) : told;
}

// A severity that is absent is none: most rules have no other backslash.
function hasEscapes(packed: PackedRule): boolean {
  const at = packed.indexOf('\\');
  return at >= 0 && !(packed.startsWith(absent, at) && packed.indexOf('\\', at + absent.length) < 0);
}

const absent = '\\N';
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const letters = Object.fromEntries(Object.entries(escapes).map(([letter, character]) => [character, letter]));

function plain(text: string): string {
  if (text === absent || !text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
