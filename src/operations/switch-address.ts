// An address stops or starts to work: somebody blocked the bot, or let it speak again.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { disableReceiversAt, enableReceiversAt } from '#store/receivers.ts';
import { authorise } from './may.ts';
import { tellLost } from './tell-elsewhere.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `off` carries the reason; null switches on. */
export interface SwitchInput {
  channel: string;
  address: string;
  off: string | null;
}

/** Switches all receivers at an address off or on; `changed` says how many were not so already. */
export function switchAddress(
  world: World,
  actor: Actor,
  input: SwitchInput,
  now: number,
): Promise<Outcome<{ changed: number }>> {
  const { channel, address, off } = input;
  return write(world, actor, 'switch-address', now, async (tx) => {
    const refused = await authorise(tx, actor, 'remove', '');
    if (refused) return refused;
    const ids =
      off === null
        ? await enableReceiversAt(tx, channel, address)
        : await disableReceiversAt(tx, channel, address, off, now);
    const lost = off === null ? [] : await tellLost(tx, { channel, ids, why: off, others: [] }, now);
    const rings = [...ids.map((id) => ({ job: 'notify' as const, id })), ...lost];
    const result = { changed: ids.length };
    if (ids.length === 0) return { ok: true, result, target: '', unchanged: true };
    return { ok: true, result, target: ids.join(' '), detail: { channel, off }, rings };
  });
}
