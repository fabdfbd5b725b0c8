// An address that is gone for good: switched off, its waiting notifications ended, those concerned told elsewhere.
import type { Doorbell } from '#core/doorbell.ts';
import { tellLost } from '#operations/tell-elsewhere.ts';
import type { World } from '#operations/world.ts';
import { graveUnfinished } from '#store/elsewhere.ts';
import { endUnfinished } from '#store/fates.ts';
import { disableReceiversAt, receiversNamed } from '#store/receivers.ts';
import { fallBack } from './fall-back.ts';

/** Switches everything at the address off. Its owners, `others` and the admins hear of it where they can be reached. */
export async function loseAddress(
  world: World,
  lost: { channel: string; address: string; why: string; others: string[] },
  now: number,
): Promise<void> {
  const { channel, address, why, others } = lost;
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
    return [...elsewhere, ...(await tellLost(tx, { channel, ids, why, others }, now))];
  });
  world.log.warn({ channel, address, why }, 'an address was switched off');
  world.meter.count('addresses_lost', { channel });
  world.ring(bells);
}
