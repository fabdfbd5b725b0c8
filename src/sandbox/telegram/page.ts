// Serves everything below /sandbox: the page, its assets, the JSON API and the live stream.
import { readFile } from 'node:fs/promises';
import { tellable } from '#core/say-error.ts';
import { actions, type Hands, read, WrongInput } from './page-actions.ts';
import { liveStream } from './page-view.ts';
import type { World } from './world.ts';

const web = new URL('../web/', import.meta.url);

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const safety = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** The fetch-style function for everything below /sandbox. */
export function pageFor(world: World, hands: Hands): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const path = url.pathname.replace(/\/+$/, '');
    if (path === '/sandbox') return asset('index.html');
    const file = /^\/sandbox\/assets\/([a-z0-9-]+\.(?:js|css|svg))$/.exec(path)?.[1];
    if (file) return asset(file);
    const name = /^\/sandbox\/api\/([a-z/-]+)$/.exec(path)?.[1];
    if (!name) return json({ ok: false, error: 'not found' }, 404);
    if (request.method === 'POST') return act(name, request, world, hands);
    if (name === 'stream') return liveStream(world);
    if (name === 'file') return fileOf(url.searchParams.get('id') ?? '', world);
    const found = read(name, url.searchParams, world);
    return found === undefined
      ? json({ ok: false, error: 'not found' }, 404)
      : json({ ok: true, result: found });
  };
}

async function asset(name: string): Promise<Response> {
  const body = await readFile(new URL(name, web)).catch(() => undefined);
  if (!body) return json({ ok: false, error: 'not found' }, 404);
  const type = types[name.split('.').at(-1)!] ?? 'application/octet-stream';
  return new Response(new Uint8Array(body), { headers: { ...safety, 'content-type': type } });
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...safety, 'content-type': 'application/json; charset=utf-8' },
  });
}

// Another site's page must not be able to press buttons here: JSON only, and only from this origin.
function isForeign(request: Request): boolean {
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json')) return true;
  const origin = request.headers.get('origin');
  if (origin === null) return false;
  // A page without an origin of its own says “null”.
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.get('host');
}

async function act(name: string, request: Request, world: World, hands: Hands): Promise<Response> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return json({ ok: false, error: 'not found' }, 404);
  if (isForeign(request)) return json({ ok: false, error: 'only JSON from this page is taken' }, 403);
  try {
    const body: unknown = await request.json();
    if (typeof body !== 'object' || body === null) throw new WrongInput('an object is needed');
    const result = await action(body as Record<string, unknown>, world, hands);
    return json({ ok: true, result: result ?? true });
  } catch (error) {
    // What people cannot do (write while blocked, press what is not there) is thrown as a plain sentence.
    return json({ ok: false, error: tellable(error).message }, 400);
  }
}

function fileOf(id: string, world: World): Response {
  const file = world.state.files.get(id);
  if (!file) return json({ ok: false, error: 'not found' }, 404);
  const isPicture = /^image\/(png|jpeg|gif|webp)$/.test(file.mime);
  return new Response(new Uint8Array(Buffer.from(file.base64, 'base64')), {
    headers: {
      ...safety,
      'content-type': isPicture ? file.mime : 'application/octet-stream',
      'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
}
