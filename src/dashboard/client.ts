// One reader of the stream: what was sent and not yet taken is bounded, and who takes nothing at all is cut off.
import type { StreamCursor } from '#core/stream-cursor.ts';
import { greeting } from './frames.ts';
import type { Viewer } from './viewer.ts';

export interface Client {
  viewer: Viewer;
  /** The body of the answer. */
  body: ReadableStream<Uint8Array>;
  /** Gets what the hub reads; before that it catches up by itself. */
  live: boolean;
  /** The end of what it was sent. */
  at: StreamCursor | undefined;
  over: boolean;
  /** False when enough waits for it now; what was given goes out all the same. */
  send(bytes: Uint8Array): boolean;
  /** Resolves when there is room again; false when the reader is gone, or took nothing for `stalledMs`. */
  room(): Promise<boolean>;
  /** Ends it in good order: what was sent arrives. */
  end(): void;
  /** Cuts it off. */
  drop(): void;
}

export interface ClientDeps {
  bufferBytes: number;
  stalledMs: number;
  /** Closes the connection, where there is one; otherwise the body fails. */
  cut?: (() => void) | undefined;
  gone(client: Client): void;
}

/** Opens the body. */
export function openClient(viewer: Viewer, { bufferBytes, stalledMs, cut, gone }: ClientDeps): Client {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let wake: (() => void) | undefined;
  const leave = () => {
    if (client.over) return false;
    client.over = true;
    wake?.();
    gone(client);
    return true;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => wake?.(),
      cancel: () => void leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
  );
  const free = () => controller.desiredSize ?? 0;
  const client: Client = {
    viewer,
    body,
    live: false,
    at: undefined,
    over: false,
    send(bytes) {
      if (client.over) return false;
      controller.enqueue(bytes);
      return free() > 0;
    },
    async room() {
      const until = performance.now() + stalledMs;
      while (!client.over && free() < bufferBytes / 2) {
        if (performance.now() > until) client.drop();
        else
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, Math.min(1_000, stalledMs));
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
          });
      }
      return !client.over;
    },
    end() {
      if (leave()) controller.close();
    },
    drop() {
      if (!leave()) return;
      if (cut) cut();
      else controller.error(new Error('the reader was too slow'));
    },
  };
  controller.enqueue(greeting);
  return client;
}
