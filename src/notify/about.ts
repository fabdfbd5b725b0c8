// What a channel is given besides the words: which notification it is, and where the place is.
import type { Notification } from '#core/notification.ts';
import type { Contact } from '#operations/channel-book.ts';
import type { World } from '#operations/world.ts';
import { transitionsOf } from '#store/alert-lists.ts';
import type { Attempt } from '#store/deliveries.ts';
import { contactOf, type Receiver } from '#store/receivers.ts';
import type { About, Channel } from './channel.ts';
import type { Composed } from './compose.ts';

/** The notification as a channel may know it. */
export async function aboutOf(
  { database }: World,
  channel: Channel,
  notification: Notification,
  { alerts }: Composed,
  attempt: Attempt,
): Promise<About> {
  const { id, kind, severity, createdAt, alertRev } = notification;
  const alert = kind === 'summary' ? null : (alerts[0] ?? null);
  const changes = channel.everyChange && alert ? await transitionsOf(database.db, alert.id) : [];
  return {
    id,
    kind,
    severity,
    createdAt,
    attempt: attempt.number,
    firstTry: attempt.firstTry,
    alert,
    open: alerts.filter(({ status }) => status === 'firing').length,
    transition: changes.find(({ rev }) => rev === alertRev) ?? null,
  };
}

type Given = { ok: true; given: { contact?: Contact } } | { ok: false; why: string };

/** What was typed for this receiver, opened; nothing where nothing is typed. */
export function openContact({ keyring, log }: World, channel: Channel, receiver: Receiver): Given {
  if (!channel.contact) return { ok: true, given: {} };
  const opened = contactOf(keyring, receiver);
  if (opened.ok) return { ok: true, given: { contact: opened.contact } };
  log.error({ receiver: receiver.id, why: opened.why }, 'a receiver’s address cannot be read');
  return { ok: false, why: 'the address cannot be read: the encryption key is missing' };
}
