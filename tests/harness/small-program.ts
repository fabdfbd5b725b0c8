// A program of three files in a folder of its own for each test, and what is built of it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { builtProgram } from '../../build/program.mjs';
import { temporaryFolder } from './folder.ts';

export function smallProgram() {
  let folder: ReturnType<typeof temporaryFolder>;
  const at = (name: string) => path.join(folder.path, name);
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  const build = (entry = 'src/main.ts') => builtProgram(folder.path, entry, at('built'));
  const run = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' });
  const partsOf = (name: string) =>
    readdirSync(at('built')).filter((file) => new RegExp(`^${name}-\\w{8}\\.cjs`).test(file));
  beforeEach(() => {
    folder = temporaryFolder('build');
    write('package.json', '{ "type": "module", "imports": { "#*": "./src/*" } }');
    write('src/greeting.ts', "export const greeting: string = 'hello';\n");
    write('src/page/page.txt', 'a page');
    write(
      'src/page/page.ts',
      "import fs from 'node:fs';\nconst require = import.meta.url;\nexport const page = fs.readFileSync(new URL('./page.txt', require), 'utf8');\n",
    );
    write(
      'src/main.ts',
      "import { page } from '#page/page.ts';\nimport { greeting } from './greeting.ts';\nconsole.log(greeting, page);\n",
    );
  });
  afterEach(() => folder.remove());
  return { at, write, build, run, partsOf };
}
