// A reader of server-sent events as browsers are one, over a real socket: fields, comments, and the place to come back to.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface Heard {
  event: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: what arrives is asserted field by field
  data: any;
}

export interface EventReader {
  status: number;
  headers: IncomingMessage['headers'];
  heard: Heard[];
  /** Comments, which keep the line open. */
  comments(): number;
  /** What a browser would send as `Last-Event-ID`. */
  lastId(): string;
  /** The body of an answer that is no stream. */
  body(): string;
  /** Resolves when the stream is over: whether the server ended it in good order. */
  ended: Promise<'ended' | 'cut'>;
  /** Takes nothing more from the socket. */
  pause(): void;
  resume(): void;
  /** Breaks the connection. */
  close(): void;
}

export function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(url, { headers: { accept: 'text/event-stream', ...headers } });
    asked.on('error', reject);
    asked.on('response', (response) => {
      const heard: Heard[] = [];
      let [comments, lastId, text, all] = [0, '', '', ''];
      const take = (block: string) => {
        let [event, data] = ['message', undefined as string | undefined];
        for (const line of block.split('\n')) {
          const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line)!;
          if (line.startsWith(':')) comments++;
          else if (field === 'id') lastId = value;
          else if (field === 'event') event = value;
          else if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
        }
        if (data !== undefined) heard.push({ event, id: lastId, data: JSON.parse(data) });
      };
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        all = (all + part).slice(0, 10_000);
        if (response.statusCode !== 200) return;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) take(block);
      });
      const ended = new Promise<'ended' | 'cut'>((done) => {
        response.on('end', () => done('ended'));
        response.on('close', () => done('cut'));
        response.on('error', () => done('cut'));
      });
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        heard,
        comments: () => comments,
        lastId: () => lastId,
        body: () => all,
        ended,
        pause: () => void response.pause(),
        resume: () => void response.resume(),
        close: () => void asked.destroy(),
      });
    });
    asked.end();
  });
}
