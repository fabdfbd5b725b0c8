// Runs a built program: one script, and beside it what V8 made of it when it was built, so that nothing is translated again.
// @ts-check
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';

/** What a script is handed, as a module of CommonJS is, and its own URL. */
export const handed = ['require', 'module', 'exports', '__filename', '__dirname', '__url'];

/** @param {string} file */
export function load(file) {
  run(translate(file), file);
}

/**
 * With its cache or, when that is missing, damaged, or of another Node or other flags, without: this takes longer, no more.
 * @param {string} file of ASCII only: as one text of two bytes a letter it would take twice the memory
 */
export function translate(file) {
  const cachedData = readCache(`${file}.cache`);
  return new vm.Script(readAside(file).toString('latin1'), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/**
 * @param {vm.Script} script
 * @param {string} file
 */
export function run(script, file) {
  const module = { exports: {} };
  const url = pathToFileURL(file).href;
  script.runInThisContext()(createRequire(file), module, module.exports, file, path.dirname(file), url);
}

/** @typedef {new (size: { initial: number }) => { buffer: ArrayBuffer }} Memory Node's types know none */
const { Memory } = /** @type {{ WebAssembly: { Memory: Memory } }} */ (/** @type {unknown} */ (globalThis))
  .WebAssembly;

const digest = (/** @type {Buffer} */ data) => createHash('sha256').update(data).digest();

/**
 * What a cache is kept as. V8 compares versions, flags and lengths, and trusts the rest: what is damaged must not reach it.
 * @param {Buffer} data
 */
export const sealed = (data) => Buffer.concat([digest(data), data]);

/** @param {string} file */
function readCache(file) {
  if (!existsSync(file)) return undefined;
  const whole = readAside(file);
  const data = whole.subarray(32);
  return digest(data).equals(whole.subarray(0, 32)) ? data : undefined;
}

/**
 * The contents, in memory that goes back to the system when it is let go. From there on the C library would keep blocks as
 * large as the largest that it was ever given back, 15 MB after a storm.
 * @param {string} file
 */
function readAside(file) {
  const open = openSync(file, 'r');
  try {
    const { size } = fstatSync(open);
    const { buffer } = new Memory({ initial: Math.ceil(size / 65_536) });
    return Buffer.from(buffer, 0, readSync(open, Buffer.from(buffer, 0, size)));
  } finally {
    closeSync(open);
  }
}
