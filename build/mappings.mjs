// The “mappings” of a source map, read and written: which place of a file came from which place of which source.

/** @typedef {(line: number, column: number, source: number, sourceLine: number, sourceColumn: number) => unknown} Take */
/** @typedef {{ sources: string[], mappings: string }} SourceMap */

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const numbers = new Uint8Array(128);
for (let i = 0; i < digits.length; i++) numbers[digits.charCodeAt(i)] = i;
const comma = ','.charCodeAt(0);
const semicolon = ';'.charCodeAt(0);

/**
 * Calls `take(line, column, source, sourceLine, sourceColumn)` for each entry, in order, all counted from 0; `source` is -1
 * where a stretch of the file came from nowhere. Stops when `take` returns false.
 * @param {string} mappings
 * @param {Take} take
 */
export function readMappings(mappings, take) {
  // Each entry is one number, the column, or four and more; all are differences to the entry before that had them.
  const at = new Int32Array(5);
  let [line, field, value, shift] = [0, 0, 0, 0];
  for (let i = 0; i <= mappings.length; i++) {
    const char = i < mappings.length ? mappings.charCodeAt(i) : semicolon;
    if (char === comma || char === semicolon) {
      if (field > 0 && take(line, at[0], field > 3 ? at[1] : -1, at[2], at[3]) === false) return;
      field = 0;
      if (char === semicolon) {
        line += 1;
        at[0] = 0;
      }
      continue;
    }
    const digit = numbers[char];
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    at[field] += value & 1 ? -(value >> 1) : value >> 1;
    field += 1;
    value = shift = 0;
  }
}

/**
 * The map with all entries of the sources that are wanted whole; of the others with one for each line.
 * @param {SourceMap} map
 * @param {(source: string) => boolean} isWhole
 * @param {(source: string, line: number, column: number) => number} columnOf where that column was in what people read
 */
export function thinMap({ sources, mappings }, isWhole, columnOf = (_source, _line, column) => column) {
  const whole = sources.map(isWhole);
  /** @type {string[][]} */
  const lines = [];
  const written = [0, 0, 0];
  let [now, column] = [-1, 0];
  let [source, sourceLine] = [-1, -1];
  readMappings(mappings, (line, at, ...place) => {
    if (line === now && place[0] === source && place[1] === sourceLine && !whole[source]) return;
    if (line !== now) [now, column] = [line, 0];
    [source, sourceLine] = place;
    let entry = encode(at - column);
    column = at;
    if (source >= 0) place[2] = columnOf(sources[source] ?? '', place[1], place[2]);
    if (source >= 0)
      for (const [i, value] of place.entries()) {
        entry += encode(value - written[i]);
        written[i] = value;
      }
    while (lines.length <= line) lines.push([]);
    lines[line].push(entry);
  });
  return { version: 3, sources, names: [], mappings: lines.map((entries) => entries.join(',')).join(';') };
}

/** @param {number} value */
function encode(value) {
  let left = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    text += digits[(left & 31) | (left > 31 ? 32 : 0)];
    left >>>= 5;
  } while (left > 0);
  return text;
}
