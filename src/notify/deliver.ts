// The job `deliver`: one address, the most urgent thing first, as fast as it may be spoken to, never sleeping.
import type { Alert } from '#core/alert.ts';
import { failpoint } from '#core/failpoint.ts';
import { priority, type Verdict } from '#core/notification.ts';
import type { World } from '#operations/world.ts';
import type { Board } from '#store/boards.ts';
import type { Seen } from '#store/budgets.ts';
import type { StaleCopy } from '#store/copies.ts';
import { adoptOpenAttempts } from '#store/deliveries.ts';
import { putOff, settle } from '#store/fates.ts';
import type { Receiver } from '#store/receivers.ts';
import type { Sendable } from '#store/waiting.ts';
import type { Asks, AtAddress, Standing } from './asks.ts';
import type { Channel } from './channel.ts';
import { editOne, readAround } from './edit.ts';
import { factsOf, type Ground } from './facts.ts';
import { fallBack } from './fall-back.ts';
import { makeTopic, spotOf } from './forum.ts';
import { judge } from './gates/index.ts';
import { editBoard } from './keep-board.ts';
import { renderRetired } from './render.ts';
import { type Begun, type Going, sendOne } from './send.ts';

/** Whether it was rung for an address while it was served, after what was looked for there last. */
export interface Bell {
  rang: boolean;
}

/**
 * Serves an address whose lease we hold until nothing is left for now, the pace says later, time runs short or the program
 * ends. Whether the address is given back already.
 */
export async function serve(
  world: World,
  asks: Asks,
  channel: Channel,
  address: string,
  /** What waits there as it was claimed, or what was begun there with its claim. */
  first: AtAddress | { going: Going; begun: Begun },
  bell: Bell,
  inTime: () => boolean,
  clock: () => number,
): Promise<boolean> {
  let seen: Promise<AtAddress | undefined> | undefined;
  const tell = async (going: Going, budgets: Seen[], begun?: Begun) => {
    // What arrives is looked behind.
    bell.rang = false;
    const outcome = await sendOne(world, asks, channel, going, budgets, inTime, clock, begun);
    if (outcome?.is === 'later' || outcome?.is === 'moved') return false;
    if (outcome?.replaced)
      await retire(asks, channel, address, outcome.replaced, going.ground, inTime, clock());
    seen = outcome?.next;
    return true;
  };
  if ('begun' in first) {
    if (!(await tell(first.going, [], first.begun))) return false;
  } else if (first.leftOpen) {
    // Only at first: later ones are of whoever took the address from us.
    await adopt(world, channel, address, clock());
  } else seen = Promise.resolve(first);
  while (inTime() && !world.ending?.aborted) {
    // Asked anew for every turn: each before it may have taken seconds.
    const now = clock();
    // The same question gives the address back, if nothing waits.
    if (!seen) {
      failpoint('deliver.before_look');
      bell.rang = false;
    }
    const waiting: AtAddress | undefined = await (seen ?? asks.next({ channel: channel.name, address, now }));
    seen = undefined;
    if (!waiting) return true;
    const next = await choose(world, asks, channel, waiting, now);
    // The claim may have waited for somebody since it looked.
    if (!next && waiting === first) continue;
    if (!next) return false;
    if (next.is === 'again') continue;
    // Beside the turn, which an edit almost always gets.
    const around = next.is === 'edit' ? readAround(world, asks, next.copy, now) : undefined;
    const { budgets } = waiting;
    if (next.is === 'send') {
      if (!(await tell(next, budgets))) return false;
      continue;
    }
    if (!(await asks.turn({ channel, address, budgets, now })).ok) return false;
    if (next.is === 'board') await editBoard(world, channel, next.board, next.ground, inTime, clock);
    else if (next.is === 'edit') await editOne(world, asks, channel, next.copy, around, inTime, clock);
    else if (!(await makeTopic(world, channel, next.receiver, next.name, clock))) return false;
  }
  return false;
}

/** What a process that ended left open is of unknown fate. None is found that was ended while the address was claimed. */
async function adopt(world: World, channel: Channel, address: string, now: number): Promise<void> {
  const adopted = await adoptOpenAttempts(world.database.db, channel.name, address, now);
  if (adopted > 0) world.log.warn({ address, adopted }, 'attempts of a process that ended are unknown');
}

/** The older message points to the newer one. Only for looks: when the pace allows it, and once. */
async function retire(
  asks: Asks,
  channel: Channel,
  address: string,
  { alert, messageId }: { alert: Alert; messageId: string },
  { settings: { zone } }: Ground,
  inTime: () => boolean,
  now: number,
): Promise<void> {
  if (!channel.edits || !(await asks.turn({ channel, address, budgets: [], now })).ok) return;
  await channel.deliver(renderRetired(alert), address, { previous: { messageId }, zone, now, inTime });
}

type Next =
  | ({ is: 'send' } & Going)
  | { is: 'topic'; receiver: Receiver; name: string }
  | { is: 'edit'; copy: StaleCopy }
  | { is: 'board'; board: Board; ground: Ground }
  | { is: 'again' };

async function choose(
  world: World,
  asks: Asks,
  channel: Channel,
  { sendable, copy, board, standing }: AtAddress,
  now: number,
): Promise<Next | undefined> {
  const { db } = world.database;
  const first = sendable[0];
  // After what is urgent, before everything else: it speaks for hundreds.
  if (board && (!first || urgencyOf(first) > priority.over)) {
    const { ground } = await asks.standing({ receiverId: board.receiverId, alertId: null, now });
    return { is: 'board', board, ground };
  }
  if (copy && (!first || urgencyOfEdit(copy) < urgencyOf(first))) return { is: 'edit', copy };
  if (!first) return undefined;
  const { notification, after } = first;
  if (after) {
    const before = sendable.find((other) => other.notification.id === after.id);
    if (before) return check(world, asks, channel, before, now);
    // What it ends goes out first; its own time comes with that.
    await putOff(db, notification.id, Math.max(after.notBefore ?? 0, now + 1000));
    return { is: 'again' };
  }
  return check(world, asks, channel, first, now, standing);
}

/** Asks the gates once more: hours may have passed since they let it through. `asked`: what they may know, where it is known. */
async function check(
  world: World,
  asks: Asks,
  channel: Channel,
  sendable: Sendable,
  now: number,
  asked?: Standing,
): Promise<Next> {
  const { db } = world.database;
  const { notification } = sendable;
  const { receiverId, alertId } = notification;
  const { ground, known } = asked ?? (await asks.standing({ receiverId, alertId, now }));
  const facts = factsOf(ground, known, notification, ({ status }) => status === 'sent');
  const verdict: Verdict =
    // It only takes the place of a lost message, so “told already” must not stop it.
    notification.body === 'replacement' && facts.disabled === null && !facts.ownerLeft
      ? { is: 'send' }
      : judge(notification, facts, now);
  if (verdict.is === 'send') {
    const alert = known.alerts.get(alertId ?? '');
    const spot = await spotOf(world, channel, sendable.receiver, alert, now);
    if (spot.is !== 'make') return { is: 'send', sendable, ground, spot };
    return { is: 'topic', receiver: sendable.receiver, name: spot.name };
  }
  const { id, viaId } = notification;
  const detail = verdict.text;
  const { reason } = verdict;
  const settled = await settle(
    db,
    [
      verdict.is === 'hold'
        ? { id, viaId, status: 'held', reason, detail, notBefore: verdict.until, waiting: true }
        : { id, viaId, status: 'suppressed', reason, detail, waiting: true },
    ],
    now,
  );
  // Somebody else sent it while the address was claimed, or holds it already.
  if (settled.size === 0) return { is: 'again' };
  if (verdict.is === 'drop' && reason === 'not-at-home' && !facts.ownerLeft)
    world.ring(await db.transaction((tx) => fallBack(tx, notification, sendable.receiver, now)));
  world.meter.count('notifications_decided', {
    status: verdict.is === 'hold' ? 'held' : 'suppressed',
    reason,
  });
  return { is: 'again' };
}

function urgencyOf({ notification: { kind, severity } }: Sendable): number {
  if (kind === 'over') return priority.over;
  if (kind === 'note') return priority.note;
  return severity === 'critical' ? priority.critical : priority.normal;
}

function urgencyOfEdit({ hurried }: StaleCopy): number {
  return hurried ? priority.acknowledged : priority.cosmetic;
}
