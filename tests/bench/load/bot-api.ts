// A fake Bot API that does nothing but note when it was called, answers at once, and hands out updates to who polls.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  text: string;
}

export interface FakeBotApi {
  port: number;
  /** Gives this update to whoever polls. */
  update(update: object): void;
  /** Whether somebody polls now. */
  polled(): boolean;
  close(): void;
}

/** Starts it on a free port. `heard` gets every call but the polls, with the raw body; `page` answers /metrics. */
export function startFakeBotApi(
  heard: (call: Call, messageId: number) => void,
  page: () => string,
): Promise<FakeBotApi> {
  let messages = 0;
  let updates = 0;
  const queue: object[] = [];
  let poll: ((found: object[]) => void) | undefined;
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const method = request.url!.slice(request.url!.lastIndexOf('/') + 1).split('?')[0]!;
      const answer = (result: unknown) => response.end(JSON.stringify({ ok: true, result }));
      if (method === 'metrics') return response.end(page());
      response.setHeader('content-type', 'application/json');
      if (method.toLowerCase() === 'getupdates') {
        if (queue.length > 0) return answer(queue.splice(0, 100));
        const timer = setTimeout(() => poll?.([]), 1_000 * timeoutOf(text));
        poll = (found) => {
          clearTimeout(timer);
          poll = undefined;
          answer(found);
        };
        timer.unref();
        return undefined;
      }
      const isMessage = /^(sendmessage|editmessagetext)$/i.test(method);
      const id = isMessage ? ++messages : 0;
      if (isMessage || method === 'answerCallbackQuery') heard({ method, text }, id);
      if (!isMessage) return answer(method.toLowerCase() === 'getme' ? bot : true);
      const chat = { id: chatOf(text), type: 'private' };
      return answer({ message_id: id, date: 1, chat, from: bot, text: '-' });
    });
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        update(update) {
          queue.push({ update_id: ++updates, ...update });
          poll?.(queue.splice(0, 100));
        },
        polled: () => poll !== undefined,
        close() {
          server.closeAllConnections();
          server.close();
        },
      }),
    ),
  );
}

const bot = { id: 99, is_bot: true, first_name: 'Bench', username: 'bench_bot' };

function timeoutOf(text: string): number {
  return Number(/"timeout":"?(\d+)/.exec(text)?.[1] ?? 0);
}

/** The chat of a call, whether its body is JSON or a form. */
export function chatOf(text: string): number {
  return Number(/chat_id"?[:=] *"?(-?\d+)/.exec(text)?.[1] ?? 0);
}
