// What `npm start` and `npm run tocsin` run: the program of this name, as src says it. Built in a process of its own when it
// has to be, which leaves much memory behind.
// @ts-check
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isTrue } from './truth.mjs';

const root = path.resolve(import.meta.dirname, '..');
const name = process.argv[2] ?? 'main';
const file = path.join(root, 'built', `${name}.mjs`);
if (!isTrue(root, `src/${name}.ts`, file)) {
  const build = path.join(import.meta.dirname, 'build.mjs');
  const words = [build, name, '--', ...process.execArgv];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
process.argv.splice(1, 2, file);
await import(pathToFileURL(file).href);
