// Follows the bytes of a connection to PostgreSQL: whether the server owes an answer, and which of its processes it is.
import type net from 'node:net';

/** What is known of a connection without asking. */
export interface Followed {
  /** The server's process on the other side; undefined until it has introduced itself. */
  pid(): number | undefined;
  /** Whether something was written that is not answered yet. */
  waits(): boolean;
  /** Whether it is inside a transaction. */
  inside(): boolean;
  /** How many answers came that end a question; the first ends the greeting. */
  answers(): number;
  /** How many pieces came so far: another number is a sign of life. */
  heard(): number;
}

/** For a socket that connects, before anything is written: connecting takes its own way of writing back. The driver writes whole messages, the first of which has no letter. */
export function follow(socket: net.Socket): Followed {
  let [asked, answered, pieces, answeredBytes, skip] = [1, 0, 0, 0, 0];
  let kept: Buffer = Buffer.alloc(0);
  let isFirst = true;
  let inside = false;
  let pid: number | undefined;

  // Each Sync and each simple query is answered by one ReadyForQuery, also when several went out in one piece.
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  socket.write = (...given: unknown[]) => {
    const [bytes] = given;
    if (!isFirst && bytes instanceof Uint8Array) {
      const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at + 5 <= view.length; at += 1 + view.readUInt32BE(at + 1))
        if (view[at] === letter.sync || view[at] === letter.query) asked += 1;
    }
    isFirst = false;
    return write(...given);
  };
  socket.on('data', (piece: Buffer) => {
    pieces += 1;
    // For what has no ReadyForQuery: late when more was written meanwhile, never early.
    answeredBytes = socket.bytesWritten;
    const bytes = kept.length > 0 ? Buffer.concat([kept, piece]) : piece;
    let at = skip;
    for (let length: number; at + 5 <= bytes.length; at += length) {
      length = 1 + bytes.readUInt32BE(at + 1);
      const type = bytes[at];
      if (type !== letter.ready && type !== letter.key) continue;
      if (at + length > bytes.length) break;
      if (type === letter.key) pid = bytes.readUInt32BE(at + 5);
      else {
        answered += 1;
        inside = bytes[at + 5] !== letter.idle;
      }
    }
    skip = Math.max(0, at - bytes.length);
    kept = Buffer.from(bytes.subarray(at));
  });
  return {
    pid: () => pid,
    waits: () => asked > answered || socket.bytesWritten > answeredBytes,
    inside: () => inside,
    answers: () => answered,
    heard: () => pieces,
  };
}

const code = (text: string) => text.charCodeAt(0);
const letter = { sync: code('S'), query: code('Q'), ready: code('Z'), key: code('K'), idle: code('I') };
