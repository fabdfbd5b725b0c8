// Invite: a token that lets one more person in, once, for a day, in one role.
import { createHash } from 'node:crypto';
import { type Actor, actorRef, type Role, roles } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { addInvitation } from '#store/invitations.ts';
import { authorise, roleOf } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** How long an invitation lasts, milliseconds. */
const invitationLasts = 86_400_000;

/** Makes an invitation; the token is shown once and only its hash is kept. Nobody invites above their own role. */
export function invite(
  world: World,
  actor: Actor,
  input: { role: Role },
  now: number,
): Promise<Outcome<{ token: string; expiresAt: number }>> {
  return write(world, actor, 'invite', now, async (tx) => {
    const refused = await authorise(tx, actor, 'invite', '');
    if (refused) return refused;
    const own = await roleOf(tx, actor);
    if (!roles.includes(input.role)) return refuse('invalid', `A role is one of ${roles.join(', ')}.`);
    if (own === undefined || roles.indexOf(input.role) > roles.indexOf(own))
      return refuse('forbidden', 'You cannot invite somebody to a higher role than your own.');
    const token = world.token();
    const hash = invitationHash(token);
    const expiresAt = now + invitationLasts;
    await addInvitation(tx, { hash, role: input.role, createdBy: actorRef(actor), expiresAt });
    const detail = { role: input.role, expiresAt };
    return { ok: true, result: { token, expiresAt }, target: `invitation:${hash.slice(0, 12)}`, detail };
  });
}

/** What is kept of a token. */
export function invitationHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
