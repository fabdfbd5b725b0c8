// Puts a notification into words, from what is true at this moment.
import type { Alert } from '#core/alert.ts';
import { sayInstant } from '#core/hours.ts';
import type { Notification } from '#core/notification.ts';
import type { World } from '#operations/world.ts';
import { boardOf } from '#store/boards.ts';
import { codePlace } from '#store/confirmations.ts';
import { alertsNamed } from '#store/find-alerts.ts';
import { notificationsNamed } from '#store/notifications.ts';
import { replacement } from '#store/owed.ts';
import { mustOpen } from '#store/secrets.ts';
import { renderBoard } from './board.ts';
import { composeBroadcast } from './broadcast-words.ts';
import type { Told } from './channel.ts';
import { composeDigest } from './digest.ts';
import type { Ground } from './facts.ts';
import { boardFacts } from './keep-board.ts';
import type { Picture } from './picture.ts';
import { renderAlert, renderNote } from './render.ts';
import { renderSummary, type SummaryItem } from './summary.ts';

/** The words, and the alerts as they were worded. */
export interface Composed {
  message: Told;
  alerts: Alert[];
  /** What somebody should know of how it was worded. */
  note?: string;
}

/** Reads and words it, `drawn` as what it is about is; undefined when that no longer exists. */
export async function compose(
  world: World,
  notification: Notification,
  ground: Ground,
  firstTry: number | null,
  drawn: Promise<Picture | undefined> | undefined,
  now: number,
): Promise<Composed | undefined> {
  const { db } = world.database;
  const mark = firstTry === null ? null : markOf(firstTry, ground.settings.zone, now);
  if (notification.kind === 'code' || notification.kind === 'test') {
    const text = await aboutItself(world, notification, ground);
    return { message: renderNote(text, 'info', { silent: false, mark }), alerts: [] };
  }
  if (notification.kind === 'note') {
    const silent = ground.quietEnd !== undefined;
    return {
      message: renderNote(notification.body ?? '', notification.severity, {
        silent,
        mark,
        ...(notification.viaId === null ? {} : { again: notification.viaId }),
      }),
      alerts: [],
    };
  }
  if (notification.kind === 'board') {
    const board = await boardOf(db, notification.viaId ?? notification.id);
    return board && { message: renderBoard(await boardFacts(db, board), mark), alerts: [] };
  }
  if (notification.kind === 'broadcast') {
    const message = await composeBroadcast(db, notification, mark);
    return message && { message, alerts: [] };
  }
  if (notification.kind === 'digest') {
    const silent = ground.quietEnd !== undefined;
    return { message: await composeDigest(db, notification, { silent, mark }), alerts: [] };
  }
  if (notification.kind === 'summary') {
    const items = await summaryItems(world, notification);
    const facts = { now, mark, severity: notification.severity, why: notification.detail };
    return items.length === 0
      ? undefined
      : { message: renderSummary(items, facts), alerts: items.map(({ alert }) => alert) };
  }
  const silent = notification.body === replacement;
  const picture = await drawn;
  if (!picture) return undefined;
  const { alert, ...facts } = picture;
  const { fault } = facts.words;
  return {
    message: renderAlert(alert, notification.kind, { now, mark, silent, ...facts }),
    alerts: [alert],
    ...(fault === undefined ? {} : { note: fault }),
  };
}

async function summaryItems(world: World, summary: Notification): Promise<SummaryItem[]> {
  const { db } = world.database;
  const told = await notificationsNamed(db, JSON.parse(summary.body ?? '[]') as number[]);
  const ids = told.map(({ alertId }) => alertId).filter((id): id is string => id !== null);
  const alerts = new Map((await alertsNamed(db, ids)).map((alert) => [alert.id, alert]));
  const items = new Map<string, SummaryItem>();
  for (const { kind, alertId } of told) {
    const alert = alerts.get(alertId ?? '');
    if (alert) items.set(alert.id, { kind, alert, heard: kind === 'over' });
  }
  return [...items.values()];
}

/** “possible repeat, first try 14:02:11”. */
function markOf(firstTry: number, zone: string, now: number): string {
  // Every zone of today is whole minutes away from UTC.
  const seconds = String(Math.floor(firstTry / 1000) % 60).padStart(2, '0');
  return `possible repeat, first try ${sayInstant(firstTry, zone, now)}:${seconds}`;
}

/** A code to confirm the place with, or a sentence to see that it works. */
async function aboutItself(
  world: World,
  { kind, body }: Notification,
  { receiver }: Ground,
): Promise<string> {
  if (kind === 'test')
    return `This is a test for ${receiver?.label ?? 'this receiver'}. Alerts will look like this.`;
  const code = mustOpen(world.keyring, body ?? '', codePlace(receiver?.id ?? ''));
  return (
    `${code} is the code to confirm that alerts of Tocsin may be sent here. It is good for 30 minutes.\n` +
    'If you did not ask for it, do nothing: without it nothing is sent.'
  );
}
