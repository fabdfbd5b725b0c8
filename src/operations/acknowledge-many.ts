// Acknowledge many: everything that burns for an owner, or everything on a storm board, by one press.
import type { Actor } from '#core/actor.ts';
import { stepAlert } from '#core/alert.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { commit, findAlert, unattendedOf } from '#store/alerts.ts';
import { findBoard, unattendedOn } from '#store/boards.ts';
import { findReceiver } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

const part = 200;
const most = 50_000;

/** `ownerId`: all of theirs, or what fired up to `before`; `boardId`: what stands on the board, for whoever owns its receiver. How many it were. */
export async function acknowledgeMany(
  world: World,
  actor: Actor,
  input: { ownerId: string; before?: number } | { boardId: string },
  now: number,
): Promise<Outcome<{ count: number }>> {
  const { db } = world.database;
  const board = 'boardId' in input ? await findBoard(db, input.boardId) : undefined;
  if ('boardId' in input && !board) return refuse('not-found', 'I do not know this board any more.');
  const ownerId = 'ownerId' in input ? input.ownerId : (await findReceiver(db, board!.receiverId))?.ownerId;
  if (ownerId === undefined) return refuse('not-found', 'Its receiver is gone.');
  let count = 0;
  for (let more = true; more && count < most; ) {
    const ids = board
      ? await unattendedOn(db, board, part)
      : await unattendedOf(db, ownerId, ('before' in input ? input.before : undefined) ?? now, part);
    const done = await acknowledgePart(world, actor, ownerId, ids, now);
    if (!done.ok) return count > 0 ? { ok: true, count } : done;
    count += done.count;
    // What changes nothing would be found again for ever.
    more = done.count > 0;
  }
  return { ok: true, count };
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
