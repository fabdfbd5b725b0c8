// The door: everything that answers over HTTP, put together from what the rooms offer.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { isIP, type Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import { StartRefused } from '#core/start-refused.ts';
import type { Health } from './app/health.ts';
import { openShortLines, type ShortDoor, type ShortLines } from './app/short-lines.ts';

export interface Door {
  /** Routes of the ingest room, below /v1. */
  ingest?: Hono;
  /** Routes of the dashboard room: the stream, and pages that follow it. */
  dashboard?: Hono;
  health(): Promise<Health>;
  /** Whether new work may be sent here: false while starting and while stopping. */
  ready(): boolean;
  metrics: { page(): Promise<string>; contentType: string };
  /** Whether this key may read; needed for /metrics from elsewhere. */
  mayRead(key: string): Promise<boolean>;
  /** The sandbox's chat page, when there is one. */
  sandbox?: (request: Request) => Promise<Response>;
  /** Where a browser becomes a receiver, below /app/notifications. */
  push?: (request: Request) => Promise<Response>;
  /** The pages behind links in mails, below /mail. */
  mail?: (request: Request) => Promise<Response>;
  /** Telegram's webhook: the path, and what answers. */
  webhook?: { path: string; answer(request: Request): Promise<Response> };
  /** The host name people use (PUBLIC_URL's), besides addresses and localhost. */
  publicHost?: string;
  /** Reports a request that broke something of ours. An address can let people in, so that only its route is told. */
  broke(error: Error, route: string): void;
}

/** What a page sends: a link, a subscription, a press. */
const longestPost = 64 << 10;

/** Makes the application; it can be asked in-process with `app.request(…)`. */
export function makeDoor(door: Door): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('X-Content-Type-Options', 'nosniff');
  });
  app.get('/', (context) => context.text(frontPage(door)));
  app.get('/healthz', async (context) => {
    const health = await door.health();
    return context.json(health, health.status === 'failing' ? 503 : 200);
  });
  app.get('/readyz', (context) =>
    door.ready()
      ? context.text('ready\n')
      : problem(context, 503, 'Not ready', 'It is starting or stopping.'),
  );
  app.get('/metrics', async (context) => {
    const key = /^Bearer\s+(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    // With a public address a proxy on this machine may be asking for anybody.
    const isLocal = door.publicHost === undefined && isNear(context) && isOurName(hostOf(context), undefined);
    const allowed = isLocal || (key !== undefined && (await door.mayRead(key)));
    if (!allowed)
      return problem(context, 401, 'Key needed', 'From elsewhere, metrics need a key that may read.');
    return context.body(await door.metrics.page(), 200, { 'content-type': door.metrics.contentType });
  });
  // Whoever posts there has not shown yet who they are.
  const short = bodyLimit({
    maxSize: longestPost,
    onError: (context) => problem(context, 413, 'Too long', 'A body has at most 64 KB here.'),
  });
  app.use('/app/*', short).use('/sandbox/*', short);
  if (door.webhook) {
    const { path, answer } = door.webhook;
    app.post(path, (context) => answer(context.req.raw));
  }
  if (door.push) {
    const { push } = door;
    app.all('/app/notifications/*', (context) => push(context.req.raw));
  }
  if (door.mail) {
    const { mail } = door;
    app.all('/mail/*', (context) => mail(context.req.raw));
  }
  if (door.sandbox) {
    const page = door.sandbox;
    const show = (context: Context) =>
      isOurName(hostOf(context), door.publicHost)
        ? page(context.req.raw)
        : problem(context, 403, 'Unknown host', 'The sandbox is only shown under an address or localhost.');
    app.all('/sandbox', show);
    app.all('/sandbox/*', show);
  }
  if (door.dashboard) app.route('/', door.dashboard);
  if (door.ingest) app.route('/', door.ingest);
  app.notFound((context) =>
    problem(context, 404, 'Not found', 'There is nothing here; / lists what there is.'),
  );
  app.onError((error, context) => {
    door.broke(error, routeOf(context, door));
    return problem(context, 500, 'Something broke', 'This was our fault; it has been written to the log.');
  });
  return app;
}

// Of all routes only the webhook's says nothing but a secret.
function routeOf(context: Context, { webhook }: Door): string {
  const route = routePath(context);
  return route === webhook?.path ? 'the webhook' : route;
}

/** A problem document (RFC 9457). */
function problem(
  context: Context,
  status: 401 | 403 | 404 | 413 | 500 | 503,
  title: string,
  detail: string,
): Response {
  return context.body(JSON.stringify({ type: 'about:blank', title, status, detail }), status, {
    'content-type': 'application/problem+json',
  });
}

function frontPage(door: Door): string {
  const lines = [
    'Tocsin tells people in Telegram when something they care about goes wrong, and when it is over.',
    '',
    ...(door.sandbox ? ['/sandbox           try it: a chat with the bot, in the browser'] : []),
    ...(door.ingest
      ? [
          '/v1/events         where services push what happened (POST, with a key)',
          '/v1/stream         what happens, as it happens (server-sent events)',
          '/docs              all that services and operators can do here, described',
          '/v1/openapi.json   the same for machines',
        ]
      : []),
    '/healthz           whether everything works',
    '/readyz            whether new requests are welcome',
    '/metrics           figures for Prometheus',
  ];
  return `${lines.join('\n')}\n`;
}

// From this machine, and not passed on by a proxy for somebody else.
function isNear(context: Context): boolean {
  if (['x-forwarded-for', 'forwarded', 'x-real-ip'].some((name) => context.req.header(name))) return false;
  const bindings = context.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined;
  const address = bindings?.incoming?.socket?.remoteAddress?.replace(/^::ffff:/, '');
  // Asked in-process.
  if (address === undefined) return true;
  return /^(127\.|::1$)/.test(address);
}

// No browser leaves it out.
const hostOf = (context: Context) => context.req.header('host') ?? 'localhost';

// Another site can make its own name point here (DNS rebinding); it cannot make the browser send an address as the name.
function isOurName(host: string, publicHost: string | undefined): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isIP(name) !== 0 || name === 'localhost' || name === publicHost;
}

/** What answers some requests before the router. */
export interface PlainDoor {
  /** Answers it and says so, or leaves it. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same where it came whole, before Node's HTTP. */
  answer: ShortDoor;
}

export interface OpenDoor {
  url: string;
  port: number;
  /** Takes no new connections, lets running requests end, cuts what is left after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** Listens; what `plain` answers never reaches the router. Slow senders are cut off: 5 s for the headers, 10 s for the whole request. */
export function openDoor(app: Hono, host: string, port: number, plain?: PlainDoor): Promise<OpenDoor> {
  return new Promise((resolve, reject) => {
    let closing = false;
    const server = serve(
      {
        fetch: app.fetch,
        hostname: host,
        port,
        // The router and the web's Request cost more than everything else on the way of an event.
        createServer: ((options: ServerOptions, router: RequestListener) =>
          createServer(options, (request, response) => {
            // Whoever keeps a connection busy would hold up the end: this answer is the last one on it.
            if (closing) response.shouldKeepAlive = false;
            if (!plain?.take(request, response)) router(request, response);
          })) as typeof createServer,
        serverOptions: {
          requestTimeout: 10_000,
          headersTimeout: silence.atFirst * 1_000,
          keepAliveTimeout: silence.later * 1_000,
          connectionsCheckingInterval: 1_000,
          maxHeaderSize: 16_384,
        },
      },
      (info) => {
        const shown =
          host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
        resolve({
          url: `http://${shown}:${info.port}`,
          port: info.port,
          close: (ms) => {
            closing = true;
            lines?.close();
            return close(server as Server, lines, ms);
          },
        });
      },
    );
    const lines = plain && shortLines(server as Server, plain);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = wordsFor(error.code, host, port) ?? `Cannot listen on ${host}:${port}: ${error.message}`;
      reject(new StartRefused(why));
    });
  });
}

function wordsFor(code: string | undefined, host: string, port: number): string | undefined {
  const other =
    'Set HOST to 127.0.0.1 (this machine only), 0.0.0.0 (everybody), or an address of this machine.';
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop it, or set PORT to another number.`;
    case 'EACCES':
      return `This user may not listen on port ${port}. Set PORT to a number above 1023.`;
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${host} to listen on. ${other}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no address of the name ${host} to listen on. ${other}`;
    default:
      return undefined;
  }
}

/** Seconds that somebody may say nothing: who has connected, and who was answered. */
const silence = { atFirst: 5, later: 65 };

// Node's own way of taking a connection is its listener for them.
function shortLines(server: Server, plain: PlainDoor): ShortLines {
  const toNode = server.listeners('connection') as ((socket: Socket) => void)[];
  const lines = openShortLines(
    plain.answer,
    (socket) => {
      for (const take of toNode) take.call(server, socket);
    },
    silence,
  );
  server.removeAllListeners('connection').on('connection', lines.take);
  return lines;
}

async function close(server: Server, lines: ShortLines | undefined, graceMs = 5_000): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // A connection that answers now is kept open by both sides afterwards: those are idle a moment later.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const timer = setTimeout(() => {
    lines?.cut();
    server.closeAllConnections();
  }, graceMs);
  await closed;
  clearInterval(idle);
  clearTimeout(timer);
}
