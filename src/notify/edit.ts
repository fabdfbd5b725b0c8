// Brings one standing message up to date with its alert.
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { editLater, forgetMessage, type StaleCopy } from '#store/copies.ts';
import { findAlert } from '#store/find-alerts.ts';
import { addReplacement } from '#store/owed.ts';
import { moveAddress } from '#store/receivers.ts';
import type { Asks } from './asks.ts';
import type { Channel } from './channel.ts';
import { loseAddress } from './lost-address.ts';
import { pauseFor } from './pause.ts';
import type { Surroundings } from './picture.ts';
import { renderAlert } from './render.ts';

/** A new value alone changes a message at most this often. */
const cosmeticMs = 30_000;
const againMs = 2000;
/** At an address that is switched off; switching it on again looks at once. */
const awayMs = 86_400_000;

/** What the message says besides the alert; undefined where there is nothing to edit. */
export function readAround(
  world: World,
  asks: Asks,
  { alert, receiver, zone }: StaleCopy,
  now: number,
): Promise<Surroundings> | undefined {
  if (!alert || !receiver || receiver.disabled !== null) return undefined;
  const around = asks.surroundings({
    alert,
    ownerId: receiver.ownerId,
    zone: zone ?? world.defaultZone,
    now,
  });
  // Whether anybody waits for it is known later.
  around.catch(() => {});
  return around;
}

/** Edits are the same however often they are made: nothing has to be marked, nor to be on disk. */
export async function editOne(
  world: World,
  asks: Asks,
  channel: Channel,
  copy: StaleCopy,
  around: Promise<Surroundings> | undefined,
  inTime: () => boolean,
  clock: () => number,
): Promise<void> {
  const { db } = world.database;
  const began = clock();
  const { alert, receiver } = copy;
  if (!receiver || receiver.disabled !== null) return editLater(db, copy, began + awayMs);
  if (!alert || !channel.edits || copy.messageId === null)
    return asks.shown({ copy, rev: copy.wantedRev, editAfter: began });
  const zone = copy.zone ?? world.defaultZone;
  const facts = await around;
  const how = { previous: { messageId: copy.messageId }, zone, now: began, inTime };
  const message = renderAlert(alert, 'edit', { now: began, heard: true, ...facts });
  failpoint('edit.before_bytes');
  // Whoever has the address now has shown something newer, perhaps.
  if (!inTime()) return;
  const outcome = await channel.deliver(message, copy.address, how);
  failpoint('edit.after_answer');
  const now = clock();
  world.meter.count('edits', { channel: channel.name, outcome: outcome.is });
  switch (outcome.is) {
    case 'sent':
      await asks.shown({ copy, rev: alert.rev, editAfter: now + cosmeticMs });
      return failpoint('edit.after_result');
    case 'unknown':
      return editLater(db, copy, now + againMs);
    case 'retry':
      return db.transaction(async (tx) => {
        await editLater(tx, copy, now + Math.max(againMs, outcome.afterMs));
        await pauseFor(tx, world, channel, copy.address, outcome, now);
      });
    case 'moved':
      await db.transaction((tx) => moveAddress(tx, channel.name, copy.address, outcome.address));
      return;
    case 'misplaced':
    case 'gone':
      return db.transaction(async (tx) => {
        const current = await findAlert(tx, copy.alertId, true);
        await forgetMessage(tx, copy);
        if (current && (current.status === 'firing' || current.status === 'acknowledged'))
          await addReplacement(tx, copy.receiverId, current, now);
      });
    case 'refused': {
      if (!outcome.disables) {
        world.log.error({ why: outcome.why, alert: alert.id }, 'a message could not be edited');
        return forgetMessage(db, copy);
      }
      // Somebody who comes back shall not find a message that still burns.
      await editLater(db, copy, now + awayMs);
      const lost = {
        channel: channel.name,
        address: copy.address,
        why: outcome.why,
        others: [alert.ownerId],
      };
      return loseAddress(world, lost, now);
    }
  }
}
