// A start builds the program when it must, and only then; whatever happened to the tree, what runs is what src says.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readMappings, thinMap } from '../build/mappings.mjs';
import { builtProgram, NotBuilt, quickNaming } from '../build/program.mjs';
import { isTrue } from '../build/truth.mjs';
import { temporaryFolder } from './harness/folder.ts';
import { program as realProgram } from './harness/program.ts';

let folder: ReturnType<typeof temporaryFolder>;
const at = (name: string) => path.join(folder.path, name);
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
};
const loader = new URL('../build/load.mjs', import.meta.url).href;
const build = (entry = 'src/main.ts') => builtProgram(folder.path, entry, at('built'));
const run = (file: string) => execFileSync(process.execPath, [file], { encoding: 'utf8' });
const partsOf = (name: string) =>
  readdirSync(at('built')).filter((file) => new RegExp(`^${name}-\\w{8}\\.cjs`).test(file));
/** Changes with every file that is put in its place. */
const identity = (file: string) => statSync(file).ino;

/** Whether V8 takes what is kept of this program, in a process of its own. */
function usesCache(program: string, flags = ['--max-semi-space-size=4']): boolean {
  const script = `import { translate } from '${loader}';
    console.log(translate(${JSON.stringify(program)}).cachedDataRejected);`;
  return (
    execFileSync(process.execPath, [...flags, '--input-type=module', '-e', script], { encoding: 'utf8' }) ===
    'false\n'
  );
}

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

describe('a program is built', () => {
  it('when it is not there, and finds what its modules read from beside themselves', async () => {
    expect(run(await build())).toBe('hello a page\n');
    // The program, its map, and what V8 made of it.
    expect(partsOf('main')).toHaveLength(3);
    expect(readdirSync(at('built'))).toHaveLength(4);
  });

  it('with a word before it begins, and without one when there is nothing to do', async () => {
    let said = 0;
    const ask = () => builtProgram(folder.path, 'src/main.ts', at('built'), () => said++);
    await ask();
    expect(said).toBe(1);
    await ask();
    expect(said).toBe(1);
  });

  it('with the names of its functions, which are written down only where they are wrong', async () => {
    write(
      'src/main.ts',
      "import { run as other } from './other.ts';\nfunction run() {}\nconsole.log(run.name, other.name);\n",
    );
    // What esbuild itself uses as names.
    write(
      'src/other.ts',
      'export function run() {}\nexport const [target, value] = [globalThis.t, globalThis.v];\n',
    );
    expect(run(await build())).toBe('run run\n');
    const [part] = partsOf('main').filter((file) =>
      readFileSync(at(`built/${file}`), 'utf8').includes('__name='),
    );
    expect(readFileSync(at(`built/${part}`), 'utf8')).toContain(quickNaming);
  });

  it('not again while its sources are the same, also when their times are not', async () => {
    const before = identity(await build());
    utimesSync(at('src/greeting.ts'), new Date(), new Date());
    expect(identity(await build())).toBe(before);
  });

  it('again when a source has changed, also to the same length and with its old time', async () => {
    await build();
    const { atime, mtime } = statSync(at('src/greeting.ts'));
    write('src/greeting.ts', readFileSync(at('src/greeting.ts'), 'utf8').replace('hello', 'howdy'));
    utimesSync(at('src/greeting.ts'), atime, mtime);
    expect(run(await build())).toBe('howdy a page\n');
  });

  it('again when a source was renamed; one that was deleted is missed, by name', async () => {
    await build();
    write('src/hail.ts', "export const greeting = 'hail';\n");
    rmSync(at('src/greeting.ts'));
    await expect(build()).rejects.toThrow(/src\/main\.ts:2: Could not resolve "\.\/greeting\.ts"/);
    // What was there before is not taken for the program, however often one asks.
    await expect(build()).rejects.toThrow(NotBuilt);
    write('src/main.ts', "import { greeting } from './hail.ts';\nconsole.log(greeting);\n");
    expect(run(await build())).toBe('hail\n');
  });

  it('again when other libraries were installed, or it was made by another Node or esbuild', async () => {
    let before = identity(await build());
    write('node_modules/.package-lock.json', '{}');
    expect(identity(await build())).not.toBe(before);
    before = identity(await build());
    const file = at('built/main.mjs');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\/\/ .{64}/, `// ${'0'.repeat(64)}`));
    expect(readFileSync(await build(), 'utf8')).not.toMatch(/^\/\/ 0{64}/);
  });

  it('again when a part of it is gone; parts of earlier builds stay for programs that still run, so many', async () => {
    const first = await build();
    for (const part of partsOf('main')) rmSync(at(`built/${part}`));
    expect(run(await build())).toBe('hello a page\n');
    const [early] = partsOf('main');
    write('src/greeting.ts', "export const greeting = 'hi';\n");
    expect(run(await build())).toBe('hi a page\n');
    expect(partsOf('main')).toContain(early);
    for (let i = 0; i < 30; i++) write(`built/main-${String(10_000_000 + i)}.cjs`, '');
    write('built/mainly-ABCDEFGH.mjs', '');
    write('src/greeting.ts', "export const greeting = 'hey';\n");
    expect(run(await build())).toBe('hey a page\n');
    expect(partsOf('main')).toHaveLength(15);
    expect(readdirSync(at('built'))).toContain('mainly-ABCDEFGH.mjs');
    expect(first).toBe(at('built/main.mjs'));
  });

  it('whole, by several at once', async () => {
    const files = await Promise.all(Array.from({ length: 4 }, () => build()));
    for (const file of files) expect(run(file)).toBe('hello a page\n');
    expect(readdirSync(at('built'))).toHaveLength(4);
  });

  it('and looked at without being read while nothing was touched', async () => {
    await build();
    const seen = at('built/main.seen');
    // What was written just now may be written again and look the same, so it is not noted yet.
    expect(existsSync(seen)).toBe(false);
    const anHourOn = Date.now() + 3_600_000;
    vi.spyOn(Date, 'now').mockReturnValue(anHourOn);
    onTestFinished(() => void vi.restoreAllMocks());
    await build();
    const note = readFileSync(seen, 'utf8');
    const { key } = JSON.parse(note);
    const asIf = (text: string) => writeFileSync(seen, text);
    const says = () => isTrue(folder.path, 'src/main.ts', at('built/main.mjs'));
    expect(says()).toBe(true);
    // It is believed:
    asIf(note.replace(key, '0'.repeat(64)));
    expect(says()).toBe(false);
    // until a file is touched, whatever time it is given,
    utimesSync(at('src/greeting.ts'), 1, 1);
    expect(says()).toBe(true);
    // one comes or goes,
    asIf(readFileSync(seen, 'utf8').replace(key, '0'.repeat(64)));
    expect(says()).toBe(false);
    write('src/other.txt', '');
    expect(says()).toBe(true);
    // or it is no note.
    asIf('{');
    expect(says()).toBe(true);
  });

  it('not where nothing can be written, which is said with the way out; what is true already is used there', async () => {
    // Nobody may make a folder there, root neither.
    const refused = builtProgram(folder.path, 'src/main.ts', '/sys/tocsin-built');
    await expect(refused).rejects.toThrow(/cannot be written \(E\w+\)\.\nRun npm run build/);
    const file = await build();
    chmodSync(at('built'), 0o555);
    chmodSync(file, 0o444);
    expect(run(await build())).toBe('hello a page\n');
    chmodSync(at('built'), 0o755);
  });

  it('with what V8 made of it, which is used while it is whole, and missed when it is gone', async () => {
    write('src/main.ts', 'console.log(Object.keys({ a: 1 }).length);\n');
    const file = await build();
    const program = at(`built/${partsOf('main').find((part) => part.endsWith('.cjs'))}`);
    const cache = `${program}.cache`;
    expect(usesCache(program)).toBe(true);
    const whole = readFileSync(cache);
    writeFileSync(cache, whole.fill(255, whole.length - 40));
    expect(usesCache(program)).toBe(false);
    writeFileSync(cache, '');
    expect(usesCache(program)).toBe(false);
    expect(run(file)).toBe('1\n');
    rmSync(cache);
    expect(run(file)).toBe('1\n');
    expect(usesCache(at(`built/${path.basename(program)}`))).toBe(false);
    await build();
    expect(usesCache(program)).toBe(true);
  });

  it('as it is started: the real ones use theirs with the flags of npm start', async () => {
    for (const entry of ['src/main.ts', 'src/cli.ts']) {
      const words = await realProgram(entry);
      const [first] = readdirSync(path.dirname(words.at(-1)!)).filter((name) =>
        readFileSync(words.at(-1)!, 'utf8').includes(`/${name}`),
      );
      expect(usesCache(path.join(path.dirname(words.at(-1)!), first!), words.slice(0, -1))).toBe(true);
    }
  }, 60_000);

  it('with every letter as it was written, though it is of ASCII only', async () => {
    write(
      'src/main.ts',
      `const say = (parts: TemplateStringsArray) => parts.join('|');
      const größe = 'ü';
      console.log(say\`“é” \\– \\\\– \${0}😀\`, /^[–—]\\–\\\\…$/.test('—–\\\\…'), /^\\p{L}😀{2}$/u.test('ü😀😀'), größe);\n`,
    );
    expect(run(await build())).toBe('“é” – \\– |😀 true true ü\n');
  });

  it('for tests from outside of src, with a preparation that meets the same modules', async () => {
    write(
      'src/trap.ts',
      "export let trap = 'none';\nexport const setTrap = (to: string) => {\n  trap = to;\n};\n",
    );
    write('src/main.ts', "import { trap } from './trap.ts';\nconsole.log(trap);\n");
    write('tests/set.ts', "import { setTrap } from '../src/trap.ts';\nsetTrap('set');\n");
    write('tests/trapped-program.ts', "import './set.ts';\nimport '../src/main.ts';\n");
    expect(run(await build('tests/trapped-program.ts'))).toBe('set\n');
    expect(run(await build())).toBe('none\n');
    write('tests/set.ts', "import { setTrap } from '../src/trap.ts';\nsetTrap('another');\n");
    expect(run(await build('tests/trapped-program.ts'))).toBe('another\n');
  });
});

describe('a trace of a built program', () => {
  it('names the lines of src', async () => {
    write(
      'src/greeting.ts',
      "// Nothing.\n\nexport function greeting(): string {\n  return [1].map(() => {\n    throw new TypeError('no greeting');\n  })[0]!;\n}\n",
    );
    write(
      'src/main.ts',
      "import { greeting } from './greeting.ts';\ntry {\n  greeting();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
    );
    const lines = run(await build()).split('\n');
    expect(lines[0]).toBe('TypeError: no greeting');
    expect(lines[1]).toContain(`${at('src/greeting.ts')}:5:11`);
    expect(lines[3]).toMatch(/at greeting \(.*src\/greeting\.ts:4:14\)/);
    expect(lines[4]).toContain(`${at('src/main.ts')}:3:3`);
    for (const part of partsOf('main')) if (part.endsWith('.map')) rmSync(at(`built/${part}`));
    expect(run(at('built/main.mjs'))).toMatch(/^TypeError: no greeting\n {4}at .*main-\w+\.cjs:\d+:\d+\)?\n/);
  });

  it('names the files of libraries, by which their faults are told from our own', async () => {
    write('node_modules/driver/package.json', '{ "name": "driver", "main": "src/driver.js" }');
    write('node_modules/driver/src/driver.js', '\nexports.fail = () => {\n  null.write();\n};\n');
    write(
      'src/main.ts',
      "import { fail } from 'driver';\ntry {\n  fail();\n} catch (error) {\n  console.log((error as Error).stack);\n}\n",
    );
    expect(run(await build()).split('\n')[1]).toMatch(/at .*node_modules\/driver\/src\/driver\.js:3:\d+/);
  });

  const place = fc.record({
    column: fc.nat(3_000),
    source: fc.integer({ min: -1, max: 4 }),
    to: fc.nat(5_000),
  });
  const line = fc.uniqueArray(place, { maxLength: 6, selector: ({ column }) => column });
  it('knows every place in sources that are wanted whole, and every line of the others', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const map = { sources: [...'abcde'], mappings: written(lines) };
        const all = foundIn(map);
        const thin = foundIn(thinMap(map, (source) => source === 'b'));
        const known = (entries: Entry[]) => entries.filter(({ source }) => source !== undefined);
        expect(known(foundIn(thinMap(map, () => true)))).toEqual(known(all));
        expect(all).toHaveLength(lines.flat().length);
        const before = (at: Entry) =>
          thin.findLast((entry) => entry.line === at.line && entry.column <= at.column);
        for (const entry of all)
          expect(before(entry)).toMatchObject(
            entry.source === 'b' ? entry : { source: entry.source, to: entry.to },
          );
        expect(thin.length).toBeLessThanOrEqual(all.length);
      }),
    );
  });

  interface Entry {
    line: number;
    column: number;
    source: string | undefined;
    to: number;
    toColumn: number;
  }
  function foundIn({ sources, mappings }: { sources: string[]; mappings: string }): Entry[] {
    const found: Entry[] = [];
    readMappings(mappings, (line, column, source, to, toColumn) =>
      // Where nothing is said of a source, nothing is said of its lines.
      found.push({
        line,
        column,
        source: sources[source],
        ...(source < 0 ? { to: 0, toColumn: 0 } : { to, toColumn }),
      }),
    );
    return found;
  }

  /** As the specification says it: base 64 of five bits each, the sign last. */
  function written(lines: { column: number; source: number; to: number }[][]): string {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const number = (value: number): string => {
      const bits = (Math.abs(value) * 2 + (value < 0 ? 1 : 0)).toString(32).split('').reverse();
      return bits.map((bit, i) => digits[Number.parseInt(bit, 32) + (i < bits.length - 1 ? 32 : 0)]).join('');
    };
    let [source, to] = [0, 0];
    return lines
      .map((entries) => {
        let column = 0;
        return entries
          .toSorted((a, b) => a.column - b.column)
          .map((entry) => {
            let text = number(entry.column - column);
            column = entry.column;
            if (entry.source < 0) return text;
            text += number(entry.source - source) + number(entry.to - to) + number(entry.to - to);
            [source, to] = [entry.source, entry.to];
            return text;
          })
          .join(',');
      })
      .join(';');
  }
});
