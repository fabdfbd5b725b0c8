// Tells those who took rules from a pack that it has changed.
import type { Doorbell } from '#core/doorbell.ts';
import type { Pack } from '#core/pack.ts';
import type { Tx } from '#store/connection.ts';
import { addNote } from '#store/notes.ts';
import { takersOf } from '#store/packs.ts';
import { receiversOf } from '#store/receivers.ts';

/** One note to each owner who has rules of an older version; the doorbells to ring. */
export async function tellTakers(tx: Tx, pack: Pack, now: number): Promise<Doorbell[]> {
  const rings: Doorbell[] = [];
  for (const ownerId of await takersOf(tx, pack.id)) {
    if (ownerId === pack.ownerId) continue;
    const [first] = (await receiversOf(tx, [ownerId])).filter(({ disabled }) => disabled === null);
    if (!first) continue;
    const text = `“${pack.title}”, from which you have a rule, has changed. Yours stays as it is; /rules shows the difference.`;
    rings.push(...(await addNote(tx, first.id, text, 'info', now)));
  }
  return rings;
}
