// Calls to the Bot API. A call that fails also says whether it can have had an effect.
import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import type { Log } from '#core/log.ts';

/** An answer, a refusal in Telegram's words, or a call that broke before (`unsent`) or after the first byte (`unknown`). */
export type CallResult<T = unknown> = { ok: true; result: T } | CallFailure;
export type CallFailure =
  | { ok: false; is: 'refused'; code: number; description: string; retryAfter?: number; movedTo?: string }
  | { ok: false; is: 'unsent' | 'unknown'; why: string };

export interface Telegram {
  call<T = unknown>(method: string, params?: object, signal?: AbortSignal): Promise<CallResult<T>>;
  /** Closes the kept connections. */
  close(): void;
}

export interface TelegramOptions {
  token: string;
  /** `https://api.telegram.org`, or a local Bot API server. */
  apiRoot: string;
  log: Log;
  connectMs?: number;
  /** For the answer's first byte, counted from the connection; a long poll's own `timeout` is added. */
  headersMs?: number;
  bodyMs?: number;
}

const bodyLimit = 20 * 1024 * 1024;

/** A client that keeps its connections. Neither errors nor logs ever hold the token. */
export function createTelegram(options: TelegramOptions): Telegram {
  const root = new URL(options.apiRoot.replace(/\/*$/, '/'));
  const secure = root.protocol === 'https:';
  // Under the idle limit of Telegram's front, so that a dying connection is not taken for a sent message.
  const kept = { keepAlive: true, maxSockets: 64, timeout: 20_000, scheduling: 'lifo' as const };
  const agent = secure ? new SecureAgent(kept) : new PlainAgent(kept);
  const start = secure ? secureRequest : plainRequest;

  // Taken apart once: each call would read it again.
  const place = urlToHttpOptions(new URL(`./bot${options.token}/`, root));

  const call = <T>(method: string, params: object = {}, signal?: AbortSignal): Promise<CallResult<T>> => {
    const body = Buffer.from(JSON.stringify(params));
    const poll = method === 'getUpdates' ? Number((params as { timeout?: number }).timeout ?? 0) * 1000 : 0;
    const headersMs = (options.headersMs ?? 5000) + poll;
    return new Promise((resolve) => {
      let connected = false;
      let settled = false;
      let timer: NodeJS.Timeout | undefined;
      const settle = (result: CallResult<T>) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        resolve(result);
      };
      const fail = (why: string) => {
        settle({ ok: false, is: connected ? 'unknown' : 'unsent', why });
        request.destroy();
      };
      const allow = (ms: number, why: string) => {
        clearTimeout(timer);
        timer = setTimeout(() => fail(why), ms);
      };
      const abort = () => fail('given up');
      const request = start({
        ...place,
        path: `${place.path}${method}`,
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      });
      request.on('socket', (socket: Socket) => {
        const opened = () => {
          connected = true;
          allow(headersMs, 'no answer in time');
        };
        if (request.reusedSocket || !socket.connecting) opened();
        else socket.once(secure ? 'secureConnect' : 'connect', opened);
      });
      request.on('error', (error) => fail(codeOf(error)));
      request.on('response', (response) => {
        allow(options.bodyMs ?? 2500, 'the answer broke off');
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > bodyLimit) fail('the answer is too long');
          else parts.push(part);
        });
        response.on('aborted', () => fail('the answer broke off'));
        response.on('error', (error) => fail(codeOf(error)));
        response.on('end', () =>
          settle(read<T>(response.statusCode ?? 0, Buffer.concat(parts).toString('utf8'))),
        );
      });
      allow(options.connectMs ?? 2500, 'no connection in time');
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      request.end(body);
    });
  };
  return {
    async call<T>(method: string, params?: object, signal?: AbortSignal) {
      const result = await call<T>(method, params, signal);
      if (!result.ok)
        options.log.debug(
          { method, code: result.is === 'refused' ? result.code : result.is },
          result.is === 'refused' ? result.description : result.why,
        );
      return result;
    },
    close: () => agent.destroy(),
  };
}

function read<T>(status: number, text: string): CallResult<T> {
  const answer = parse(text);
  if (answer?.ok === true) return { ok: true, result: answer.result as T };
  // A gateway's page instead of Telegram's JSON: the call may have passed before it.
  if (answer?.ok !== false) return { ok: false, is: 'unknown', why: `answer ${status} is not Telegram’s` };
  const { retry_after: after, migrate_to_chat_id: moved } = answer.parameters ?? {};
  return {
    ok: false,
    is: 'refused',
    code: answer.error_code ?? status,
    description: answer.description ?? `HTTP ${status}`,
    ...(typeof after === 'number' ? { retryAfter: after } : {}),
    ...(moved !== undefined ? { movedTo: String(moved) } : {}),
  };
}

interface Answer {
  ok?: boolean;
  result?: unknown;
  error_code?: number;
  description?: string;
  parameters?: { retry_after?: number; migrate_to_chat_id?: number | string };
}

function parse(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** Only the code: an error's own text can hold the address, and with it the token. */
function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'connection failed';
}
