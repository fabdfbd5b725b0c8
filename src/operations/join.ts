// Join: a Telegram account becomes a person, by an invitation or because the operator named it an owner.
import { type Actor, type Role, roles } from '#core/actor.ts';
import { cleanText } from '#core/clean.ts';
import { sayDuration } from '#core/duration.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Tx } from '#store/connection.ts';
import { findInvitation, takeInvitation } from '#store/invitations.ts';
import { holdName } from '#store/locks.ts';
import { findPerson, findPersonByTelegram, type Person, savePerson } from '#store/people.ts';
import { addReceiver, offByHand, receiversOf } from '#store/receivers.ts';
import { beingErased, eraseNow } from './erase-person.ts';
import { invitationHash } from './invite.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface JoinInput {
  telegramId: number;
  name: string;
  username?: string | undefined;
  /** The private chat in which they wrote. */
  chatId: number;
  /** From the deep link, as it came. */
  token?: string | undefined;
  /** `OWNER_IDS`: Telegram ids that are owners without an invitation. */
  owners: readonly number[];
}

/** `new` to here, `back` after having left, or `known` already (then only their address is brought up to date; one that they switched off by hand stays off). */
export type Joined = { person: Person; how: 'new' | 'back' | 'known' };

/**
 * Lets somebody in. There is no actor yet: whoever comes is taken by their Telegram id and what they bring. Strangers
 * leave no trace. A person who is here is never lowered, and raised only by an invitation to a higher role.
 */
export function join(world: World, input: JoinInput, now: number): Promise<Outcome<Joined>> {
  const nobody: Actor = { is: 'clock' };
  return write(world, nobody, 'join', now, async (tx) => {
    await holdName(tx, `telegram:${input.telegramId}`);
    const known = await findPersonByTelegram(tx, input.telegramId);
    const erasing = known && known.leftAt !== null && (await beingErased(tx, known.id));
    const before = erasing ? undefined : known;
    const here = before !== undefined && before.leftAt === null;
    const personId = before?.id ?? world.id('p');
    const right = await rightOf(tx, input, personId, here ? before.role : undefined, now);
    if ('ok' in right) return right;
    if (erasing) await eraseNow(world, tx, known);
    const person = await savePerson(tx, {
      id: personId,
      telegramId: input.telegramId,
      name: nameOf(input),
      username: input.username ?? null,
      role: right.role,
      zone: before?.zone ?? null,
      morning: before?.morning ?? 540,
      quiet: before?.quiet ?? null,
      createdAt: before?.createdAt ?? now,
      leftAt: null,
    });
    const address = String(input.chatId);
    const chat = { ownerId: person.id, channel: 'telegram', address, label: 'Telegram' };
    const own = here ? await receiversOf(tx, [person.id]) : [];
    const silent = own.some(
      (one) => one.address === address && one.topic === '' && one.disabled === offByHand,
    );
    if (!silent) await addReceiver(tx, { ...chat, id: world.id('v'), createdAt: now });
    const how = here ? 'known' : before ? 'back' : 'new';
    const actor: Actor = { is: 'person', personId: person.id, name: person.name, role: person.role };
    const detail = { role: person.role, how, by: right.by };
    const unchanged = here && before.role === person.role;
    return {
      ok: true,
      result: { person, how },
      target: person.id,
      actor,
      detail,
      ...(unchanged ? { unchanged } : {}),
    };
  });
}

async function rightOf(tx: Tx, input: JoinInput, personId: string, role: Role | undefined, now: number) {
  if (input.owners.includes(input.telegramId)) return { role: 'owner' as Role, by: 'OWNER_IDS' };
  if (input.token === undefined)
    return role
      ? { role, by: null }
      : refuse('forbidden', 'I only talk to people who were invited. Ask somebody who uses me for a link.');
  const hash = invitationHash(input.token);
  const offered = await findInvitation(tx, hash);
  // Somebody who is here keeps the link usable for another unless it would raise them.
  if (role && (!offered || roles.indexOf(offered.role) <= roles.indexOf(role))) return { role, by: null };
  const standing = offered && (await inviterStands(tx, offered.createdBy, offered.role));
  const taken = standing ? await takeInvitation(tx, hash, `person:${personId}`, now) : undefined;
  if (taken) return { role: taken.role, by: taken.createdBy };
  if (role) return { role, by: null };
  if (offered && offered.usedAt !== null)
    return refuse('conflict', 'This invitation has been used already. Ask for a new one.');
  if (offered && offered.expiresAt <= now)
    return refuse(
      'conflict',
      `This invitation ended ${sayDuration(now - offered.expiresAt)} ago. Ask for a new one.`,
    );
  return refuse('forbidden', 'This invitation is not valid. Ask somebody who uses me for a new one.');
}

/** An invitation is worth what its maker may still give: somebody who has left or was lowered lets nobody in. */
async function inviterStands(tx: Tx, createdBy: string, role: Role): Promise<boolean> {
  if (!createdBy.startsWith('person:')) return true;
  const maker = await findPerson(tx, createdBy.slice('person:'.length));
  return (
    maker !== undefined &&
    maker.leftAt === null &&
    maker.role !== 'member' &&
    roles.indexOf(maker.role) >= roles.indexOf(role)
  );
}

function nameOf({ name, username }: JoinInput): string {
  const clean = [...cleanText(name).replace(/\s+/g, ' ').trim()].slice(0, 64).join('');
  return clean === '' ? (username ?? 'Somebody') : clean;
}
