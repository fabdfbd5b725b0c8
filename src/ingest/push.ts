// One POST from its headers to its answer: who, how fast, what, and into the ledger.
import type { NewEvent } from '#core/event.ts';
import type { World } from '#operations/world.ts';
import type { EventRow } from '#store/events.ts';
import type { Source } from '#store/sources.ts';
import { type Accept, type Answer, bounds } from './accept.ts';
import type { Asked } from './asked.ts';
import { type Body, bodyLimits, type Form, readBody, readWhole } from './body.ts';
import { callerBy } from './caller.ts';
import { nameOf } from './foreign.ts';
import type { Around, Fault, Format } from './format.ts';
import { keep, sourceOf } from './keep.ts';
import { type Caller, hasScope, type KeyBook, keyIn, mayTouch } from './key-book.ts';
import { within } from './patience.ts';
import { type Problem, problemResponse, problems } from './problem.ts';
import { openRate, type Rate } from './rate.ts';
import { type Arrival, toRows } from './rows.ts';
import { checkSignature } from './signature.ts';
import { openStrictBook, type StrictBook } from './strict-book.ts';

export interface PushDeps {
  world: World;
  now: () => number;
  keys: KeyBook;
  accept: Accept;
  /** Tells every owner a sentence of ours. Not waited for; its failure is only noted. */
  tellOwners?: (text: string, now: number) => Promise<void>;
}

/** What is in the ledger now. */
export interface Taken {
  accepted: number;
  duplicates: number;
  events: { id: string; seq: number; duplicate: boolean }[];
  /** The situations that the events are of, one for each. */
  fingerprints: string[];
  /** When it is no event yet: the number under which the body is kept, and what is missing. */
  kept?: { id: number; missing: Fault[] };
}

/** How one API answers; ours says what was taken, others in their own words. */
export interface Tongue {
  /** The key's text, for an API that carries it in the body: looked for before the body is parsed. */
  keyInBody?(said: Buffer): string | undefined;
  taken(taken: Taken): Response;
  refused(problem: Problem): Response;
}

export interface Push {
  /** Answers a POST whose body is of this format. */
  push(request: Request, format: Format, tongue?: Tongue): Promise<Response>;
  /** The same without words. */
  take(request: Asked, format: Format): Promise<Taken | Problem>;
}

interface Door extends PushDeps {
  strict: StrictBook;
  rate: Rate;
  /** When the owners last heard that a source is not understood. */
  told: Rate;
}

const ours: Tongue = {
  taken: ({ fingerprints: _, ...taken }) => Response.json(taken, { status: 202 }),
  refused: problemResponse,
};

/** Opens the way in. */
export function openPush(deps: PushDeps): Push {
  const door: Door = { ...deps, strict: openStrictBook(deps.world), rate: openRate(), told: openRate() };
  return {
    take: (request, format) => pushOne(door, request, format, ours),
    async push(request, format, tongue = ours) {
      const answer = await pushOne(door, request, format, tongue);
      return 'accepted' in answer ? tongue.taken(answer) : tongue.refused(answer);
    },
  };
}

/** What may go into the ledger. */
interface Admitted {
  rows: EventRow[];
  /** Where in the body each of them was found. */
  at: string[];
}

async function pushOne(door: Door, request: Asked, format: Format, tongue: Tongue): Promise<Taken | Problem> {
  const soon = admitAtOnce(door, request, format, tongue) ?? admit(door, request, format, tongue);
  // A promise more for each event costs more than most of what is checked.
  const admitted = soon instanceof Promise ? await soon : soon;
  // Of all that was read only the rows are left while they wait: each collection of garbage copies what waits.
  const answer =
    'rows' in admitted ? answerOf(door, admitted, await door.accept.take(admitted.rows)) : admitted;
  if (!('accepted' in answer)) door.world.meter.count('events_refused', { code: answer.code });
  return answer;
}

/** The same as `admit` for events that are there, of a key that is known and signs nothing; undefined where it has to wait. */
function admitAtOnce(
  door: Door,
  request: Asked,
  format: Format,
  tongue: Tongue,
): Admitted | Problem | Promise<Admitted | Taken | Problem> | undefined {
  const { headers, whole } = request;
  if (whole === undefined || tongue.keyInBody || format.name !== 'native') return undefined;
  const now = door.now();
  const text = keyIn(request);
  const caller = text === undefined ? undefined : door.keys.recall(text, now, headers);
  if (!caller || caller.secrets.length > 0) return undefined;
  const unwelcome = turnedAway(door, caller, now);
  if (unwelcome) return unwelcome;
  const read = readWhole(headers, whole, format.contentTypes);
  if (!read.ok) return read.problem;
  const around = { headers: {}, query: {}, source: sourceOf(caller.source) };
  return admitBody(door, caller, format, read.body, around, undefined, now);
}

async function admit(
  door: Door,
  request: Asked,
  format: Format,
  tongue: Tongue,
): Promise<Admitted | Taken | Problem> {
  const now = door.now();
  const headers = headersOf(request, format);
  const form = formOf(format, headers);
  const early = tongue.keyInBody ? undefined : await senderBy(door, keyIn(request), now);
  if (early && !('keyId' in early)) return early;
  let caller = early;
  let delivery: string | undefined;
  // Who has no key, or cannot sign, hears nothing about what was sent.
  const unwanted = async (bytes: Buffer, said: Buffer): Promise<Problem | undefined> => {
    const sender = caller ?? (await senderBy(door, tongue.keyInBody?.(said) ?? keyIn(request), now));
    if (!('keyId' in sender)) return sender;
    caller = sender;
    if (sender.secrets.length === 0) return undefined;
    const signed = checkSignature(sender.secrets, request.headers, bytes, now);
    if (!signed.ok) return problems.unsigned(signed.why);
    delivery = signed.id;
    return undefined;
  };
  const read = await readBody(request, form, format.contentTypes, unwanted);
  if (!read.ok) return read.problem;
  const around = { headers, query: queryOf(request, format), source: sourceOf(caller!.source) };
  return admitBody(door, caller!, format, read.body, around, delivery, now);
}

/** Who may push with this key now, or the refusal. */
async function senderBy(door: Door, text: string | undefined, now: number): Promise<Caller | Problem> {
  const caller = text === undefined ? problems.unauthorized() : await callerBy(door.keys, text, now);
  return 'keyId' in caller ? (turnedAway(door, caller, now) ?? caller) : caller;
}

function turnedAway(door: Door, caller: Caller, now: number): Problem | undefined {
  if (!hasScope(caller, 'ingest'))
    return problems.forbidden('Pushing events needs a key with the scope “ingest”.');
  return tooFast(door, caller, now);
}

function admitBody(
  door: Door,
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
    door.rate.spend(caller.source, 1, now);
    return keepUnread(door, caller, body, parsed.faults, now);
  }
  const { at } = parsed;
  // A signed name of the delivery is the sender's own id where the events have none.
  const events = delivery === undefined ? parsed.events : named(parsed.events, delivery);
  door.rate.spend(caller.source, events.length, now);
  const foreign = foreignTo(caller, events, at);
  if (foreign) return foreign;
  const { world } = door;
  const arrival = { format, body, sourceId: caller.source.id, id: () => world.id('e'), receivedAt: now };
  if (door.strict.isIdle(now)) return rowsWithin(events, at, arrival);
  return strictly(door, events, at, now).then((unkept) => unkept ?? rowsWithin(events, at, arrival));
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

async function keepUnread(door: Door, caller: Caller, body: Body, faults: Fault[], now: number) {
  const kept = await keep(door.world, caller, body, faults, now);
  if ('kept' in kept) tellOfKept(door, caller.source, now);
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

function answerOf({ world }: Door, { rows, at }: Admitted, answer: Answer): Taken | Problem {
  if (answer.is !== 'taken') return refusal(answer, at);
  let duplicates = 0;
  const events = answer.events.map(({ seq, duplicate }, index) => {
    if (duplicate) duplicates++;
    return { id: rows[index]!.eventId, seq, duplicate };
  });
  world.meter.count('events_accepted', {}, rows.length - duplicates);
  if (duplicates > 0) world.meter.count('events_duplicate', {}, duplicates);
  const fingerprints = rows.map(({ fingerprint }) => fingerprint);
  return { accepted: rows.length - duplicates, duplicates, events, fingerprints };
}

/** Why nothing is taken: an event does not keep what was declared of its topic, strictly. */
async function strictly(
  { strict }: Door,
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

function refusal(answer: Exclude<Answer, { is: 'taken' }>, at: string[]): Problem {
  switch (answer.is) {
    case 'reused':
      return problems.reused(
        answer.places.map((place) => ({
          path: pathOf(at[place]!, 'id'),
          text: 'this id names another event',
        })),
      );
    case 'poison':
      return problems.invalid(
        (answer.places.length > 0 ? answer.places.map((place) => at[place]!) : ['']).map((path) => ({
          path,
          text: 'the database cannot keep what this event holds',
        })),
      );
    case 'full':
      return problems.tooFast(1, 'More events wait for the database than we hold; come again in a second.');
    case 'away':
      return problems.away();
  }
}

function tooFast(door: Door, { source }: Caller, now: number): Problem | undefined {
  const seconds = door.rate.wait(source, now);
  if (seconds === 0) return undefined;
  if (door.tellOwners && door.rate.worthTelling(source, now)) {
    const rate = source.ratePerSecond.toLocaleString('en-US');
    const text = `The source ${source.name} sends more than its ${rate} events a second; the rest was refused and it was told to slow down.`;
    door
      .tellOwners(text, now)
      .catch(() => door.world.log.warn({ source: source.id }, 'the owners could not be told'));
  }
  return problems.tooFast(
    seconds,
    `The source ${source.name} may push ${source.ratePerSecond} events a second.`,
  );
}

// Its sender is a program; somebody who can explain the fields should hear of it, too.
function tellOfKept({ tellOwners, told, world }: Door, source: Source, now: number): void {
  if (!tellOwners || !told.worthTelling(source, now)) return;
  const where = `/v1/sources/${encodeURIComponent(source.name)}/mapping`;
  const text = `The source ${source.name} sends something whose fields nobody has explained; it is kept, and nobody is told of it. PUT ${where} explains it.`;
  tellOwners(text, now).catch(() => world.log.warn({ source: source.id }, 'the owners could not be told'));
}

function named(events: NewEvent[], delivery: string): NewEvent[] {
  return events.map((event, index) =>
    event.id === undefined
      ? { ...event, id: nameOf(index === 0 ? delivery : `${delivery} ${index}`)! }
      : event,
  );
}

function placesOf<T>(items: readonly T[], test: (item: T) => boolean): number[] {
  const places: number[] = [];
  for (let place = 0; place < items.length; place++) if (test(items[place]!)) places.push(place);
  return places;
}

function pathOf(at: string, field: string): string {
  return at === '' ? field : `${at}.${field}`;
}

// Only the shelf's translators and binary CloudEvents look at headers; copying them all costs the hot path.
function headersOf(request: Asked, format: Format): Record<string, string> {
  if (format.name === 'native') return {};
  return Object.fromEntries((request as Request).headers);
}

function formOf(format: Format, headers: Record<string, string>): Form {
  if (format.text) return 'text';
  if (format.translates) return 'envelope';
  return headers['ce-specversion'] === undefined ? 'events' : 'data';
}

function queryOf(request: Asked, format: Format): Record<string, string> {
  const at = format.translates ? request.url.indexOf('?') : -1;
  if (at < 0) return {};
  const { key: _, ...query } = Object.fromEntries(new URLSearchParams(request.url.slice(at + 1)));
  return query;
}
