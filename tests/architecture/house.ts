// The house as the rules see it: every file's text, and for each module what it imports and its syntax tree.
import fs from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

export interface Import {
  /** As written: '#store/alerts.ts', './alert.ts', 'zod'. */
  written: string;
  /** A path from the repository's root, 'node:fs', or a package's name. */
  target: string;
  line: number;
  typeOnly: boolean;
}

// The trees come without types of their own: a node is a bag of fields with a type.
export type Node = { type: string; start: number; [field: string]: unknown };

export interface Module {
  /** From the repository's root, with slashes. */
  file: string;
  text: string;
  /** The top folder under src, or the file's own name ('main.ts'). */
  place: string;
  imports: Import[];
  program: Node;
  lineOf(offset: number): number;
}

export interface House {
  /** Texts of all files that are looked at, by path from the root. */
  files: Map<string, string>;
  /** Modules under src that run on the server (the web folders are for the browser). */
  modules: Module[];
}

const LOOKED_AT = ['src', 'tests', 'docs', 'docker', 'examples', 'drizzle', '.ci'];
const TEXT = /\.(ts|tsx|md|ya?ml|json|css|html|sql|sh)$|(^|\/)[^.]+$|\.env\.example$/;

/** Reads the repository at `root`. */
export function readHouse(root: string): House {
  const files = new Map<string, string>();
  const visit = (relative: string) => {
    for (const entry of fs.readdirSync(path.join(root, relative), { withFileTypes: true })) {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.name === 'node_modules' || entry.name === '.artifacts') continue;
      if (entry.isDirectory() && (relative !== '' || LOOKED_AT.includes(entry.name))) visit(name);
      if (entry.isFile())
        files.set(name, TEXT.test(name) ? fs.readFileSync(path.join(root, name), 'utf8') : '');
    }
  };
  visit('');
  return houseOf(files);
}

/** A house from texts: for the planted violations. */
export function houseOf(files: Map<string, string>): House {
  const modules = [...files]
    .filter(([file]) => /^src\/.*\.tsx?$/.test(file) && !/^src\/[^/]+\/web\//.test(file))
    .map(([file, text]) => moduleOf(file, text));
  return { files, modules };
}

function moduleOf(file: string, text: string): Module {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const imports: Import[] = [];
  walk(program as unknown as Node, (node) => {
    const source = node.source as (Node & { value?: unknown }) | null | undefined;
    if (!/^(Import|Export|TSImportType)/.test(node.type) || typeof source?.value !== 'string') return;
    const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
    const written = source.value;
    imports.push({ written, target: resolve(file, written), line: lineOf(node.start), typeOnly });
  });
  const place = file.split('/')[1] as string;
  return { file, text, place, imports, program: program as unknown as Node, lineOf };
}

function resolve(file: string, written: string): string {
  if (written.startsWith('#')) return `src/${written.slice(1)}`;
  if (written.startsWith('.')) return path.posix.join(path.posix.dirname(file), written);
  if (written.startsWith('node:')) return written;
  const parts = written.split('/');
  return written.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}

/** Calls back for every node, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof (child as Node | null)?.type === 'string') walk(child as Node, visit);
    }
  }
}

/** The top folder under src of an import's target, or undefined when it leads outside. */
export function placeOf(target: string): string | undefined {
  return target.startsWith('src/') ? target.split('/')[1] : undefined;
}
