// Programs as they are run by those who use them: built, with the flags of `npm start`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../../build/program.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
const started = /^node ((?:--\S+ )*)build\/start\.mjs main$/.exec(scripts.start ?? '');
if (!started) throw new Error(`npm start is not understood: ${scripts.start}`);
const flags = started[1]!.split(' ').filter(Boolean);

/** What follows `node` in `npm start`. */
export const startWords = [...flags, `${root}build/start.mjs`, 'main'];

/** What follows `node` to run this program (a TypeScript file, from the root), which is built when that is needed. */
export async function program(entry: string): Promise<string[]> {
  const out = entry.startsWith('src/') ? 'built' : 'tests/.artifacts/built';
  const file = await builtProgram(root, entry, `${root}${out}`);
  return entry === 'src/main.ts' ? [...flags, file] : [file];
}
