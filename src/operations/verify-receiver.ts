// Verify receiver: the code that was sent to an address comes back from the person who can read it.
import { timingSafeEqual } from 'node:crypto';
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { countTry, dropConfirmation, findConfirmation } from '#store/confirmations.ts';
import { enableReceiver, findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { codeHash, unconfirmed } from './send-code.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const mostTries = 5;

/** Switches the receiver on. A wrong try counts, whoever made it. */
export async function verifyReceiver(
  world: World,
  actor: Actor,
  { receiverId, code }: { receiverId: string; code: string },
  now: number,
): Promise<Outcome<{ label: string }>> {
  const { db } = world.database;
  const receiver = await findReceiver(db, receiverId);
  if (!receiver) return refuse('not-found', 'I do not know this receiver.');
  const refused = await authorise(db, actor, 'settings', receiver.ownerId);
  if (refused) return refused;
  // In a transaction of its own: a refusal takes back what the verb wrote, and a try must stay counted.
  const tries = await db.transaction((tx) => countTry(tx, receiverId));
  return write(world, actor, 'verify-receiver', now, async (tx) => {
    if (receiver.disabled !== unconfirmed) return refuse('conflict', 'This address needs no code.');
    const sent = await findConfirmation(tx, receiverId);
    if (!sent || sent.expiresAt <= now)
      return refuse('conflict', 'This code is too old; let me send a new one.');
    if (tries > mostTries) return refuse('conflict', 'That was tried too often; let me send a new code.');
    const given = Buffer.from(codeHash(receiverId, code.replace(/\s/g, '')));
    if (!timingSafeEqual(given, Buffer.from(sent.hash))) return refuse('invalid', 'That is not the code.');
    await dropConfirmation(tx, receiverId);
    await enableReceiver(tx, receiverId);
    const rings = [{ job: 'notify' as const, id: receiverId }];
    return { ok: true, result: { label: receiver.label }, target: receiverId, rings };
  });
}
