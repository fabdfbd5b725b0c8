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
 * With its cache or, when that is missing, damaged, or of another text, Node or flags, without: this takes longer, no more.
 * @param {string} file
 */
export function translate(file) {
  const text = readAside(file);
  return asScript(file, text, readCache(file, text));
}

/**
 * @param {string} file
 * @param {Buffer} text of ASCII only: as one text of two bytes a letter it would take twice the memory
 * @param {Buffer} [cachedData]
 */
export function asScript(file, text, cachedData) {
  return new vm.Script(text.toString('latin1'), {
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

/** @param {Buffer[]} parts */
const digest = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/**
 * @param {Buffer} text
 * @param {Buffer} data
 */
const sealOf = (text, data) => digest(digest(text), data);

/** @param {string} file */
export const cacheOf = (file) => `${file}.cache`;

/**
 * What a cache is kept as. V8 compares versions, flags and the length of the text, and trusts the rest: what is damaged, or
 * was made of another text as long as this one, must not reach it.
 * @param {Buffer} text
 * @param {Buffer} data
 */
export const sealed = (text, data) => Buffer.concat([sealOf(text, data), data]);

/**
 * @param {string} file
 * @param {Buffer} text
 */
function readCache(file, text) {
  if (!existsSync(cacheOf(file))) return undefined;
  const whole = readAside(cacheOf(file));
  const data = whole.subarray(32);
  return sealOf(text, data).equals(whole.subarray(0, 32)) ? data : undefined;
}

/**
 * The contents, in memory that goes back to the system when it is let go. From there on the C library would keep blocks as
 * large as the largest that it was ever given back, 15 MB after a storm.
 * @param {string} file
 */
export function readAside(file) {
  const open = openSync(file, 'r');
  try {
    const whole = memoryAside(fstatSync(open).size);
    let [at, read] = [0, 0];
    do {
      read = readSync(open, whole, at, whole.length - at, null);
      at += read;
    } while (read > 0 && at < whole.length);
    return whole.subarray(0, at);
  } finally {
    closeSync(open);
  }
}

/** @typedef {new (size: { initial: number }) => { buffer: ArrayBuffer }} Memory Node's types know none */

/** @param {number} size */
function memoryAside(size) {
  try {
    const { WebAssembly } = /** @type {{ WebAssembly: { Memory: Memory } }} */ (
      /** @type {unknown} */ (globalThis)
    );
    return Buffer.from(new WebAssembly.Memory({ initial: Math.ceil(size / 65_536) }).buffer, 0, size);
  } catch {
    // It reserves gigabytes of addresses, which are limited here, or is switched off.
    return Buffer.allocUnsafeSlow(size);
  }
}
