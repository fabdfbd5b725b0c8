// A POST that came whole, in one piece and in the plainest form there is: all that has to be found in it are its lines.
// Whatever two readers could understand in two ways is not read here, but left to Node's parser.

/** What stands before a body. Who keeps a connection sends the same again and again. */
interface Head {
  /** As it came, with the empty line. */
  bytes: Buffer;
  url: string;
  headers: { get(name: string): string | null };
  bodyLength: number;
}

export interface WholeRequest {
  head: Head;
  body: Buffer;
}

/** The request that this piece is, and nothing more; `last`: the head of the one before it on the connection. */
export function wholeRequest(piece: Buffer, last?: Head): WholeRequest | undefined {
  const isSame = last !== undefined && piece.length >= last.bytes.length && startsWith(piece, last.bytes);
  const head = isSame ? last : readHead(piece);
  if (head === undefined || piece.length !== head.bytes.length + head.bodyLength) return undefined;
  return { head, body: piece.subarray(head.bytes.length) };
}

function startsWith(piece: Buffer, head: Buffer): boolean {
  return head.compare(piece, 0, head.length) === 0;
}

const longestHead = 4_096;
const firstLine = /^POST (\/[\w/.-]*(?:\?[\w.~%&=+-]*)?) HTTP\/1\.1$/;
/** No empty values, no blanks at the end, nothing but ASCII that can be seen. */
const line = /^([A-Za-z0-9-]+): ?([!-~]|[!-~][ -~]*[!-~])$/;
const length = /^(?:0|[1-9]\d{0,6})$/;
/** They change how long a request is, or what its connection is. */
const notPlain = new Set(['transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'http2-settings']);

function readHead(piece: Buffer): Head | undefined {
  const end = piece.indexOf('\r\n\r\n');
  if (end < 0 || end > longestHead) return undefined;
  const [first, ...lines] = piece.toString('latin1', 0, end).split('\r\n');
  const url = firstLine.exec(first!)?.[1];
  const named = new Map<string, string>();
  for (const one of lines) {
    const [, written, value] = line.exec(one) ?? [];
    const name = written?.toLowerCase();
    if (name === undefined || named.has(name) || notPlain.has(name)) return undefined;
    named.set(name, value!);
  }
  const promised = named.get('content-length');
  const connection = named.get('connection')?.toLowerCase() ?? 'keep-alive';
  if (url === undefined || promised === undefined || !length.test(promised)) return undefined;
  if (!named.has('host') || connection !== 'keep-alive') return undefined;
  return {
    // A copy: the piece holds a body, too.
    bytes: Buffer.from(piece.subarray(0, end + 4)),
    url,
    headers: { get: (name) => named.get(name) ?? null },
    bodyLength: Number(promised),
  };
}
