// Where somebody's clock is: a city typed, or a location sent, and the zone that goes with it.
import { nearestCity, searchZones } from '#core/zones.ts';
import { setZone } from '#operations/set-zone.ts';
import { type ChatContext, whoOf } from '../context.ts';
import { lines } from '../html.ts';
import * as labels from '../locales/labels.ts';
import * as sayPlace from '../locales/place.ts';
import * as sayQuestion from '../locales/questions.ts';
import { settingsScreen } from '../settings-screens.ts';
import type { Dialogue, Shown } from './dialogue.ts';

/** `first`: part of the first contact, which goes on to the first rule. */
export interface PlaceSeed {
  first: boolean;
}

export const place: Dialogue<PlaceSeed, PlaceSeed> = {
  name: 'place',
  async begin(ctx, own) {
    return ask(ctx, own);
  },
  async answer(ctx, own, heard) {
    if (heard.is === 'place') return choose(ctx, own, nearestCity(heard.lat, heard.lon).zone);
    if (heard.is === 'press') {
      if (heard.answer === 'back') return back(ctx, own);
      return choose(ctx, own, heard.answer);
    }
    const found = searchZones(heard.text);
    if (found.length === 0) return ask(ctx, own, sayPlace.noPlace(heard.text));
    const rows = found.map(({ name, zone }) => [
      { label: sayPlace.placeLabel(name, zone, ctx.now), answer: zone },
    ]);
    const text = lines(sayPlace.placesFound(heard.text), sayPlace.whichPlace());
    return { own, screen: { text, rows: [...rows, [{ label: labels.back, answer: 'back' }]] } };
  },
};

function ask(ctx: ChatContext, own: PlaceSeed, fault?: string): Shown<PlaceSeed> {
  const text = lines(sayPlace.whichPlace(fault), ctx.group && sayQuestion.replyHere());
  return { own, screen: { text, rows: [[{ label: labels.back, answer: 'back' }]] } };
}

async function choose(ctx: ChatContext, own: PlaceSeed, zone: string): Promise<Shown<PlaceSeed>> {
  const { person, actor } = whoOf(ctx);
  const ownerId = own.first ? person.id : ctx.ownerId;
  const done = await setZone(ctx.deps.world, actor, { ownerId, zone }, ctx.now);
  if (!done.ok) return ask(ctx, own, done.text);
  if (!own.first) return { own, screen: { over: await settingsScreen(ctx) } };
  return {
    own,
    screen: {
      over: {
        text: sayPlace.clockSet(zone, ctx.now),
        rows: [
          [
            { label: sayPlace.thatsRight, action: 'first-rule' },
            { label: sayPlace.anotherPlace, action: 'place', payload: 'first' },
          ],
        ],
      },
    },
  };
}

async function back(ctx: ChatContext, own: PlaceSeed): Promise<Shown<PlaceSeed>> {
  if (!own.first) return { own, screen: { over: await settingsScreen(ctx) } };
  const { zone } = ctx.settings;
  const rows = [
    [
      { label: sayPlace.thatsRight, action: 'zone-right', payload: zone },
      { label: sayPlace.anotherPlace, action: 'place', payload: 'first' },
    ],
  ];
  return { own, screen: { over: { text: sayPlace.yourClock(zone, ctx.now), rows } } };
}
