// Files of documents on the command line: which form they have, reading and writing them, and their faults as lines.
import { readFileSync, writeFileSync } from 'node:fs';
import { type FileFault, type Form, forms, printDocuments } from '#operations/document-text.ts';
import { misused } from './read-flags.ts';
import { Misused } from './verb.ts';

/** What was said, or what the file’s name ends in; YAML when nothing is said at all. */
export function formOf(said: string | undefined, file: string | undefined, right: string): Form {
  const known = (name: string) => forms.find((one) => one === name);
  const asked = `--form ${forms.join('|')}`;
  if (said !== undefined) {
    const form = known(said);
    if (!form) throw misused(`“${said.slice(0, 40)}” is no form; say ${asked}.`, right);
    return form;
  }
  if (file === undefined) return 'yaml';
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const form = known(ending === 'yml' ? 'yaml' : ending === 'jsonl' ? 'ndjson' : (ending ?? ''));
  if (!form) throw misused(`The name of ${file.slice(0, 100)} does not say what it is; say ${asked}.`, right);
  return form;
}

/** The text of a file; throws `Misused` when it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Misused(`${file} cannot be read: ${why(error)}.`);
  }
}

/** Writes the documents to the file, or prints them when there is none; resolves with how many. */
export async function writeDocuments(
  pages: AsyncIterable<object[]>,
  { file, form, print }: { file: string | undefined; form: Form; print(text: string): void },
): Promise<number> {
  const parts: string[] = [];
  const all: object[] = [];
  let count = 0;
  for await (const page of pages) {
    count += page.length;
    if (form === 'json') all.push(...page);
    else parts.push(printDocuments(page, form));
  }
  const text = form === 'json' ? printDocuments(all, form) : parts.join('');
  if (file === undefined) {
    if (text !== '') print(text.trimEnd());
    return count;
  }
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Misused(`${file} cannot be written: ${why(error)}.`);
  }
  return count;
}

/** `line 3: params.limit: must be a number` */
export function faultLine({ line, path, text }: FileFault): string {
  return [line === undefined ? '' : `line ${line}: `, path === '' ? '' : `${path}: `, text].join('');
}

function why(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not',
    EROFS: 'nothing can be written there',
    ENOSPC: 'the disk is full',
  };
  return known[code] ?? code;
}
