// From a body to rows for the ledger: read, allowed to this key, as declared of their topics, and not too large.
import type { NewEvent } from '#core/event.ts';
import { bounds } from './accept.ts';
import type { Admitted, Admitting } from './admitting.ts';
import { type Body, bodyLimits } from './body.ts';
import { nameOf } from './foreign.ts';
import type { Around, Fault, Format } from './format.ts';
import { keep } from './keep.ts';
import { type Caller, mayTouch } from './key-book.ts';
import { within } from './patience.ts';
import { pathOf, placesOf } from './places.ts';
import { type Problem, problems } from './problem.ts';
import { type Arrival, toRows } from './rows.ts';
import type { Taken } from './taken.ts';
import { tellOfKept } from './telling-owners.ts';

/** `delivery`: the sender's signed name of this POST. A promise only where something has to be waited for. */
export function admitBody(
  way: Admitting,
  caller: Caller,
  format: Format,
  body: Body,
  around: Around,
  delivery: string | undefined,
  now: number,
): Admitted | Problem | Promise<Admitted | Taken | Problem> {
  const parsed = format.parse(body.json, around, now);
  if (!parsed.ok) {
    if (!format.keeps) return problems.invalid(parsed.faults);
    way.rate.spend(caller.source, 1, now);
    return keepUnread(way, caller, body, parsed.faults, now);
  }
  const { at } = parsed;
  // A signed name of the delivery is the sender's own id where the events have none.
  const events = delivery === undefined ? parsed.events : named(parsed.events, delivery);
  way.rate.spend(caller.source, events.length, now);
  const foreign = foreignTo(caller, events, at);
  if (foreign) return foreign;
  const { world } = way;
  const arrival = { format, body, sourceId: caller.source.id, id: () => world.id('e'), receivedAt: now };
  if (way.strict.isIdle(now)) return rowsWithin(events, at, arrival);
  return strictly(way, events, at, now).then((unkept) => unkept ?? rowsWithin(events, at, arrival));
}

function foreignTo(caller: Caller, events: NewEvent[], at: string[]): Problem | undefined {
  const places = placesOf(events, ({ type }) => !mayTouch(caller, type));
  if (places.length === 0) return undefined;
  const details = places.slice(0, 50).map((place) => ({
    path: pathOf(at[place]!, 'type'),
    text: `this key may not push to ${events[place]!.type}`,
  }));
  return problems.forbidden('Nothing was taken: some topics are not this key’s.', details);
}

async function keepUnread(way: Admitting, caller: Caller, body: Body, faults: Fault[], now: number) {
  const kept = await keep(way.world, caller, body, faults, now);
  if ('kept' in kept) tellOfKept(way, caller.source, now);
  return kept;
}

/** The rows, unless one is too large. */
function rowsWithin(events: NewEvent[], at: string[], arrival: Arrival): Admitted | Problem {
  const rows = toRows(events, at, arrival);
  const large = placesOf(rows, (row) => row.body.length > bodyLimits.event);
  if (large.length === 0) return { rows, at };
  const details = large.map((place) => ({ path: at[place]!, text: 'has more than 256 KB' }));
  return problems.tooLarge('An event has at most 256 KB.', details);
}

/** Why nothing is taken: an event does not keep what was declared of its topic, strictly. */
async function strictly(
  { strict }: Admitting,
  events: readonly NewEvent[],
  at: readonly string[],
  now: number,
): Promise<Problem | undefined> {
  try {
    const breaches = await within(bounds.patienceMs, strict.breaches(events, now));
    if (breaches.length === 0) return undefined;
    return problems.invalid(
      breaches.map(({ place, path, text }) => ({ path: pathOf(at[place]!, path), text })),
    );
  } catch {
    return problems.away();
  }
}

function named(events: NewEvent[], delivery: string): NewEvent[] {
  return events.map((event, index) =>
    event.id === undefined
      ? { ...event, id: nameOf(index === 0 ? delivery : `${delivery} ${index}`)! }
      : event,
  );
}
