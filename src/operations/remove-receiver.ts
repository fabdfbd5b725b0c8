// Remove receiver: a place to be told at is forgotten, with what was typed for it.
import { type Actor, actorRef } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { dropConfirmation } from '#store/confirmations.ts';
import type { Tx } from '#store/connection.ts';
import { endUnfinished } from '#store/fates.ts';
import { holdNames } from '#store/locks.ts';
import { dropReceiver, findReceiver, lockReceiver, type Receiver, receiversOf } from '#store/receivers.ts';
import { rulesNaming, rulesOf, saveRule } from '#store/rules.ts';
import { atHome } from './home.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Chats cannot be removed by this: they come and go with the talk in them. */
export function removeReceiver(
  world: World,
  actor: Actor,
  { receiverId }: { receiverId: string },
  now: number,
): Promise<Outcome<{ label: string }>> {
  return write(world, actor, 'remove-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    if (receiver.contact === null)
      return refuse('conflict', 'A chat cannot be removed; block me there, or use /quiet.');
    await holdNames(
      tx,
      (await rulesNaming(tx, [receiverId])).map(({ id }) => id),
    );
    if (!(await lockReceiver(tx, receiverId))) return refuse('not-found', 'I do not know this receiver.');
    await leaveRules(tx, receiver, actorRef(actor), now);
    await endUnfinished(tx, [receiverId], 'not-at-home', 'This receiver was removed.', now);
    await dropConfirmation(tx, receiverId);
    await dropReceiver(tx, receiverId);
    const { channel, label } = receiver;
    return { ok: true, result: { label }, target: receiverId, detail: { channel } };
  });
}

/** Takes it out of its owner's rules; those that told nowhere else tell where their owner talks with us. */
async function leaveRules(tx: Tx, { id, ownerId }: Receiver, by: string, now: number): Promise<void> {
  const home = atHome(await receiversOf(tx, [ownerId])).map((one) => one.id);
  for (const { version: _version, ...rule } of await rulesOf(tx, [ownerId])) {
    const named = [...rule.to, ...(rule.pilot ?? []), ...(rule.bands ?? []).flatMap(({ to = [] }) => to)];
    if (named.includes(id)) await saveRule(tx, without(rule, id, home), by, now);
  }
}

type Form = Omit<Rule, 'version'>;

/** The rule without a receiver; `home` is told where nobody else was named. */
export function without({ pilot, bands, ...rule }: Form, id: string, home: string[]): Form {
  const others = (ids: string[] | undefined) => ids?.filter((one) => one !== id) ?? [];
  const some = (ids: string[]) => (ids.length > 0 ? ids : undefined);
  const testers = some(others(pilot));
  const hours = bands?.map(({ to, ...band }) => {
    const told = some(others(to));
    return told ? { ...band, to: told } : band;
  });
  return {
    ...rule,
    to: some(others(rule.to)) ?? (rule.to.includes(id) ? home : rule.to),
    ...(testers ? { pilot: testers } : {}),
    ...(hours ? { bands: hours } : {}),
  };
}
