// The page behind the chat's link, its service worker, and the door where the browser hands its subscription in.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { addReceiver } from '#operations/add-receiver.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import type { SignedLink } from '#operations/signed-link.ts';
import { openBrowserLink, takeBrowserLink } from '#operations/take-browser-link.ts';
import type { World } from '#operations/world.ts';
import { escapeHtml } from './mail.ts';
import { smallPage } from './small-page.ts';
import { vapidKeys } from './vapid.ts';

const subscription = z.object({
  endpoint: z.string().max(2_000),
  keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
});
const script = (name: string) => readFileSync(new URL(`./web/${name}`, import.meta.url), 'utf8');
const gone = 'This link is no longer good. Ask for a new one with /channels in the chat.';

/** Answers below /app/notifications/. */
export function pushPages(
  world: World,
  book: ChannelBook,
  now: () => number,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const name = new URL(request.url).pathname.split('/').at(-1) ?? '';
    if (name === 'worker.js' || name === 'subscribe.js')
      return new Response(script(name), {
        headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
      });
    const link = await openBrowserLink(world, name, now());
    if (!link)
      return request.method === 'POST' ? said(404, gone) : page(404, `<h1>No longer good</h1><p>${gone}</p>`);
    if (request.method === 'POST') return subscribe(world, book, link, request, now());
    const { publicKey } = await vapidKeys(world);
    const body = `<h1>Notifications on this device</h1>
<p>Alerts will be shown here, also while this page is closed.</p>
<button type="button" id="on">Switch on</button>
<h2>Or only while a page is open</h2>
<p>A list of what burns, kept up to date, with notifications for as long as you leave it open. It needs nobody else’s service.</p>
<button type="button" id="live" class="plain">Open the list</button><p id="said" role="status"></p>
<script src="/app/notifications/subscribe.js" type="module"></script>`;
    return page(200, body, ` data-key="${escapeHtml(publicKey)}" data-token="${escapeHtml(name)}"`);
  };
}

async function subscribe(
  world: World,
  book: ChannelBook,
  link: SignedLink,
  request: Request,
  now: number,
): Promise<Response> {
  const read = subscription.safeParse(await request.json().catch(() => null));
  if (!read.success) return said(422, 'The browser sent no subscription.');
  const actor = await takeBrowserLink(world, link);
  if (!actor) return said(404, gone);
  const { endpoint, keys } = read.data;
  const label = `${nameOf(request.headers.get('user-agent') ?? '')} ${new Date(now).toISOString().slice(0, 16).replace('T', ' ')}`;
  const contact = { endpoint, p256dh: keys.p256dh, auth: keys.auth };
  const added = await addReceiver(
    world,
    book,
    actor,
    { ownerId: actor.personId, channel: 'browser', contact, label },
    now,
  );
  return added.ok ? said(201, 'It works: a test is on its way to this device.') : said(409, added.text);
}

function nameOf(agent: string): string {
  const browser = ['Edg', 'Firefox', 'Chrome', 'Safari'].find((one) => agent.includes(one)) ?? 'Browser';
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'].find((one) => agent.includes(one));
  return `${browser === 'Edg' ? 'Edge' : browser}${system ? ` on ${system}` : ''}`;
}

function said(status: number, text: string): Response {
  return Response.json({ text }, { status, headers: { 'cache-control': 'no-store' } });
}

function page(status: number, body: string, attributes = ''): Response {
  return smallPage(status, {
    title: 'Notifications · Tocsin',
    body,
    attributes,
    style:
      '.plain{background:none;color:inherit;border:1px solid;padding:.55rem 1.15rem}h2{font-size:1.1rem;margin-top:2.5rem}',
    may: "script-src 'self'; worker-src 'self'; connect-src 'self'",
  });
}
