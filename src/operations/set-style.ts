// The style of a receiver: its hours, what is gathered, how much at most.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { type Style, styleDocument } from '#core/style.ts';
import { judgeAgain } from '#store/fates.ts';
import { findReceiver, saveStyle } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { Fault } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export type StyleOutcome = Outcome<{ style: Style }> & { faults?: Fault[] };

/** Sets how a receiver is told, from a document (`core/style.ts`); what was held by the old style is judged anew. */
export function setStyle(
  world: World,
  actor: Actor,
  input: { receiverId: string; document: unknown },
  now: number,
): Promise<StyleOutcome> {
  return write(world, actor, 'set-style', now, async (tx) => {
    const receiver = await findReceiver(tx, input.receiverId);
    if (!receiver) return refuse('not-found', 'I do not know this receiver.');
    const refused = await authorise(tx, actor, 'settings', receiver.ownerId);
    if (refused) return refused;
    const read = styleDocument.safeParse(input.document);
    if (!read.success) {
      const faults = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), text: message }));
      const text = faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('; ');
      return { ...refuse('invalid', `${text}.`), faults };
    }
    await saveStyle(tx, receiver.id, read.data);
    const rings = await judgeAgain(tx, [receiver.id], now);
    const detail = JSON.parse(JSON.stringify(read.data));
    return { ok: true, result: { style: read.data }, target: receiver.id, detail, rings };
  });
}
