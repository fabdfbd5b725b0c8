// What a message about an alert says besides the alert itself, in a fixed number of questions however many are worded.
import type { Alert } from '#core/alert.ts';
import type { World } from '#operations/world.ts';
import { timesFired, transitionsOf } from '#store/alerts.ts';
import type { Reader } from '#store/connection.ts';
import { copiesOf } from '#store/copies.ts';
import { alertsNamed } from '#store/notifications.ts';
import { wordingsFor } from '#store/templates.ts';
import { type Acting, actingFor } from './acting.ts';
import { month } from './render.ts';
import type { Words } from './templates/words.ts';
import { wordsFor } from './templates/words-for.ts';
import { type Closing, wasClosed } from './wording.ts';

/** An alert that is worded for somebody. */
export interface Shown {
  alert: Alert;
  ownerId: string;
  zone: string;
  now: number;
}

export interface Surroundings {
  closing: Closing | undefined;
  /** How often it fired lately. */
  occurrences: number;
  words: Words;
  acting: Acting;
}

/** For each of them. */
export async function surroundingsOf(world: World, shown: Shown[]): Promise<Surroundings[]> {
  if (shown.length === 0) return [];
  const { db } = world.database;
  const alerts = shown.map(({ alert }) => alert);
  const since = Math.max(...shown.map(({ now }) => now)) - month;
  const [times, wordings, acting, closings] = await Promise.all([
    timesFired(db, alerts, since),
    wordingsFor(db, alerts),
    actingFor(db, shown),
    Promise.all(alerts.map((alert) => closingOf(db, alert))),
  ]);
  return shown.map(({ alert, zone, now }, i) => ({
    closing: closings[i],
    occurrences: times[i]!,
    words: wordsFor(world, alert, wordings[i]!, zone, now),
    acting: acting[i]!,
  }));
}

/** Which alert, for whom. */
export interface Sitting extends Omit<Shown, 'alert'> {
  alertId: string;
  receiverId: string;
}

/** An alert as it is now, as it is worded for one receiver. */
export interface Picture extends Surroundings {
  alert: Alert;
  /** Whether the receiver has heard of it. */
  heard: boolean;
}

/** Undefined where the alert no longer exists. */
export async function picturesOf(world: World, wanted: Sitting[]): Promise<(Picture | undefined)[]> {
  const { db } = world.database;
  const [found, copies] = await Promise.all([
    alertsNamed(db, [...new Set(wanted.map(({ alertId }) => alertId))]),
    copiesOf(db, wanted),
  ]);
  const alerts = new Map(found.map((alert) => [alert.id, alert]));
  const heard = new Set(copies.map(({ receiverId, alertId }) => `${receiverId} ${alertId}`));
  const shown = wanted.flatMap((one) => {
    const alert = alerts.get(one.alertId);
    return alert ? [{ ...one, alert }] : [];
  });
  const around = new Map((await surroundingsOf(world, shown)).map((one, i) => [shown[i]!, one]));
  const pictures = new Map(
    shown.map((one) => {
      const name = `${one.receiverId} ${one.alertId}`;
      return [name, { alert: one.alert, heard: heard.has(name), ...around.get(one)! }];
    }),
  );
  return wanted.map(({ receiverId, alertId }) => pictures.get(`${receiverId} ${alertId}`));
}

/** Who or what closed it before its values did; undefined while it burns, and for an end of its own. */
async function closingOf(db: Reader, alert: Alert): Promise<Closing | undefined> {
  if (alert.status !== 'resolved' || !wasClosed(alert)) return undefined;
  return (await transitionsOf(db, alert.id)).findLast(({ to }) => to === 'resolved');
}
