// Acknowledge many: everything that burns for an owner, on a storm board or in one message, by one press.
import type { Actor } from '#core/actor.ts';
import { stepAlert } from '#core/alert-life.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { unattendedIn, unattendedOf } from '#store/alert-lists.ts';
import { commit } from '#store/alerts.ts';
import { findBoard } from '#store/boards.ts';
import type { Db } from '#store/connection.ts';
import { findAlert } from '#store/find-alerts.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const part = 200;
const most = 50_000;

export type Which =
  /** All of theirs, or what fired up to `before`. */
  | { ownerId: string; before?: number }
  /** What stands on the board, for whoever owns its receiver. */
  | { boardId: string }
  /** What the message told, which went to this receiver. */
  | { messageId: number; receiverId: string };

/** How many it were. */
export async function acknowledgeMany(
  world: World,
  actor: Actor,
  which: Which,
  now: number,
): Promise<Outcome<{ count: number }>> {
  const { db } = world.database;
  const found = await look(db, which, now);
  if (!found) return refuse('not-found', 'I do not know this board any more.');
  const { next, ownerId } = found;
  if (ownerId === undefined) return refuse('not-found', 'Its receiver is gone.');
  let count = 0;
  for (let more = true; more && count < most; ) {
    const done = await acknowledgePart(world, actor, ownerId, await next(), now);
    if (!done.ok) return count > 0 ? { ok: true, count } : done;
    count += done.count;
    // What changes nothing would be found again for ever.
    more = done.count > 0;
  }
  return { ok: true, count };
}

/** Whose they are, and the next part of them. */
async function look(
  db: Db,
  which: Which,
  now: number,
): Promise<{ ownerId: string | undefined; next: () => Promise<string[]> } | undefined> {
  if ('ownerId' in which) {
    const { ownerId, before = now } = which;
    return { ownerId, next: () => unattendedOf(db, ownerId, before, part) };
  }
  if ('messageId' in which) {
    const receiver = await findReceiver(db, which.receiverId);
    return { ownerId: receiver?.ownerId, next: () => unattendedIn(db, which.messageId, part) };
  }
  const board = await findBoard(db, which.boardId);
  if (!board) return undefined;
  const receiver = await findReceiver(db, board.receiverId);
  return { ownerId: receiver?.ownerId, next: () => unattendedIn(db, board.notificationId, part) };
}

function acknowledgePart(
  world: World,
  actor: Actor,
  ownerId: string,
  ids: string[],
  now: number,
): Promise<Outcome<{ count: number }>> {
  return write<{ count: number }>(world, actor, 'acknowledge-many', now, async (tx) => {
    const refused = await authorise(tx, actor, 'act', ownerId);
    if (refused) return refused;
    const changes = [];
    for (const id of ids) {
      const alert = await findAlert(tx, id, true);
      const step = alert && stepAlert(alert, { is: 'acknowledge', by: actor }, now);
      if (step) changes.push({ step, receivers: [] });
    }
    if (changes.length === 0) return { ok: true, result: { count: 0 }, target: ownerId, unchanged: true };
    const rings = await commit(tx, changes, now);
    const detail = { alerts: changes.map(({ step }) => step.alert.id) };
    return { ok: true, result: { count: changes.length }, target: ownerId, detail, rings };
  });
}
