// What a message about an alert says besides the alert itself, by one question however many are worded.
import type { Alert } from '#core/alert.ts';
import type { World } from '#operations/world.ts';
import { latest } from '#store/gathered.ts';
import { type Pictured, type Pictures, picturesIn } from '#store/pictures.ts';
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

/** Of what was read; undefined where the alert no longer exists. */
async function picturesFrom(
  world: World,
  wanted: Sitting[],
  pictures: Pictures,
): Promise<(Picture | undefined)[]> {
  const { db } = world.database;
  const drawn = wanted.flatMap((one) => {
    const found = pictures.alerts.get(one.alertId);
    return found ? [{ ...one, ...found }] : [];
  });
  const acting = await actingFor(db, drawn, pictures.actions);
  const named = new Map(
    drawn.map((one, i): [string, Picture] => [
      nameOf(one),
      { alert: one.alert, heard: pictures.heard(one), ...around(world, one, acting[i]!) },
    ]),
  );
  return wanted.map((one) => named.get(nameOf(one)));
}

/** Drawn as soon as it is read: of each for itself. */
export function drawnFrom(
  world: World,
  wanted: Sitting[],
  read: Promise<Pictures>,
): Map<Sitting, Promise<Picture | undefined>> {
  const all = read.then((found) => picturesFrom(world, wanted, found));
  return new Map(
    wanted.map((sitting, i) => {
      const own = all.then((pictured) => pictured[i]);
      // Whoever words it hears of it.
      own.catch(() => {});
      return [sitting, own];
    }),
  );
}

/** The same around alerts as they were when they were read. */
export async function surroundingsOf(world: World, shown: Shown[]): Promise<Surroundings[]> {
  const { db } = world.database;
  const pairs = shown.map(({ alert }) => ({ alertId: alert.id, receiverId: '' }));
  const pictures = await picturesIn(db, pairs, sinceOf(shown));
  const drawn = shown.map((one) => ({ ...gone, ...pictures.alerts.get(one.alert.id), ...one }));
  const acting = await actingFor(db, drawn, pictures.actions);
  return drawn.map((one, i) => around(world, one, acting[i]!));
}

/** Around an alert that was forgotten meanwhile. */
const gone = {
  occurrences: 0,
  acted: undefined,
  noted: undefined,
  closing: undefined,
  wording: { rule: undefined, wording: {}, units: {} },
};

function around(
  world: World,
  { alert, occurrences, closing, wording, zone, now }: Shown & Omit<Pictured, 'acted' | 'noted'>,
  acting: Acting,
): Surroundings {
  return {
    // Who or what closed it before its values did; nothing while it burns, and for an end of its own.
    closing: alert.status === 'resolved' && wasClosed(alert) ? closing : undefined,
    occurrences,
    words: wordsFor(world, alert, wording, zone, now),
    acting,
  };
}

/** From when on it is counted how often an alert fired. */
export function sinceOf(shown: { now: number }[]): number {
  return latest(shown) - month;
}

function nameOf({ receiverId, alertId }: Sitting): string {
  return `${receiverId} ${alertId}`;
}
