// The other side said “not now”: the address waits, and the whole channel when several addresses are told so at once.
import type { DeliveryOutcome } from '#core/notification.ts';
import type { World } from '#operations/world.ts';
import { pausedAddresses, pauseUntil, slowDown, wholeChannel } from '#store/budgets.ts';
import type { Tx } from '#store/connection.ts';
import type { Channel } from './channel.ts';

const several = 3;

/** Keeps the pause that a `retry` asks for; nothing when it asks for none. */
export async function pauseFor(
  tx: Tx,
  world: World,
  channel: Channel,
  address: string,
  outcome: Extract<DeliveryOutcome, { is: 'retry' }>,
  now: number,
): Promise<void> {
  if (!outcome.pauses) return;
  const until = now + outcome.afterMs;
  world.meter.count('pauses', { channel: channel.name, of: outcome.pauses });
  if (outcome.pauses === 'channel') {
    world.log.error({ channel: channel.name, why: outcome.why }, 'the channel does not work; messages wait');
    return pauseUntil(tx, channel.name, wholeChannel, until);
  }
  await pauseUntil(tx, channel.name, address, until);
  if (outcome.pauses === 'everybody') {
    const share = await slowDown(tx, channel.name, until, now);
    world.log.warn({ channel: channel.name, share }, 'all chats together were too fast: slower from now on');
    return;
  }
  // Addresses of a channel without a limit of its own are on machines of their own.
  if (channel.whole === null) return;
  if ((await pausedAddresses(tx, channel.name, now)) >= several)
    await pauseUntil(tx, channel.name, wholeChannel, until);
}
