// Whether a built program is true to what it was made of: by contents, and by a quick look where nothing was touched since.
// @ts-check
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

/** What package managers write whenever something else is installed. */
const installed = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml'].map(
  (name) => `node_modules/${name}`,
);

/**
 * Whether the program `file` was made of what is there now, and is all there.
 * @param {string} root
 * @param {string} entry
 * @param {string} file
 */
export function isTrue(root, entry, file) {
  const text = readIfThere(file)?.toString('utf8') ?? '';
  const [first, parts = ''] = text.split('\n');
  const folder = path.dirname(file);
  const there = (/** @type {string} */ part) => isWhole(folder, part) || (isSpare(part) && !mayWrite(folder));
  if (!text.endsWith(');\n') || !parts.slice(3).split(', ').every(there)) return false;
  return first === `// ${untouched(root, file) ?? keyOf(root, entry, file)}`;
}

/**
 * @param {string} folder
 * @param {string} part its name and, where it is known, its size
 */
function isWhole(folder, part) {
  const [name = '', size] = part.split(' ');
  const stat = statSync(path.join(folder, name), { throwIfNoEntry: false });
  return stat !== undefined && (size === undefined || stat.size === Number(size));
}

/** What a program also runs without: more slowly, or with traces of the built file. */
const isSpare = (/** @type {string} */ part) => /\.(cache|map)( |$)/.test(part);

/** @param {string} folder */
function mayWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Of contents and not of times: a copy of the same tree needs no build, and an old file that looks new deceives nobody.
 * How everything looked is noted beside `file`, so that as long as it looks the same nothing has to be read again.
 * @param {string} root
 * @param {string} entry
 * @param {string} file
 */
export function keyOf(root, entry, file) {
  const began = Date.now();
  const hash = createHash('sha256');
  const add = (/** @type {string} */ name, /** @type {Buffer | string} */ content) =>
    hash.update(`${name}\0${content.length}\0`).update(content);
  const builder = require.resolve('esbuild/package.json');
  add('versions', `${process.version} ${JSON.parse(readFileSync(builder, 'utf8')).version}`);
  /** @type {string[]} */
  const names = [];
  let looks = '';
  // Each before it is read, and all of them again after: what was changed in between is not noted as what was read.
  const see = (/** @type {string} */ at) => {
    names.push(path.relative(root, at));
    looks += lookAt(root, names.slice(-1));
  };
  see(builder);
  for (const name of ['package.json', 'tsconfig.json', ...installed]) {
    see(path.join(root, name));
    const content = readIfThere(path.join(root, name));
    if (content) add(name, content);
  }
  const own = path.dirname(path.join(root, entry));
  for (const folder of new Set([here, path.join(root, 'src'), own]))
    for (const at of within(folder)) {
      see(at);
      if (/\.(ts|mjs)$/.test(at)) add(path.relative(folder, at), readFileSync(at));
    }
  const key = hash.digest('hex');
  const note = { key, node: process.version, names, looks };
  // What was touched just now may be touched again and look the same.
  if (lookAt(root, names, began - 2_000) === looks && existsSync(path.dirname(file)))
    leave(noteOf(file), JSON.stringify(note));
  return key;
}

/**
 * The folder and all that is in it. A folder comes before its names are read, so that who looks at it sees what comes later.
 * @param {string} folder
 * @returns {Generator<string>}
 */
function* within(folder) {
  yield folder;
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* within(at);
    else yield at;
  }
}

/** @param {string} file */
const noteOf = (file) => file.replace(/\.mjs$/, '.seen');

/**
 * The key that was noted, when nothing was touched since. Nobody can set the instant at which a file was last changed in any
 * way (ctime), and a folder's changes with every name in it.
 * @param {string} root
 * @param {string} file
 */
function untouched(root, file) {
  try {
    const { key, node, names, looks } = JSON.parse(readFileSync(noteOf(file), 'utf8'));
    return node === process.version && lookAt(root, names) === looks ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string[]} names
 * @param {number} before undefined when anything was touched later
 */
function lookAt(root, names, before = Number.POSITIVE_INFINITY) {
  let looks = '';
  for (const name of names) {
    const stat = statSync(path.join(root, name), { throwIfNoEntry: false });
    if (stat && Math.max(stat.mtimeMs, stat.ctimeMs) > before) return undefined;
    looks += stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}\n` : '\n';
  }
  return looks;
}

/** Where nothing can be written, everything is read each time. */
function leave(/** @type {string} */ file, /** @type {string} */ text) {
  try {
    writeWhole(file, text);
  } catch {}
}

/**
 * Whole also after a power cut: it has its name only when it is on the disk.
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
export function writeWhole(file, contents) {
  const draft = `${file}.${randomUUID()}`;
  try {
    const open = openSync(draft, 'wx');
    try {
      writeFileSync(open, contents);
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
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
