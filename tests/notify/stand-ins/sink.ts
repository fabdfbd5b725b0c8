// An HTTP endpoint that keeps what it was sent and answers as told.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
}
/** A status, or whatever it does with the response. */
export type Answer = number | ((response: ServerResponse, received: Received) => void);

export interface Sink {
  url: string;
  received: Received[];
  /** What it answers from now on. */
  answers(answer: Answer): void;
  /** What it answers to the next ones, before it goes on as before. */
  next(...answers: Answer[]): void;
  /** Asked before every answer; what it gives is answered instead. */
  faults(fault: (() => Answer | undefined) | undefined): void;
  /** Forgets what was received and what was to be answered next. */
  forget(): void;
  close(): Promise<void>;
}

/** Listens on this machine until closed. */
export async function openSink(first: Answer = 200): Promise<Sink> {
  let usual = first;
  const queued: Answer[] = [];
  let faulty: (() => Answer | undefined) | undefined;
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
        bytes: Buffer.concat(parts),
      };
      received.push(one);
      const answer = queued.shift() ?? faulty?.() ?? usual;
      if (typeof answer === 'number') response.writeHead(answer).end();
      else answer(response, one);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers: (answer) => {
      usual = answer;
    },
    next: (...answers) => void queued.push(...answers),
    faults(fault) {
      faulty = fault;
    },
    forget() {
      received.length = 0;
      queued.length = 0;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
