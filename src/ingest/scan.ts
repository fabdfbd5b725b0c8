// Looks over JSON bytes before they are parsed: depth, and where the items of a list begin and end.

export interface Scan {
  /** The deepest nesting of objects and lists. */
  depth: number;
  /** True when the outermost value is a list. */
  list: boolean;
  /** How many items the outermost list has. */
  items: number;
  /** Where item `i` of the outermost list begins (even places) and ends (odd places). */
  edges: number[];
}

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Scans the bytes once, respecting strings. Stops early when the depth passes `mostDepth` or the items `mostItems`: then
 * `depth` or `items` is one more. It judges no JSON; on text that is none its answer means nothing.
 */
export function scanJson(bytes: Uint8Array, mostDepth: number, mostItems: number): Scan {
  const scan: Scan = { depth: 0, list: false, items: 0, edges: [] };
  let depth = 0;
  let begin = -1;
  let end = 0;
  const endItem = () => {
    if (begin < 0) return;
    scan.edges.push(begin, end);
    scan.items++;
    begin = -1;
  };
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (isBlank(byte)) continue;
    if (depth === 1 && scan.list) {
      if (byte === comma || byte === closeList) {
        endItem();
        if (scan.items > mostItems) return scan;
      } else if (begin < 0) begin = i;
    }
    if (byte === quote) i = endOfString(bytes, i);
    else if (byte === openList || byte === openObject) {
      if (depth === 0 && scan.depth === 0) scan.list = byte === openList;
      if (++depth > scan.depth) scan.depth = depth;
      if (depth > mostDepth) return scan;
    } else if (byte === closeList || byte === closeObject) depth--;
    end = i + 1;
  }
  return scan;
}

/** At most so long is a text that is looked for at the top. */
const mostText = 512;

/** The text that an object has under this name at its top, read without parsing the object; the last where there are several. */
export function topText(bytes: Buffer, name: string): string | undefined {
  const wanted = Buffer.from(JSON.stringify(name));
  let [depth, before, isNamed] = [0, 0, false];
  let found: string | undefined;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (isBlank(byte)) continue;
    if (byte === quote) {
      const end = endOfString(bytes, i) + 1;
      // Only what stands behind the name becomes a string: a stranger's bytes are made of nothing but strings, if they like.
      if (before !== colon)
        isNamed = depth === 1 && end - i === wanted.length && bytes.compare(wanted, 0, end - i, i, end) === 0;
      else if (isNamed && depth === 1)
        found = textIn(end - i <= mostText ? bytes.toString('utf8', i, end) : '');
      i = end - 1;
    } else if (byte === openList || byte === openObject) depth++;
    else if (byte === closeList || byte === closeObject) depth--;
    before = byte;
  }
  return found;
}

function textIn(json: string): string | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function endOfString(bytes: Uint8Array, from: number): number {
  for (let i = from + 1; i < bytes.length; i++) {
    if (bytes[i] === backslash) i++;
    else if (bytes[i] === quote) return i;
  }
  return bytes.length;
}
