// What goes over the wire of the stream: server-sent events, written once for all who get them.
import type { Alert } from '#core/alert.ts';
import { instants } from '#core/instants.ts';
import { printCursor, type StreamCursor } from '#core/stream-cursor.ts';
import type { StreamedChange } from '#store/changes.ts';
import type { Tells } from './tells.ts';

const bytes = new TextEncoder();

/** One event of the stream; `cursor` is the place to come back to. */
export function frame(event: string, data: object, cursor?: StreamCursor): Uint8Array {
  const id = cursor ? `id: ${printCursor(cursor)}\n` : '';
  return bytes.encode(`${id}event: ${event}\ndata: ${JSON.stringify(instants(data))}\n\n`);
}

/** How soon a browser comes back by itself. */
export const greeting: Uint8Array = bytes.encode('retry: 2000\n: Tocsin\n\n');

/**
 * Keeps the line open; the reader's place moves with it, though nothing happened that it may see. A page cannot hear
 * comments: it gets an event.
 */
export function beat(cursor: StreamCursor | undefined, aloud: boolean): Uint8Array {
  const id = cursor ? `id: ${printCursor(cursor)}\n` : '';
  return bytes.encode(aloud ? `${id}event: beat\ndata: {}\n\n` : `: \n${id}\n`);
}

/** A change, with the alert it is of; to a person's page, too, whether it may make itself heard. */
export function changeFrame(
  { told: _, trial: _trial, id: _id, ...change }: StreamedChange,
  cursor: StreamCursor,
  tells?: Tells,
): Uint8Array {
  return frame('transition', tells === undefined ? change : { ...change, tells }, cursor);
}

/** An alert as it is now. */
export function alertFrame(alert: Alert): Uint8Array {
  return frame('alert', alert);
}
