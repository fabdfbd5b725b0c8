// Rename receiver: another name in lists and for rules. Several with one name are told together.
import type { Actor } from '#core/actor.ts';
import { cleanLine } from '#core/clean.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { findReceiver, receiversOf, setLabel } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `together`: how many others have this name, too; a rule that names it tells them all. */
export function renameReceiver(
  world: World,
  actor: Actor,
  { receiverId, label }: { receiverId: string; label: string },
  now: number,
): Promise<Outcome<{ label: string; together: number }>> {
  return write(world, actor, 'rename-receiver', now, async (tx) => {
    const receiver = await findReceiver(tx, receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    if (receiver.contact === null) return refuse('conflict', 'A chat has its own name.');
    const name = placeName(label);
    if (name === '') return refuse('invalid', 'A receiver needs a name of at least one letter.');
    const others = (await receiversOf(tx, [receiver.ownerId])).filter(({ id }) => id !== receiverId);
    const taken = others.find(({ id, channel }) => id === name || channel === name);
    if (taken)
      return refuse('conflict', `“${name}” already means something else in rules; take another name.`);
    const together = others.filter((one) => one.label === name).length;
    const result = { label: name, together };
    if (receiver.label === name) return { ok: true, result, target: receiverId, unchanged: true };
    await setLabel(tx, receiverId, name);
    return { ok: true, result, target: receiverId, detail: { before: receiver.label, label: name } };
  });
}

/** The name of a place: one line of at most 60 characters, none of them half. */
export function placeName(text: string): string {
  return [...cleanLine(text).replace(/\s+/g, ' ').trim()].slice(0, 60).join('');
}
