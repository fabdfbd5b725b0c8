// Where a reader of the live stream stands: the commits it has seen, as one short text (`Last-Event-ID`).

/**
 * A snapshot of PostgreSQL as text (`xmin:xmax:xip,…`) says which transactions are seen. Row numbers would not do: they
 * are given before the commit, so that a lower one may become visible after a higher one. All that it sees must be on
 * disk: the numbers of transactions that a crash undoes are given again.
 */
export interface StreamCursor {
  /** When it was made. */
  at: number;
  /** Everything that this snapshot sees is known. */
  seen: string;
  /** In the middle of a batch: of what this one sees besides, the rows up to the number `after` are known. */
  upto: string | null;
  after: number;
}

const snapshot = String.raw`\d{1,19}:\d{1,19}:(?:\d{1,19}(?:,\d{1,19}){0,199})?`;
const form = new RegExp(`^([0-9a-z]{1,9})\\.(${snapshot})(?:~(${snapshot})~(\\d{1,15}))?$`);

/** The cursor as text. */
export function printCursor({ at, seen, upto, after }: StreamCursor): string {
  const start = `${at.toString(36)}.${seen}`;
  return upto === null ? start : `${start}~${upto}~${after}`;
}

/** The cursor that was printed so; undefined for anything else. */
export function parseCursor(text: string): StreamCursor | undefined {
  const [, at = '', seen = '', upto = null, after = '0'] = form.exec(text) ?? [];
  if (!isSnapshot(seen) || (upto !== null && !isSnapshot(upto))) return undefined;
  return { at: Number.parseInt(at, 36), seen, upto, after: Number(after) };
}

// What PostgreSQL asks of one: numbers in their order, those under way between the ends.
function isSnapshot(text: string): boolean {
  const [from = '', to = '', open = ''] = text.split(':');
  if (from === '' || BigInt(from) < 1n || BigInt(from) > BigInt(to) || BigInt(to) > largest) return false;
  const under = open === '' ? [] : open.split(',').map(BigInt);
  return under.every((one, i) => one >= BigInt(from) && one < BigInt(to) && (i === 0 || one > under[i - 1]!));
}

const largest = 2n ** 63n - 1n;

/** Whether the snapshot `later` may have been taken on the same server after `earlier`. */
export function mayFollow(earlier: string, later: string): boolean {
  return BigInt(earlier.split(':')[1]!) <= BigInt(later.split(':')[1]!);
}
