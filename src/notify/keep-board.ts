// Keeps a storm board: what goes on it, its message brought up to date, and its end.
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Notification } from '#core/notification.ts';
import { severities } from '#core/severity.ts';
import type { World } from '#operations/world.ts';
import {
  addBoard,
  type Board,
  boardIsOver,
  boardShown,
  boardsOver,
  boardTally,
  editBoards,
  endBoard,
  growBoard,
  showAgain,
  type ToldLately,
  takeOnBoard,
} from '#store/boards.ts';
import type { Reader, Tx } from '#store/connection.ts';
import { hearOf, markOver } from '#store/copies.ts';
import { setSeverity } from '#store/fates.ts';
import { alertsNamed } from '#store/find-alerts.ts';
import { addNote } from '#store/notes.ts';
import { moveAddress } from '#store/receivers.ts';
import { type BoardFacts, renderBoard, sayAllOver, sayCalm } from './board.ts';
import type { Channel } from './channel.ts';
import type { Ground, Known } from './facts.ts';
import { pauseFor } from './pause.ts';
import type { Plan } from './plan.ts';
import { calmAfter, foldStorm, stormAt, stormSpan } from './storm.ts';

const topicsShown = 10;
/** A board changes at most so often. */
const pace = 1000;

export interface Stormed {
  /** What is told on a board: its id, and the notification that shows the board. */
  onBoard: Map<number, number>;
  /** Something is to be sent. */
  sends: boolean;
  bells: Doorbell[];
}

/** What is known of a receiver before anything is decided for it. */
export interface Sky {
  ground: Ground;
  known: Known;
  /** The board that stands there and takes what comes. */
  standing: Board | undefined;
  weather: ToldLately;
}

/** What of a plan goes on the receiver's board, or on the one before, and the notifications that show them. */
export async function storm(
  tx: Tx,
  world: World,
  { ground, known, standing, weather }: Sky,
  undecided: Notification[],
  { decisions, summarised }: Plan,
  now: number,
): Promise<Stormed> {
  const stormed: Stormed = { onBoard: new Map(), sends: false, bells: [] };
  const { receiver } = ground;
  if (!receiver || receiver.everyChange) return stormed;
  const inSummary = new Set(summarised.map(({ id }) => id));
  const passing = new Set(decisions.filter(({ verdict }) => verdict.is === 'send').map(({ id }) => id));
  const all = undecided.filter(({ id }) => !inSummary.has(id));
  const late = standing ? [] : all.filter(({ id, kind }) => kind === 'over' && passing.has(id));
  await endOnBoard(tx, ground, late, stormed, now);
  const single = all.filter(({ id }) => !stormed.onBoard.has(id));
  if (!standing && !single.some(({ id }) => passing.has(id))) return stormed;
  const most = receiver.style.storm ?? stormAt;
  const folded = foldStorm(single, decisions, { ...weather, most, open: standing !== undefined });
  if (folded.size === 0) return stormed;
  const news = single.filter(({ id }) => folded.has(id));
  const worst = severities[Math.max(...news.map(({ severity }) => severities.indexOf(severity)))]!;
  const place = { receiverId: receiver.id, channel: receiver.channel, address: receiver.address };
  const board = standing ?? (await addBoard(tx, { id: world.id('b'), ...place }, worst, now));
  if (standing) {
    await growBoard(tx, board.id, now);
    await setSeverity(tx, board.notificationId, worst);
  }
  const alertOf = ({ alertId }: Notification) => known.alerts.get(alertId ?? '');
  const begun = news.filter(({ kind }) => kind !== 'over').flatMap((one) => alertOf(one) ?? []);
  if (!standing) {
    const rules = new Set(begun.map(({ ruleId }) => ruleId));
    const taken = await takeOnBoard(tx, board, [...rules], now - stormSpan, now);
    begun.push(...(await alertsNamed(tx, taken)));
  }
  await hearOf(tx, place, begun, now);
  const ended = news.flatMap(({ kind, alertId }) => (kind === 'over' && alertId ? [alertId] : []));
  const gone = begun.flatMap(({ id, status }) => (status === 'resolved' ? [id] : []));
  const over = [...ended, ...gone].map((alertId) => ({ receiverId: receiver.id, alertId }));
  await markOver(tx, over, now);
  for (const id of folded) stormed.onBoard.set(id, board.notificationId);
  return { ...stormed, sends: true };
}

/** What was told on a board that is closed ends there by an edit; when nothing on it burns any more, one line says so. */
async function endOnBoard(
  tx: Tx,
  { receiver, settings }: Ground,
  late: Notification[],
  stormed: Stormed,
  now: number,
): Promise<void> {
  const found = await boardsOver(
    tx,
    receiver!.id,
    late.map(({ alertId }) => alertId!),
  );
  if (found.size === 0) return;
  for (const { id, alertId } of late) {
    const board = found.get(alertId!);
    if (board) stormed.onBoard.set(id, board.notificationId);
  }
  const over = [...found.keys()].map((alertId) => ({ receiverId: receiver!.id, alertId }));
  await markOver(tx, over, now);
  const touched = new Map([...found.values()].map((board) => [board.id, board]));
  await editBoards(tx, [...touched.keys()]);
  for (const board of touched.values()) {
    const facts = await boardFacts(tx, board);
    if (facts.burning > 0 || !(await boardIsOver(tx, board.id, now))) continue;
    const text = sayAllOver(facts, settings.zone, now);
    stormed.bells.push(...(await addNote(tx, board.receiverId, text, 'info', now)));
  }
  stormed.sends = true;
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
  inTime: () => boolean,
  clock: () => number,
): Promise<void> {
  const { db } = world.database;
  const began = clock();
  const calm = board.endedAt === null && began - board.lastAt >= calmAfter;
  if (calm) {
    // Together: a board that has ended is not looked at again, and its calm would never be told.
    const bells = await db.transaction(async (tx) => {
      await endBoard(tx, board.id, began);
      const facts = await boardFacts(tx, { ...board, endedAt: began });
      if (facts.burning === 0) await boardIsOver(tx, board.id, began);
      return addNote(tx, board.receiverId, sayCalm(facts), 'info', began);
    });
    world.ring(bells);
  }
  const wanted = calm ? board.wanted + 1 : board.wanted;
  const facts = await boardFacts(db, calm ? { ...board, endedAt: began } : board);
  const how = { previous: { messageId: board.messageId! }, zone: ground.settings.zone, now: began, inTime };
  failpoint('board.before_bytes');
  if (!inTime()) return;
  const outcome = await channel.deliver(renderBoard(facts), board.address, how);
  failpoint('board.after_answer');
  const now = clock();
  world.meter.count('edits', { channel: channel.name, outcome: outcome.is });
  switch (outcome.is) {
    case 'retry':
      return db.transaction(async (tx) => {
        const editAfter = now + Math.max(pace, outcome.afterMs);
        await boardShown(tx, board.id, { editAfter });
        await pauseFor(tx, world, channel, board.address, outcome, now);
      });
    case 'unknown':
      return boardShown(db, board.id, { editAfter: now + 2 * pace });
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
