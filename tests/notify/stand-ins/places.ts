// A place on every channel, with something real at its other end: for the laws that hold for all of them.
import type { Contact } from '../../../src/operations/channel-book.ts';
import { openSink, type Sink } from './sink.ts';

export interface Places {
  /** What is typed on this channel to reach the place; undefined where nothing is typed. */
  contact(channel: string): Contact | undefined;
  sink: Sink;
  close(): Promise<void>;
}

export async function openPlaces(): Promise<Places> {
  const sink = await openSink();
  const contacts: Record<string, Contact> = {
    webhook: { url: `${sink.url}/hook` },
  };
  return { contact: (channel) => contacts[channel], sink, close: () => sink.close() };
}
