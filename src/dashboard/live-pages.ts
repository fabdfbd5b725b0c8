// The page that a person keeps open: what burns for them, as it happens, with notifications of the browser while it is open.
import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { closePage } from '#operations/close-page.ts';
import { openPage, pageLasts } from '#operations/open-page.ts';
import { openBrowserLink, takeBrowserLink } from '#operations/take-browser-link.ts';
import type { World } from '#operations/world.ts';
import { keyHash } from '#store/key-text.ts';
import { findPageOf, keepPass } from '#store/passes.ts';
import { settingsOf } from '#store/people.ts';
import { htmlPage, markup } from './html-page.ts';
import type { Live } from './live.ts';
import { refused } from './refused.ts';
import { answerStream } from './stream-routes.ts';

export interface PageDeps {
  world: World;
  live: Live;
  now: () => number;
  /** Whether browsers come by HTTPS: then the cookie goes no other way. */
  secure: boolean;
}

const cookie = 'tocsin_page';
const day = 86_400_000;
const gone = 'Ask for a link with /channels in the chat: “Add a channel”, then “Browser”.';
const asset = (name: string) => readFileSync(new URL(`./web/${name}`, import.meta.url), 'utf8');
const types = { 'live.js': 'text/javascript', 'live.css': 'text/css' } as const;

/** Everything under /app/live. */
export function livePages({ world, live, now, secure }: PageDeps): Hono {
  const app = new Hono();
  const { db } = world.database;

  const opened = (c: Context) => {
    const token = readCookie(c.req.header('cookie') ?? '');
    return token === undefined ? undefined : findPageOf(db, keyHash(token), now());
  };

  for (const [name, type] of Object.entries(types))
    app.get(`/app/live/${name}`, () => {
      const headers = { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' };
      return new Response(asset(name), { headers });
    });

  app.get('/app', (c) => c.redirect('/app/live'));

  app.get('/app/live', async (c) => {
    const found = await opened(c);
    if (!found) return strange();
    const { pass, person } = found;
    // Who looks in now and then stays known; a browser that is forgotten is forgotten here, too.
    const again = pass.expiresAt - now() < pageLasts - day;
    if (again) await keepPass(db, pass.hash, now() + pageLasts);
    const { zone } = await settingsOf(db, person.id, world.defaultZone);
    const token = readCookie(c.req.header('cookie') ?? '')!;
    return shell(person.name, zone, again ? [['set-cookie', cookieOf(token, secure)]] : []);
  });

  app.post('/app/live/enter', async (c) => {
    if (isForeign(c)) return refused(403, 'Not from here', 'This works only from the page of the link.');
    const read = z.object({ token: z.string().max(1_000) }).safeParse(await c.req.json().catch(() => null));
    const link = read.success ? await openBrowserLink(world, read.data.token, now()) : undefined;
    const actor = link && (await takeBrowserLink(world, link));
    if (!actor) return refused(404, 'The link is no longer good', gone);
    const label = (c.req.header('user-agent') ?? '').slice(0, 200);
    const done = await openPage(world, actor, { personId: actor.personId, label }, now());
    if (!done.ok) return refused(409, 'It cannot be opened', done.text);
    return c.json({ path: '/app/live' }, 201, { 'set-cookie': cookieOf(done.token, secure) });
  });

  app.get('/app/live/stream', async (c) => {
    const found = await opened(c);
    if (!found) return refused(401, 'This page is not known here', gone);
    return answerStream(c, live, { is: 'person', personId: found.person.id, passHash: found.pass.hash });
  });

  app.post('/app/live/alerts/:id/acknowledge', async (c) => {
    if (isForeign(c)) return refused(403, 'Not from here', 'This works only from the page itself.');
    const found = await opened(c);
    if (!found) return refused(401, 'This page is not known here', gone);
    const { id: personId, name, role } = found.person;
    const actor = { is: 'person', personId, name, role } as const;
    const alertId = c.req.param('id');
    const known = /^\w{1,64}$/.test(alertId);
    const done = await acknowledgeAlert(world, actor, { alertId: known ? alertId : '' }, now());
    if (done.ok) return c.json({ text: 'Acknowledged.' });
    const status = { 'not-found': 404, forbidden: 403, conflict: 409, invalid: 400 }[done.code];
    return refused(status, 'It was not done', done.text);
  });

  app.post('/app/live/leave', async (c) => {
    if (isForeign(c)) return refused(403, 'Not from here', 'This works only from the page itself.');
    const token = readCookie(c.req.header('cookie') ?? '');
    if (token !== undefined) await closePage(world, { token }, now());
    return c.json({ path: '/app/live' }, 200, { 'set-cookie': `${cookie}=; ${attributes(secure, 0)}` });
  });
  app.onError((error) => {
    world.log.error({ err: error }, 'a request for the live page failed');
    return refused(503, 'It did not work', 'Come again in a moment.', { 'retry-after': '2' });
  });
  return app;
}

function shell(name: string, zone: string, headers: [string, string][]): Response {
  const body = markup`<header><h1>What burns</h1><p id="line" role="status" data-is="waits">Connecting…</p></header>
<section id="leave-to-notify" hidden><p>This page can raise a notification when something happens, for as long as it is open.</p>
<button type="button" id="allow">Allow notifications</button></section>
<p id="said" role="status" hidden></p>
<main><ol id="alerts" aria-live="polite"></ol><p id="empty" hidden>Nothing burns.</p>
<p id="more" hidden>More burns than fits here; these are the worst. /alerts in the chat has all of it.</p>
<h2 id="over-title" hidden>Over</h2><ol id="over"></ol></main>
<footer><p>For ${name}. What you mute in the chat is mute here, too.</p><button type="button" id="leave" class="plain">Close this page for good</button></footer>
<script src="/app/live/live.js" type="module"></script>`;
  return htmlPage(200, 'What burns', body, {
    attributes: markup`data-zone="${zone}"`,
    style: '/app/live/live.css',
    csp: "script-src 'self'; connect-src 'self'; style-src 'self'",
    headers,
  });
}

function strange(): Response {
  const body = markup`<main><h1>This browser is not known here</h1><p>${gone}</p></main>`;
  return htmlPage(401, 'Not known here', body, { style: '/app/live/live.css', csp: "style-src 'self'" });
}

// Another site's page must not be able to press buttons here.
function isForeign(c: Context): boolean {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? '')) return true;
  if (site !== undefined && site !== 'same-origin') return true;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== c.req.header('host');
}

function readCookie(header: string): string | undefined {
  return new RegExp(`(?:^|; *)${cookie}=([\\w-]{20,100})(?:;|$)`).exec(header)?.[1];
}

function attributes(secure: boolean, seconds: number): string {
  return `Path=/app/live; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

const cookieOf = (token: string, secure: boolean) =>
  `${cookie}=${token}; ${attributes(secure, pageLasts / 1_000)}`;
