// Makes built/main.mjs and built/cli.mjs true to src, where they are not: node build.mjs NAMES -- FLAGS OF NODE
// @ts-check
import path from 'node:path';
import { builtProgram, NotBuilt } from './program.mjs';

const root = path.resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
const end = words.indexOf('--');
const wanted = end < 0 ? words : words.slice(0, end);
const flags = end < 0 ? undefined : words.slice(end + 1);
let silent = true;
const say = () => {
  if (silent) process.stderr.write('Building (once, a few seconds) ...\n');
  silent = false;
};
try {
  for (const name of wanted.length > 0 ? wanted : ['main', 'cli'])
    await builtProgram(root, `src/${name}.ts`, path.join(root, 'built'), say, flags);
} catch (error) {
  if (!(error instanceof NotBuilt)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
