// A POST that came whole, in one piece and in the plainest form there is: all that has to be found in it are its lines.
// Whatever two readers could understand in two ways is not read here, but left to Node's parser.

/** What stands before a body. Who keeps a connection sends the same again and again, but for the length that it promises. */
interface Head {
  /** As it came, up to that length and from there on, the empty line included. */
  before: Buffer;
  after: Buffer;
  url: string;
  /** All but the length: that is the body's own. */
  headers: { get(name: string): string | null };
}

export interface WholeRequest {
  head: Head;
  body: Buffer;
}

/** The request that this piece is, and nothing more; `last`: the head of the one before it on the connection. */
export function wholeRequest(piece: Buffer, last?: Head): WholeRequest | undefined {
  const body = last && bodyBehind(piece, last);
  if (body) return { head: last, body };
  const head = readHead(piece);
  const first = head && bodyBehind(piece, head);
  return first && { head, body: first };
}

/** What follows the head, when that is what the piece begins with and as much follows as it promises. */
function bodyBehind(piece: Buffer, { before, after }: Head): Buffer | undefined {
  const from = before.length;
  if (piece.length <= from || before.compare(piece, 0, from) !== 0) return undefined;
  let at = from;
  let promised = 0;
  for (; at < from + mostDigits; at++) {
    const digit = (piece[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    promised = promised * 10 + digit;
  }
  const isNumber = at > from && (piece[from] !== 0x30 || at === from + 1);
  const begin = at + after.length;
  if (!isNumber || piece.length !== begin + promised) return undefined;
  return after.compare(piece, at, begin) === 0 ? piece.subarray(begin) : undefined;
}

const longestHead = 4_096;
const firstLine = /^POST (\/[\w/.-]*(?:\?[\w.~%&=+-]*)?) HTTP\/1\.1$/;
/** No empty values, no blanks at the end, nothing but ASCII that can be seen. */
const line = /^([A-Za-z0-9-]+): ?([!-~]|[!-~][ -~]*[!-~])$/;
const mostDigits = 7;
/** They change how long a request is, or what its connection is. */
const notPlain = new Set(['transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'http2-settings']);

function readHead(piece: Buffer): Head | undefined {
  const end = piece.indexOf('\r\n\r\n');
  if (end < 0 || end > longestHead) return undefined;
  const [first, ...lines] = piece.toString('latin1', 0, end).split('\r\n');
  const url = firstLine.exec(first!)?.[1];
  const named = new Map<string, string>();
  let length: [from: number, to: number] | undefined;
  let at = first!.length;
  for (const one of lines) {
    const [, written, value] = line.exec(one) ?? [];
    const name = written?.toLowerCase();
    if (name === undefined || named.has(name) || notPlain.has(name)) return undefined;
    named.set(name, value!);
    at += 2 + one.length;
    if (name === 'content-length') length = [at - value!.length, at];
  }
  const connection = named.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (url === undefined || length === undefined) return undefined;
  if (!named.has('host') || connection !== 'keep-alive') return undefined;
  named.delete('content-length');
  return {
    // Copies: the piece holds a body, too.
    before: Buffer.from(piece.subarray(0, length[0])),
    after: Buffer.from(piece.subarray(length[1], end + 4)),
    url,
    headers: { get: (name) => named.get(name) ?? null },
  };
}
