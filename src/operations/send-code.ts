// Send code: a new code to an address that waits to be confirmed; the older one is good no longer.
import { createHash } from 'node:crypto';
import { type Actor, actorRef } from '#core/actor.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { codePlace, codesAsked, findConfirmation, setConfirmation } from '#store/confirmations.ts';
import type { Tx } from '#store/connection.ts';
import { addCode } from '#store/notes.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const minute = 60_000;
const codeLasts = 30 * minute;
/** Codes go to addresses that anybody may have typed, and some cost money. */
const mostADay = 30;

/** Why a receiver that was typed is off at first. */
export const unconfirmed = 'its address is not confirmed yet';

/** Makes a code, keeps its hash, and puts it on its way, sealed until then. */
export async function sendCode(tx: Tx, world: World, receiverId: string, now: number): Promise<Doorbell[]> {
  const code = String(Buffer.from(world.chance(6)).readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
  const expiresAt = now + codeLasts;
  const hash = codeHash(receiverId, code);
  await setConfirmation(tx, { receiverId, hash, tries: 0, sentAt: now, expiresAt });
  return addCode(tx, receiverId, world.keyring.seal(code, codePlace(receiverId), world.chance(12)), now);
}

/** Why no code is sent for a person any more, whatever they add and remove; others are held to nothing. */
export async function tooManyCodes(
  tx: Tx,
  actor: Actor,
  channel: string,
  now: number,
): Promise<Refusal | undefined> {
  if (actor.is !== 'person') return undefined;
  const since = now - 24 * 60 * minute;
  if ((await codesAsked(tx, { actor: actorRef(actor), channel, since })) < mostADay) return undefined;
  return refuse('conflict', `${mostADay} codes were sent for you within 24 hours. Try again tomorrow.`);
}

/** Another code, at most one a minute. */
export function resendCode(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome> {
  return write(world, actor, 'send-code', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    if (receiver.disabled !== unconfirmed) return refuse('conflict', 'This address needs no code.');
    const last = await findConfirmation(tx, receiverId);
    if (last && now - last.sentAt < minute)
      return refuse('conflict', 'A code was sent within the last minute; look there first.');
    const limited = await tooManyCodes(tx, actor, receiver.channel, now);
    if (limited) return limited;
    return { ok: true, result: {}, target: receiverId, rings: await sendCode(tx, world, receiverId, now) };
  });
}

/** What is kept of a code. */
export function codeHash(receiverId: string, code: string): string {
  return createHash('sha256').update(`${receiverId}|${code}`).digest('hex');
}
