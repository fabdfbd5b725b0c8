// A text that is written otherwise before it is built, and where its letters were: traces name the columns that people read.

/** For each line that changed: from which column on of the new text so many letters more stand before. @typedef {Map<number, [number, number][]>} Moves */

/**
 * The text with each match of the pattern written as `by` says.
 * @param {string} text
 * @param {RegExp} pattern
 * @param {(found: string) => string} by
 * @returns {{ contents: string, moves: Moves }}
 */
export function rewrite(text, pattern, by) {
  /** @type {Moves} */
  const moves = new Map();
  const parts = [];
  let [from, line, column, more] = [0, 0, 0, 0];
  const write = (/** @type {string} */ part) => {
    parts.push(part);
    const end = part.lastIndexOf('\n');
    column = end < 0 ? column + part.length : part.length - end - 1;
    if (end < 0) return;
    line += part.split('\n').length - 1;
    more = 0;
  };
  for (const { 0: found, index } of text.matchAll(pattern)) {
    const said = by(found);
    write(text.slice(from, index));
    write(said);
    from = index + found.length;
    if (said.length === found.length) continue;
    more += said.length - found.length;
    const known = moves.get(line) ?? [];
    known.push([column, more]);
    moves.set(line, known);
  }
  write(text.slice(from));
  return { contents: parts.join(''), moves };
}

/**
 * The column of the text as it was.
 * @param {Moves | undefined} moves
 * @param {number} line
 * @param {number} column
 */
export function columnBefore(moves, line, column) {
  const [, more] = moves?.get(line)?.findLast(([from]) => from <= column) ?? [0, 0];
  return column - more;
}
