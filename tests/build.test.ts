// A start builds the program when it must, and only then; whatever happened to the tree, what runs is what src says.
import { execFileSync } from 'node:child_process';
import { createHash, Hash } from 'node:crypto';
import fs, {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cacheOf } from '../build/load.mjs';
import { builtProgram, NotBuilt, quickNaming } from '../build/program.mjs';
import { isTrue } from '../build/truth.mjs';
import { program as realProgram } from './harness/program.ts';
import { smallProgram } from './harness/small-program.ts';

const { at, write, build, run, partsOf } = smallProgram();
const loader = new URL('../build/load.mjs', import.meta.url).href;
const programOf = (name: string) => at(`built/${partsOf(name).find((part) => part.endsWith('.cjs'))}`);
const says = (name = 'main') => isTrue(at('.'), `src/${name}.ts`, at(`built/${name}.mjs`));
/** Spies on what everybody imports of node:fs, until the test ends. */
function spyOnFiles<K extends 'accessSync' | 'fsyncSync' | 'renameSync'>(name: K) {
  const spy = vi.spyOn(fs, name);
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return spy;
}
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

describe('a program is built', () => {
  it('when it is not there, and finds what its modules read from beside themselves', async () => {
    expect(run(await build())).toBe('hello a page\n');
    // The program, its map, and what V8 made of it.
    expect(partsOf('main')).toHaveLength(3);
    expect(readdirSync(at('built'))).toHaveLength(4);
  });

  it('with a word before it begins, and without one when there is nothing to do', async () => {
    let said = 0;
    const ask = () => builtProgram(at('.'), 'src/main.ts', at('built'), () => said++);
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
    const written = Math.ceil(statSync(at('src/greeting.ts')).ctimeMs);
    const clock = vi.spyOn(Date, 'now').mockReturnValue(written + 1_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await build();
    const seen = at('built/main.seen');
    // What was written just now may be written again and look the same, so it is not noted yet.
    expect(existsSync(seen)).toBe(false);
    clock.mockReturnValue(written + 3_600_000);
    await build();
    const note = readFileSync(seen, 'utf8');
    const { key } = JSON.parse(note);
    const asIf = (text: string) => writeFileSync(seen, text);
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

  it('and not taken for what it was when it is changed while it is read, also where the clock is behind', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    onTestFinished(() => void vi.restoreAllMocks());
    const update = Hash.prototype.update;
    let changed = false;
    vi.spyOn(Hash.prototype, 'update').mockImplementation(function (
      this: Hash,
      ...given: Parameters<Hash['update']>
    ) {
      if (!changed && String(given[0]).startsWith('export const greeting')) {
        changed = true;
        write('src/greeting.ts', "export const greeting: string = 'howdy';\n");
      }
      return update.apply(this, given);
    });
    const file = await build();
    expect(changed).toBe(true);
    expect(says()).toBe(false);
    expect(run(file)).toBe('howdy a page\n');
  });

  it('again when a part of it is cut or empty, or its beginning is', async () => {
    for (const cut of [() => programOf('main'), () => at('built/main.mjs')])
      for (const size of [0, -10]) {
        await build();
        expect(says()).toBe(true);
        truncateSync(cut(), size < 0 ? statSync(cut()).size + size : size);
        expect(says()).toBe(false);
        expect(run(await build())).toBe('hello a page\n');
      }
  });

  it('and on the disk before it has its name', async () => {
    const [syncs, renames] = [spyOnFiles('fsyncSync'), spyOnFiles('renameSync')];
    await build();
    // The program, its map, where it begins; the cache is written by another process.
    const orders = renames.mock.invocationCallOrder;
    expect(orders.length).toBeGreaterThanOrEqual(3);
    for (const [i, order] of orders.entries()) expect(syncs.mock.invocationCallOrder[i]).toBeLessThan(order);
  });

  it('without the drafts that killed builds have left; one that may still be written to stays', async () => {
    const ids = ['0b0c5b2e-1111-4222-8333-0123456789ab', '0b0c5b2e-1111-4222-8333-0123456789ac'];
    for (const [i, id] of ids.entries())
      for (const name of ['main-ABCDEFGH.cjs', 'main-ABCDEFGH.cjs.cache', 'main.mjs', 'main.seen']) {
        write(`built/${name}.${id}`, 'half');
        const when = Date.now() / 1_000 - (i === 0 ? 3_700 : 3_000);
        utimesSync(at(`built/${name}.${id}`), when, when);
      }
    await build();
    expect(readdirSync(at('built')).filter((name) => name.endsWith(ids[0]!))).toEqual([]);
    expect(readdirSync(at('built')).filter((name) => name.endsWith(ids[1]!))).toHaveLength(4);
  });

  it('not where nothing can be written and only what it runs without is missing', async () => {
    const file = await build();
    for (const part of partsOf('main')) if (!part.endsWith('.cjs')) rmSync(at(`built/${part}`));
    expect(says()).toBe(false);
    spyOnFiles('accessSync').mockImplementation(() => {
      throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    });
    expect(says()).toBe(true);
    expect(run(file)).toBe('hello a page\n');
    rmSync(programOf('main'));
    expect(says()).toBe(false);
  });

  it('not where nothing can be written, which is said with the way out; what is true already is used there', async () => {
    // Nobody may make a folder there, root neither.
    const refused = builtProgram(at('.'), 'src/main.ts', '/sys/tocsin-built');
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
    const program = programOf('main');
    const cache = cacheOf(program);
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

  it('and never with what V8 made of another text, though it is as long', async () => {
    const file = await build();
    const program = programOf('main');
    const [text, other] = [readFileSync(program), `${readFileSync(program)}`.replace('hello', 'howdy')];
    writeFileSync(program, other);
    expect(usesCache(program)).toBe(false);
    // Nor does a build learn from what is there.
    const script = `import { asScript, run, sealed } from '${loader}';
      import { readFileSync, writeFileSync } from 'node:fs';
      const text = readFileSync(${JSON.stringify(program)});
      const made = asScript(process.argv[1], text);
      run(made, process.argv[1]);
      writeFileSync(process.argv[1] + '.cache', sealed(Buffer.from(process.argv[2], 'base64'), made.createCachedData()));`;
    const words = ['--max-semi-space-size=4', '--input-type=module', '-e', script];
    execFileSync(process.execPath, [...words, '--', program, text.toString('base64')]);
    writeFileSync(program, text);
    const usually = () =>
      execFileSync(process.execPath, ['--max-semi-space-size=4', file], { encoding: 'utf8' });
    expect(usually()).toBe('howdy a page\n');
    rmSync(file);
    await build();
    expect(usually()).toBe('hello a page\n');
  });

  it('under a name that is of what is written, and not of what it was made from', async () => {
    await build();
    const [program, map] = [programOf('main'), `${programOf('main')}.map`];
    const hash = createHash('sha256')
      .update(`${readFileSync(program)}\0${readFileSync(map)}`)
      .digest('hex');
    expect(path.basename(program)).toBe(`main-${hash.slice(0, 8).toUpperCase()}.cjs`);
  });

  it('for the flags of the start that has it built, which are not always the usual ones', async () => {
    cpSync(new URL('../build', import.meta.url), at('build'), { recursive: true });
    symlinkSync(new URL('../node_modules', import.meta.url), at('node_modules'));
    const start = (flags: string[], options: string) =>
      execFileSync(process.execPath, [...flags, at('build/start.mjs'), 'main'], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: options },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(start(['--max-semi-space-size=16'], '')).toBe('hello a page\n');
    expect(usesCache(programOf('main'))).toBe(false);
    expect(usesCache(programOf('main'), ['--max-semi-space-size=16'])).toBe(true);
    rmSync(at('built'), { recursive: true });
    start(['--max-semi-space-size=4'], '--max-old-space-size=512');
    expect(usesCache(programOf('main'), ['--max-semi-space-size=4', '--max-old-space-size=512'])).toBe(true);
    rmSync(at('built'), { recursive: true });
    // A debugger that the start waits for is not waited for by its build.
    const flags = ['--inspect-brk=127.0.0.1:0', '--max-semi-space-size=4'];
    await builtProgram(at('.'), 'src/main.ts', at('built'), undefined, flags);
    expect(usesCache(programOf('main'))).toBe(true);
  });

  it('also where addresses are limited to a few gigabytes', async () => {
    const limited = `ulimit -v 8000000 && exec '${process.execPath}' --max-semi-space-size=4 '${await build()}'`;
    expect(execFileSync('sh', ['-c', limited], { encoding: 'utf8' })).toBe('hello a page\n');
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
