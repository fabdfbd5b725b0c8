// An address that is gone for good: switched off, its waiting notifications ended, those concerned told elsewhere.
import type { Doorbell } from '#core/doorbell.ts';
import type { World } from '#operations/world.ts';
import { graveUnfinished } from '#store/elsewhere.ts';
import { addNote, endUnfinished } from '#store/notifications.ts';
import { peopleHere } from '#store/people.ts';
import { disableReceiversAt, receiversNamed, receiversOf } from '#store/receivers.ts';
import { fallBack } from './fall-back.ts';
import { readable } from './readable.ts';

/** Switches everything at the address off. Its owners, `others` and the admins hear of it where they can be reached. */
export async function loseAddress(
  world: World,
  lost: { channel: string; address: string; why: string; others: string[] },
  now: number,
): Promise<void> {
  const { channel, address, why } = lost;
  const bells = await world.database.db.transaction(async (tx) => {
    const ids = await disableReceiversAt(tx, channel, address, why, now);
    const grave = await graveUnfinished(tx, ids);
    await endUnfinished(tx, ids, 'not-at-home', `This receiver is switched off: ${why}.`, now);
    const off = await receiversNamed(tx, ids);
    if (off.length === 0) return [];
    const elsewhere: Doorbell[] = [];
    for (const one of grave) {
      const receiver = off.find(({ id }) => id === one.receiverId);
      if (receiver) elsewhere.push(...(await fallBack(tx, one, receiver, now)));
    }
    const text = `I can no longer reach ${off[0]!.label} on ${channel}: ${why}. Nothing more is told there until it is switched on again.`;
    const owners = [...off.map(({ ownerId }) => ownerId), ...lost.others];
    return [...elsewhere, ...(await tell(tx, owners, text, now))];
  });
  world.log.warn({ channel, address, why }, 'an address was switched off');
  world.meter.count('addresses_lost', { channel });
  world.ring(bells);
}

/** One sentence for each of these owners and every admin, at the first place where they can be reached. */
export async function tell(
  tx: Parameters<typeof addNote>[0],
  ownerIds: string[],
  text: string,
  now: number,
  /** `not`: a receiver that does not work; `again`: a notification that can be tried again. */
  about: { not?: string; again?: number } = {},
): Promise<Doorbell[]> {
  const admins = await peopleHere(tx, ['admin', 'owner']);
  const told = new Set([...ownerIds, ...admins.map(({ id }) => id)]);
  const bells: Doorbell[] = [];
  for (const ownerId of told) {
    const place = readable(await receiversOf(tx, [ownerId])).find(({ id }) => id !== about.not);
    if (place) bells.push(...(await addNote(tx, place.id, text, 'warning', now, about.again)));
  }
  return bells;
}
