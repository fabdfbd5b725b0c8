// Keeps a storm board: what goes on it, its message brought up to date, and its end.
import type { Notification } from '#core/notification.ts';
import { severities } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import {
  addBoard,
  type Board,
  boardShown,
  boardTally,
  endBoard,
  growBoard,
  openBoard,
  showAgain,
  weatherAt,
} from '#store/boards.ts';
import type { Reader, Tx } from '#store/connection.ts';
import { hearOf, markOver } from '#store/copies.ts';
import { addNote, setSeverity } from '#store/notifications.ts';
import { moveAddress } from '#store/receivers.ts';
import { type BoardFacts, renderBoard, sayCalm } from './board.ts';
import type { Channel } from './channel.ts';
import type { Ground, Known } from './facts.ts';
import { pauseFor } from './pause.ts';
import type { Plan } from './plan.ts';
import { calmAfter, foldStorm, stormAt, stormSpan } from './storm.ts';

const topicsShown = 10;
/** A board changes at most so often. */
const pace = 1000;

/** What of a plan goes on the receiver's board, and the notification that shows it; undefined: calm weather. */
export async function storm(
  tx: Tx,
  world: World,
  { receiver }: Ground,
  known: Known,
  undecided: Notification[],
  { decisions, summarised }: Plan,
  now: number,
): Promise<{ folded: Set<number>; viaId: number } | undefined> {
  if (!receiver || receiver.everyChange) return undefined;
  const inSummary = new Set(summarised.map(({ id }) => id));
  const single = undecided.filter(({ id }) => !inSummary.has(id));
  const standing = await openBoard(tx, receiver.id);
  // Few and no board: nothing is asked.
  if (!standing && single.length <= 1) return undefined;
  const weather = await weatherAt(tx, receiver.id, now - stormSpan);
  const most = receiver.style.storm ?? stormAt;
  const folded = foldStorm(single, decisions, { ...weather, most, open: standing !== undefined });
  if (folded.size === 0) return undefined;
  const news = single.filter(({ id }) => folded.has(id));
  const worst = severities[Math.max(...news.map(({ severity }) => severities.indexOf(severity)))]!;
  const place = { receiverId: receiver.id, channel: receiver.channel, address: receiver.address };
  const board = standing ?? (await addBoard(tx, { id: world.id('b'), ...place }, worst, now));
  if (standing) {
    await growBoard(tx, board.id, now);
    await setSeverity(tx, board.notificationId, worst);
  }
  const begun = news
    .filter(({ kind }) => kind !== 'over')
    .map(({ alertId }) => known.alerts.get(alertId ?? ''));
  await hearOf(
    tx,
    place,
    begun.flatMap((alert) => (alert ? [{ id: alert.id, rev: alert.rev }] : [])),
    now,
  );
  const ended = news.flatMap(({ kind, alertId }) => (kind === 'over' && alertId ? [alertId] : []));
  const gone = begun.flatMap((alert) => (alert?.status === 'resolved' ? [alert.id] : []));
  await markOver(tx, receiver.id, [...ended, ...gone], now);
  return { folded, viaId: board.notificationId };
}

/** The board as it is now. */
export async function boardFacts(db: Reader, board: Board): Promise<BoardFacts> {
  const { topics, worst } = await boardTally(db, board);
  const sum = (part: 'n' | 'burning' | 'acknowledged') => topics.reduce((all, one) => all + one[part], 0);
  return {
    id: board.id,
    beganAt: board.beganAt,
    lastAt: board.lastAt,
    ended: board.endedAt !== null,
    total: sum('n'),
    burning: sum('burning'),
    acknowledged: sum('acknowledged'),
    topics: topics.slice(0, topicsShown).map(({ topic, n }): [string, number] => [topic, n]),
    others: topics.slice(topicsShown).reduce((all, { n }) => all + n, 0),
    worst,
    severity: worst[0]?.severity ?? 'info',
  };
}

/** Edits the board's message, or closes the board when it has been calm. */
export async function editBoard(
  world: World,
  channel: Channel,
  board: Board,
  ground: Ground,
  clock: () => number,
): Promise<void> {
  const { db } = world.database;
  const began = clock();
  const calm = board.endedAt === null && began - board.lastAt >= calmAfter;
  if (calm) {
    await endBoard(db, board.id, began);
    const facts = await boardFacts(db, { ...board, endedAt: began });
    world.ring(await addNote(db, board.receiverId, sayCalm(facts), 'info', began));
  }
  const wanted = calm ? board.wanted + 1 : board.wanted;
  const facts = await boardFacts(db, calm ? { ...board, endedAt: began } : board);
  const how = { previous: { messageId: board.messageId! }, zone: ground.settings.zone, now: began };
  const outcome = await channel.deliver(renderBoard(facts), board.address, how);
  const now = clock();
  world.meter.count('edits', { channel: channel.name, outcome: outcome.is });
  switch (outcome.is) {
    case 'retry':
      return db.transaction(async (tx) => {
        const editAfter = now + Math.max(pace, outcome.afterMs);
        await boardShown(tx, board.id, { wanted: board.shown, editAfter });
        await pauseFor(tx, world, channel, board.address, outcome, now);
      });
    case 'unknown':
      return boardShown(db, board.id, { wanted: board.shown, editAfter: now + 2 * pace });
    case 'moved':
      await db.transaction((tx) => moveAddress(tx, channel.name, board.address, outcome.address));
      return;
    case 'sent':
      return boardShown(db, board.id, { wanted, editAfter: now + pace });
    default:
      // Deleted by somebody. What came since must stand somewhere: the same board again, in a new message.
      return db.transaction(async (tx) => {
        await boardShown(tx, board.id, { wanted, messageId: null, editAfter: now });
        if (facts.burning > 0) await showAgain(tx, board, facts.severity, now);
        else await endBoard(tx, board.id, now);
      });
  }
}
