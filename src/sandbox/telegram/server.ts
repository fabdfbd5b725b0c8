// The Bot API over HTTP: takes a call apart, runs the method, answers in Telegram's shape, plays the scripted faults.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BotApiError, refusals } from './errors.ts';
import type { Fault } from './faults.ts';
import { methods } from './methods/index.ts';
import { answerWeb } from './node-web.ts';
import { noParams, type Params, readInt, readParams, readText } from './params.ts';
import { type LedgerEntry, record, type World } from './world.ts';

const bodyLimit = 60 * 1024 * 1024;

export interface BotApiServer {
  port: number;
  host: string;
  stop(): Promise<void>;
  /** Closes the port as if the server were gone, or opens the same port again. */
  setDown(isDown: boolean): Promise<void>;
}

/** Listens for Bot API calls; everything below /sandbox goes to `page`. */
export async function listen(
  world: World,
  page: (request: Request) => Promise<Response>,
  where: { port: number; host: string },
): Promise<BotApiServer> {
  const server = createServer((request, response) => {
    if ((request.url ?? '').startsWith('/sandbox')) {
      void answerWeb(request, response, page);
      return;
    }
    void answer(world, request, response).catch(() => request.socket.destroy());
  });
  server.keepAliveTimeout = 30_000;
  const open = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, where.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  const close = () => {
    world.poll?.end('stopped');
    return new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  await open(where.port);
  const { port } = server.address() as AddressInfo;
  return { port, host: where.host, setDown: (isDown) => (isDown ? close() : open(port)), stop: close };
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const path = decodeURIComponent(url.pathname);
  const file = /^\/file\/bot([^/]+)\/documents\/([^/]+)\//.exec(path);
  if (file) return sendFile(world, response, file[1]!, file[2]!);
  const call = /^\/bot([^/]+)\/([^/]+)\/?$/.exec(path);
  if (!call) return reply(response, failure(refusals.notFound()));
  if (call[1] !== world.token) return reply(response, failure(refusals.unauthorized()));
  const entry: LedgerEntry = { at: world.now(), method: call[2]!, params: {}, ok: false };
  let params: Params = noParams();
  let refused: BotApiError | undefined;
  try {
    params = readParams(url.searchParams, await bodyOf(request), request.headers['content-type'] ?? '');
  } catch (error) {
    if (!(error instanceof BotApiError)) throw error;
    refused = error;
  }
  describe(world, entry, params);
  const fault = world.faults.draw(entry.method, entry.chatId);
  if (fault) entry.fault = typeof fault === 'string' ? fault : String(fault.status);
  if (fault && !hasEffect(fault)) {
    record(world, entry);
    return playFault(fault, request, response);
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const result = refused ? failure(refused) : await run(world, entry.method, params, gone.signal);
  complete(entry, result);
  record(world, entry);
  if (fault) return playFault(fault, request, response);
  reply(response, result);
}

type Result = { ok: true; result: unknown } | (ReturnType<typeof failure> & { ok: false });

function failure(error: BotApiError) {
  return {
    ok: false as const,
    error_code: error.code,
    description: error.message,
    ...(error.parameters ? { parameters: error.parameters } : {}),
  };
}

async function run(world: World, name: string, params: Params, gone: AbortSignal): Promise<Result> {
  const method = methods.get(name.toLowerCase());
  if (!method) return failure(refusals.notFound());
  try {
    return { ok: true, result: await method.run({ world, params, gone }) };
  } catch (error) {
    if (error instanceof BotApiError) return failure(error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : typeof error;
    return failure(new BotApiError(500, `Internal Server Error: the sandbox has a bug: ${detail}`));
  }
}

function describe(world: World, entry: LedgerEntry, params: Params): void {
  entry.method = methods.get(entry.method.toLowerCase())?.name ?? entry.method;
  entry.params = Object.fromEntries(params.values);
  for (const [name, file] of params.files) entry.params[name] = `${file.name} (${file.bytes.length} bytes)`;
  const queried = world.state.queries.get(String(params.values.get('callback_query_id') ?? ''))?.chat;
  let chat = queried;
  try {
    chat ??= readText(params, 'chat_id') === undefined ? undefined : readInt(params, 'chat_id');
  } catch {
    // A chat_id that is no text at all names no chat.
  }
  if (chat !== undefined) entry.chatId = chat;
}

function complete(entry: LedgerEntry, result: Result): void {
  entry.ok = result.ok;
  if (!result.ok) {
    const { error_code, description, parameters } = result;
    entry.error = { code: error_code, description, ...(parameters ? { parameters } : {}) };
    return;
  }
  const id = (result.result as { message_id?: number } | null)?.message_id;
  if (id !== undefined) entry.message_id = id;
}

function hasEffect(fault: Fault): boolean {
  if (typeof fault === 'string') return fault === 'drop-answer' || fault === 'hang-after';
  return fault.effect === true;
}

function playFault(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault === 'hang' || fault === 'hang-after') return;
  if (typeof fault === 'string') return void request.socket.destroy();
  reply(response, failure(new BotApiError(fault.status, fault.description, fault.parameters)));
}

function reply(response: ServerResponse, result: Result): void {
  if (response.destroyed) return;
  response.writeHead(result.ok ? 200 : result.error_code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(result));
}

function sendFile(world: World, response: ServerResponse, token: string, unique: string): void {
  const file = [...world.state.files.values()].find((one) => one.unique === unique);
  if (token !== world.token || !file) {
    reply(response, failure(refusals.notFound()));
    return;
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.size });
  response.end(Buffer.from(file.base64, 'base64'));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > bodyLimit) throw new BotApiError(413, 'Request Entity Too Large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
