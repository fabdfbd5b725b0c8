// The pages behind the links in mails: they ask first, because mail scanners open every link; only a press does something.
import type { Actor } from '#core/actor.ts';
import type { Refusal } from '#core/outcome.ts';
import { isGroup } from '#core/owner.ts';
import { acknowledgeAlert } from '#operations/acknowledge-alert.ts';
import { acknowledgeMany } from '#operations/acknowledge-many.ts';
import { disableReceiver } from '#operations/disable-receiver.ts';
import { linkKey, messageOf, readLink, type SignedLink } from '#operations/signed-link.ts';
import type { World } from '#operations/world.ts';
import { unattendedIn } from '#store/alert-lists.ts';
import { alertsNamed, findAlert } from '#store/find-alerts.ts';
import { findPerson } from '#store/people.ts';
import { findReceiver, type Receiver } from '#store/receivers.ts';
import { escapeHtml } from './mail.ts';
import { smallPage } from './small-page.ts';
import { nameOf } from './wording.ts';

/** Answers below /mail/. */
export function mailPages(world: World, now: () => number): (request: Request) => Promise<Response> {
  return async (request) => {
    const token = new URL(request.url).pathname.split('/').at(-1) ?? '';
    const link = readLink(await linkKey(world), token, now());
    if (!link)
      return page(404, 'This link is no longer good.', 'It is too old, or was cut. Ask in the chat instead.');
    if (request.method === 'POST') return act(world, link, now());
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return page(405, 'This cannot be done here.', '');
    return ask(world, link);
  };
}

async function ask(world: World, link: SignedLink): Promise<Response> {
  if (link.to === 'unsubscribe')
    return page(
      200,
      'No more mails?',
      'Nothing more is sent to this address until you switch it on in the chat.',
      'Stop mails',
    );
  const many = messageOf(link);
  if (many !== undefined) return askMany(world, many);
  const alert = await findAlert(world.database.db, link.what);
  if (!alert) return page(404, 'This alert is no longer known.', '');
  if (alert.status === 'resolved')
    return page(200, `${nameOf(alert)} is over.`, 'There is nothing to acknowledge any more.');
  if (alert.status === 'acknowledged')
    return page(200, nameOf(alert), `${alert.acknowledgedBy ?? 'Somebody'} has acknowledged it already.`);
  return page(200, nameOf(alert), alert.reading.text, 'Acknowledge');
}

const mostNamed = 20;

/** Everything of one message that burns and that nobody has. */
async function askMany(world: World, messageId: number): Promise<Response> {
  const { db } = world.database;
  const ids = await unattendedIn(db, messageId, 10_000);
  if (ids.length === 0) return page(200, 'There is nothing to acknowledge any more.', '');
  const named = (await alertsNamed(db, ids.slice(0, mostNamed))).map(nameOf);
  const rest = ids.length > mostNamed ? ` and ${(ids.length - mostNamed).toLocaleString('en-US')} more` : '';
  const count = ids.length.toLocaleString('en-US');
  const title = ids.length === 1 ? 'One still burns.' : `${count} still burn.`;
  return page(
    200,
    title,
    `${named.join(', ')}${rest}`,
    ids.length === 1 ? 'Acknowledge' : `Acknowledge all ${count}`,
  );
}

async function act(world: World, link: SignedLink, now: number): Promise<Response> {
  const { db } = world.database;
  const receiver = await findReceiver(db, link.who);
  const actor = receiver && (await actorOf(world, receiver));
  if (!actor) return page(404, 'This link is no longer good.', 'The address is not known here any more.');
  const { who: receiverId, what: alertId } = link;
  if (link.to === 'unsubscribe') {
    const why = 'unsubscribed by a link in a mail';
    const done = await disableReceiver(world, actor, { receiverId, why }, now);
    return done.ok ? page(200, 'Done.', 'No more mails are sent to this address.') : refusal(done);
  }
  const messageId = messageOf(link);
  const done =
    messageId === undefined
      ? await acknowledgeAlert(world, actor, { alertId }, now)
      : await acknowledgeMany(world, actor, { messageId, receiverId }, now);
  if (!done.ok) return refusal(done);
  if ('count' in done && done.count === 0) return page(200, 'There is nothing to acknowledge any more.', '');
  return page(200, 'Acknowledged.', 'Everybody who was told sees your name there.');
}

const refusal = ({ code, text }: Refusal) => page(code === 'forbidden' ? 403 : 409, 'It was not done.', text);

/** Its owner; for a group's, whoever holds the link, named by the address: the link is good for this receiver alone. */
async function actorOf(
  { database: { db } }: World,
  { ownerId, label }: Receiver,
): Promise<Actor | undefined> {
  if (isGroup(ownerId)) return { is: 'operator', name: `${label} (by mail)` };
  const person = await findPerson(db, ownerId);
  return person && { is: 'person', personId: person.id, name: person.name, role: person.role };
}

function page(status: number, title: string, text: string, button?: string): Response {
  const form = button ? `<form method="post"><button type="submit">${button}</button></form>` : '';
  const body = `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p>${form}`;
  return smallPage(status, { title, body, may: "form-action 'self'" });
}
