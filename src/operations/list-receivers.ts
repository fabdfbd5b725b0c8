// List receivers: where somebody, or everybody, is told, and whether that works. What was typed is never shown.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import { allReceivers, type Receiver, receiversOf, untriedOf } from '#store/receivers.ts';
import { authorise, roleOf } from './may.ts';
import { unconfirmed } from './send-code.ts';
import type { World } from './world.ts';

/** `untried`: its first message is still on its way. `waits`: for its code. `failing`: tried again and again. `off`: switched off, `disabled` says why. */
export type ReceiverState = 'works' | 'untried' | 'waits' | 'failing' | 'off';

export interface ListedReceiver
  extends Pick<
    Receiver,
    'id' | 'ownerId' | 'channel' | 'label' | 'disabled' | 'failures' | 'failingSince' | 'createdAt'
  > {
  state: ReceiverState;
}

/** The receivers of one owner, or without one of all, for admins. */
export async function listReceivers(
  world: World,
  actor: Actor,
  { ownerId }: { ownerId?: string },
): Promise<Outcome<{ receivers: ListedReceiver[] }>> {
  const { db } = world.database;
  if (ownerId === undefined) {
    const role = await roleOf(db, actor);
    if (role !== 'admin' && role !== 'owner')
      return refuse('forbidden', 'Only admins can see everybody’s receivers.');
  } else {
    const refused = await authorise(db, actor, 'settings', ownerId);
    if (refused) return refused;
  }
  const found = ownerId === undefined ? await allReceivers(db) : await receiversOf(db, [ownerId]);
  const shown = found.filter((one) => one.ownerId !== house);
  const added = shown.filter(({ contact }) => contact !== null).map(({ id }) => id);
  const untried = await untriedOf(db, added);
  return { ok: true, receivers: shown.map((one) => listed(one, untried)) };
}

function listed(receiver: Receiver, untried: ReadonlySet<string>): ListedReceiver {
  const { id, ownerId, channel, label, disabled, failures, failingSince, createdAt } = receiver;
  const state =
    disabled === unconfirmed
      ? 'waits'
      : disabled !== null
        ? 'off'
        : failures > 0
          ? 'failing'
          : untried.has(id)
            ? 'untried'
            : 'works';
  return { id, ownerId, channel, label, disabled, failures, failingSince, createdAt, state };
}
