// Renew secret: a receiver gets a new secret; for a while everything is signed with both.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { contactOf, findReceiver, setContact } from '#store/receivers.ts';
import { seal } from './add-receiver.ts';
import type { ChannelBook, Shown } from './channel-book.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const hour = 3_600_000;

export interface RenewInput {
  receiverId: string;
  /** How long the old secret is good besides the new one: 0 to 720 hours; default 24. */
  overlapHours?: number;
}

/** `shown` has the new secret; it is shown only now. */
export async function renewSecret(
  world: World,
  book: ChannelBook,
  actor: Actor,
  { receiverId, overlapHours = 24 }: RenewInput,
  now: number,
): Promise<Outcome<{ shown: Shown; oldUntil: number }>> {
  if (!(overlapHours >= 0 && overlapHours <= 720))
    return refuse('invalid', 'The old secret can stay good for 0 to 720 hours.');
  return write(world, actor, 'renew-secret', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const renew = book.find(receiver.channel)?.contact?.renew;
    if (!renew) return refuse('conflict', 'This receiver has no secret.');
    const before = contactOf(world.keyring, receiver);
    if (!before.ok)
      return refuse('conflict', 'What is kept of it cannot be read; remove it and add it again.');
    const oldUntil = now + overlapHours * hour;
    const { contact, shown } = renew(before.contact, oldUntil, world.chance);
    await setContact(tx, receiverId, seal(world, receiverId, contact));
    return { ok: true, result: { shown, oldUntil }, target: receiverId, detail: { oldUntil } };
  });
}
