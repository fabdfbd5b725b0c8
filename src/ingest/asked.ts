// A request as the way in reads it: the web's Request, or Node's own without the costs of making one of it.
import type { IncomingMessage } from 'node:http';

/** What is read of a request; the web's Request is one. */
export interface Asked {
  url: string;
  headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer | Uint8Array>;
  /** The body, where it is there already. */
  whole?: Buffer;
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}

/** Node's request as it comes; the body is read once. Headers that come twice are joined as the web does it, or the first stands. */
export function askedOfNode(request: IncomingMessage): Asked {
  const { headers } = request;
  return {
    url: request.url ?? '/',
    headers: {
      get(name) {
        const value = headers[name];
        return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
      },
    },
    arrayBuffer: () => bytesOf(request),
    body: request,
  };
}

// Nearly every body comes in one piece. Nothing of it stays with the request, which waits for its answer.
function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let parts: Buffer[] | undefined;
    let whole = false;
    request.on('data', (part: Buffer) => {
      if (first === undefined) first = part;
      else if (parts === undefined) parts = [first, part];
      else parts.push(part);
    });
    request.on('end', () => {
      whole = true;
      resolve(parts === undefined ? (first ?? Buffer.alloc(0)) : Buffer.concat(parts));
      first = parts = undefined;
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!whole) reject(new Error('the request was cut off'));
    });
  });
}
