// Requests to addresses that people typed: guarded, bounded in time and size, never redirected, never tried again.
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { type Allowed, addressFault } from './address.ts';
import { AddressRefused, guardedLookup, nameFault, type Resolve, resolveBySystem } from './lookup.ts';
import { readTarget } from './target.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface Asking {
  method?: (typeof methods)[number];
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For everything together, name look-up included. */
  timeoutMs?: number;
  /** Of the answer's body; the rest is not read. */
  maxBytes?: number;
}

/** An answer of any status, redirects too; `truncated`: there was more than was read. */
export interface Answer {
  is: 'answer';
  status: number;
  /** Names in small letters. */
  headers: Record<string, string>;
  body: Buffer;
  truncated: boolean;
  ms: number;
}

/** `refused`: it may not be asked, nothing was sent. `failed`: `wrote` says whether the other side may have received it. */
export type Fetched =
  | Answer
  | { is: 'refused'; why: string; ms: number }
  | { is: 'failed'; why: string; wrote: boolean; ms: number };

export interface Outbound {
  (url: string, asking?: Asking): Promise<Fetched>;
  /** Why this address would not be asked now, its name looked up; a name that nobody answers for is no fault. */
  fault?(url: string): Promise<string | undefined>;
}

/** The client for everything that goes to addresses people typed. `resolve` is for tests. */
export function openOutbound(allowed: Allowed, resolve?: Resolve): Outbound {
  const ask = (url: string, asking: Asking = {}) =>
    fetchGuarded(url, { ...asking, allowed, ...(resolve ? { resolve } : {}) });
  const fault = async (url: string) => {
    const target = readTarget(url, allowed);
    if (!target.ok) return target.why;
    const { hostname } = target.url;
    if (hostname === 'localhost') return addressFault('127.0.0.1', allowed);
    return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? nameFault(hostname, allowed, resolve) : undefined;
  };
  return Object.assign(ask, { fault });
}

/** Never throws for what the other side does. */
export async function fetchGuarded(
  text: string,
  options: Asking & { allowed: Allowed; resolve?: Resolve },
): Promise<Fetched> {
  const { allowed, resolve = resolveBySystem, method = 'GET', timeoutMs = 10_000 } = options;
  const { maxBytes = 65_536, body } = options;
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  const target = readTarget(text, allowed);
  if (!target.ok) return { is: 'refused', why: target.why, ms: 0 };
  if (!methods.includes(method))
    return { is: 'refused', why: `${method} is not a method to ask with`, ms: 0 };
  const secure = target.url.protocol === 'https:';

  return new Promise((settle) => {
    let connected = false;
    let answer: Omit<Answer, 'ms' | 'truncated' | 'body'> | undefined;
    const parts: Buffer[] = [];
    let size = 0;
    let request: ReturnType<typeof plainRequest> | undefined;
    const end = (fetched: Fetched) => {
      clearTimeout(timer);
      settle(fetched);
      request?.destroy();
    };
    const answered = (truncated: boolean) => {
      if (answer) end({ ...answer, body: Buffer.concat(parts).subarray(0, maxBytes), truncated, ms: ms() });
    };
    const broke = (error: Error) => {
      if (answer) answered(true);
      else if (error instanceof AddressRefused) end({ is: 'refused', why: error.message, ms: ms() });
      else end({ is: 'failed', why: sayBroken(error), wrote: connected, ms: ms() });
    };
    const timer = setTimeout(() => {
      if (answer) answered(true);
      else end({ is: 'failed', why: `no answer within ${timeoutMs / 1000} s`, wrote: connected, ms: ms() });
    }, timeoutMs);
    try {
      request = (secure ? secureRequest : plainRequest)(target.url, {
        method,
        // One connection each: nothing is left open for a name that may mean another address by then.
        agent: false,
        lookup: guardedLookup(resolve, allowed),
        headers: { 'user-agent': 'Tocsin', 'accept-encoding': 'identity', ...own(options.headers) },
      });
    } catch {
      // Node's own refusal of a header names its value, which can be a secret.
      return end({ is: 'refused', why: 'a header has characters that are not allowed', ms: ms() });
    }
    request.on('socket', (socket: Socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    request.on('error', broke);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      end({ is: 'failed', why: 'it wants to speak another protocol', wrote: true, ms: ms() });
    });
    request.on('response', (response) => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(response.headers))
        if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
      answer = { is: 'answer', status: response.statusCode ?? 0, headers };
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > maxBytes) answered(true);
      });
      response.on('end', () => answered(!response.complete));
      response.on('error', broke);
    });
    request.end(body);
  });
}

/** How a request is framed and where it goes is ours alone. */
function own(headers: Record<string, string> = {}): Record<string, string> {
  const ours =
    /^(host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|proxy-.*)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ours.test(name)));
}

const codes: Record<string, string> = {
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name could not be looked up now',
  ECONNREFUSED: 'nobody listens there',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ETIMEDOUT: 'it cannot be reached',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody known',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody known',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** A sentence's part, never the error's own text: that can hold the address, and an address can hold a secret. */
function sayBroken(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code ?? firstOf(error)?.code;
  if (code === undefined) return 'the connection broke';
  if (code.startsWith('HPE_')) return 'it does not answer in HTTP';
  return codes[code] ?? `the connection broke (${code.replace(/[^A-Z0-9_]/g, '').slice(0, 40)})`;
}

// Several addresses were tried in turn.
function firstOf(error: Error): NodeJS.ErrnoException | undefined {
  return error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : undefined;
}
