// Rules on their way into the memory of a process: streamed, in a compact text of which little is read at first.
import type postgres from 'postgres';
import type { Rule } from '#core/rule.ts';
import type { Tx } from './connection.ts';
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
  const { client } = (tx as unknown as { session: { client: postgres.TransactionSql } }).session;
  // A first reading may take longer than any statement of an evaluation.
  const [limit] = await client<{ was: string }[]>`select current_setting('statement_timeout') as was,
    set_config('statement_timeout', '10min', true)`;
  const copy = `copy (select deleted_at is null, ${columns} from rules where ${wanted}) to stdout`;
  const stream = await client.unsafe(copy).readable();
  await eachLine(stream, (line) => {
    // Read from the bytes, so that no text keeps more than itself in memory.
    const rule = line.toString('utf8', 2);
    if (line[0] === letterT) news.changed(rule);
    else news.gone(idOfPacked(rule));
  });
  // The driver pauses its socket when the stream is full and goes on when more is asked for; after the end nobody asks.
  stream._read(0);
  await client`select set_config('statement_timeout', ${limit!.was}, true)`;
  return now;
}

const letterT = 't'.charCodeAt(0);
const lineEnd = '\n'.charCodeAt(0);

function eachLine(stream: NodeJS.ReadableStream, take: (line: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let open: Buffer | undefined;
    let failure: unknown;
    stream.on('data', (chunk: Buffer) => {
      const bytes = open ? Buffer.concat([open, chunk]) : chunk;
      let from = 0;
      // Read to its end in any case: the connection is of use again only then.
      try {
        for (let to = bytes.indexOf(lineEnd); to >= 0; to = bytes.indexOf(lineEnd, from)) {
          if (failure === undefined) take(bytes.subarray(from, to));
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
  return read(packed.split('\t', heads.length), heads) as Head;
}

/** The whole rule. */
export function unpackRule(packed: PackedRule): Rule {
  return ruleOf(read(packed.split('\t'), parts) as RuleRow);
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

function read(texts: string[], names: readonly (keyof RuleRow)[]): Partial<RuleRow> {
  const row: Record<string, unknown> = {};
  for (const [i, name] of names.entries())
    row[name] = texts[i] === absent ? null : readers[name]!(plain(texts[i]!));
  return row as Partial<RuleRow>;
}

const readers: Record<string, (text: string) => unknown> = Object.fromEntries(
  parts.map((part) => {
    const type = rules[part].getSQLType();
    if (type === 'jsonb') return [part, JSON.parse];
    if (type === 'boolean') return [part, (text: string) => text === 't'];
    if (type === 'bigint') return [part, Number];
    return [part, (text: string) => text];
  }),
);

const absent = '\\N';
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const letters = Object.fromEntries(Object.entries(escapes).map(([letter, character]) => [character, letter]));

function plain(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}
