// Many requests' events in one INSERT: each request whole or not at all, duplicates found, reused ids refused.
import { cleanText } from '#core/clean.ts';
import { type Database, isDataFault } from './connection.ts';
import { type EventRow, knownEvents, nameText } from './events.ts';
import { areKnown, insertEvents, insertUnknown, type Numbered } from './insert-events.ts';

/** One event's number, and whether it was there before. */
export interface TakenEvent {
  seq: number;
  duplicate: boolean;
}

/** `reused`: places in the request whose id already names another event; then nothing of the request was taken. */
export type TakenRequest = { ok: true; events: TakenEvent[] } | { ok: false; reused: number[] };

type Sql = Parameters<typeof insertEvents>[0];

/** Rolls the transaction back and says who may not try again. */
class Reused extends Error {
  readonly requests: Map<number, number[]>;
  constructor(requests: Map<number, number[]>) {
    super('an event id names another event');
    this.requests = requests;
  }
}

/**
 * Takes the requests' events. Answers in the requests' order; on return everything that was taken is committed. Throws
 * what the driver throws: then nothing was taken, except when the connection broke during the commit. `fresh`: as far as
 * one can tell nobody sent any of them before; where somebody did, the answers are the same and take longer.
 */
export async function takeEvents(
  database: Database,
  requests: EventRow[][],
  fresh = false,
): Promise<TakenRequest[]> {
  const taken = fresh && (await takeFresh(database, requests));
  if (taken) return taken;
  const refused = new Map<number, number[]>();
  requests.forEach((rows, index) => {
    const places = contradictions(rows);
    if (places.length > 0) refused.set(index, places);
  });
  for (;;) {
    const standing = [...requests.keys()].filter((index) => !refused.has(index));
    const attempt = (sql: Sql) => insert(sql, requests, standing);
    // A request of one event is whole by itself: one statement, one round trip.
    const alone = standing.every((index) => requests[index]!.length === 1);
    try {
      const taken = await (alone ? attempt(database.sql) : database.sql.begin(attempt));
      return requests.map((_, index) => taken.get(index) ?? { ok: false, reused: refused.get(index)! });
    } catch (error) {
      if (!(error instanceof Reused)) throw error;
      for (const [index, places] of error.requests) refused.set(index, places);
    }
  }
}

/** One statement for all, which is whole by itself; undefined where one of them was there before, or is there twice. */
async function takeFresh(database: Database, requests: EventRow[][]): Promise<TakenRequest[] | undefined> {
  const given = requests.flat();
  if (given.length === 0) return undefined;
  try {
    const numbers = await insertUnknown(database.sql, given);
    let place = 0;
    return requests.map((rows) => ({
      ok: true,
      events: rows.map(() => ({ seq: numbers[place++]!, duplicate: false })),
    }));
  } catch (error) {
    if (areKnown(error)) return undefined;
    throw error;
  }
}

async function insert(
  sql: Sql,
  requests: EventRow[][],
  standing: number[],
): Promise<Map<number, TakenRequest>> {
  const given = standing.flatMap((index) => requests[index]!);
  if (given.length === 0) return new Map();
  if (!haveOwnIds(given)) return insertByName(sql, requests, standing);
  const fresh = await insertEvents(sql, given);
  if (fresh.length < given.length) return settle(sql, requests, standing, numbersOf(given, fresh));
  const taken = new Map<number, TakenRequest>();
  let place = 0;
  for (const index of standing) {
    const events = requests[index]!.map((): TakenEvent => ({ seq: fresh[place++]!.seq, duplicate: false }));
    taken.set(index, { ok: true, events });
  }
  return taken;
}

/** Whether no two of the rows have one id, whatever their sources are: then no two of them are one event. */
export function haveOwnIds(rows: EventRow[]): boolean {
  return rows.length === 1 || new Set(rows.map(({ eventId }) => cleanText(eventId))).size === rows.length;
}

// What was inserted comes in the order in which it was given, with its id as the ledger keeps it.
function numbersOf(given: EventRow[], fresh: Numbered[]): Map<string, number> {
  const numbers = new Map<string, number>();
  let next = 0;
  for (const row of given)
    if (next < fresh.length && fresh[next]!.eventId === cleanText(row.eventId))
      numbers.set(nameText(row), fresh[next++]!.seq);
  return numbers;
}

async function insertByName(
  sql: Sql,
  requests: EventRow[][],
  standing: number[],
): Promise<Map<number, TakenRequest>> {
  const rows = new Map<string, EventRow>();
  for (const index of standing)
    for (const row of requests[index]!) if (!rows.has(nameText(row))) rows.set(nameText(row), row);
  const fresh = new Set((await insertEvents(sql, [...rows.values()])).map(({ seq }) => seq));
  const there = await knownEvents(sql, [...rows.values()]);
  const numbers = new Map<string, number>();
  for (const [name, { seq }] of there) if (fresh.has(seq)) numbers.set(name, seq);
  return settle(sql, requests, standing, numbers);
}

/** Which of the events are new, were known, or have an id that names another; `fresh`: the new ones' numbers by name. */
async function settle(
  sql: Sql,
  requests: EventRow[][],
  standing: number[],
  fresh: Map<string, number>,
): Promise<Map<number, TakenRequest>> {
  const rows = standing.flatMap((index) => requests[index]!);
  const known = await knownEvents(
    sql,
    rows.filter((row) => !fresh.has(nameText(row))),
  );
  const taken = new Map<number, TakenRequest>();
  const undone = new Map<number, number[]>();
  const told = new Set<string>();
  for (const index of standing) {
    const reused: number[] = [];
    const events = requests[index]!.map((row, place): TakenEvent => {
      const name = nameText(row);
      const seq = fresh.get(name);
      if (seq === undefined && known.get(name)?.bodyHash !== row.bodyHash) reused.push(place);
      const duplicate = seq === undefined || told.has(name);
      told.add(name);
      return { seq: seq ?? known.get(name)?.seq ?? 0, duplicate };
    });
    if (reused.length > 0 && events.length > 1) undone.set(index, reused);
    taken.set(index, reused.length > 0 ? { ok: false, reused } : { ok: true, events });
  }
  if (undone.size > 0) throw new Reused(undone);
  return taken;
}

/** Places whose id was used earlier in the same request for another event. */
function contradictions(rows: EventRow[]): number[] {
  if (haveOwnIds(rows)) return [];
  const hashes = new Map<string, string>();
  return rows.flatMap((row, place) => {
    const first = hashes.get(nameText(row));
    if (first === undefined) hashes.set(nameText(row), row.bodyHash);
    return first === undefined || first === row.bodyHash ? [] : [place];
  });
}

/** The places of rows that the database itself refuses, found by trying each; nothing is kept. */
export async function refusedRows(database: Database, rows: EventRow[]): Promise<number[]> {
  const refused: number[] = [];
  const undo = new Error('undo');
  try {
    await database.sql.begin(async (sql) => {
      for (const [place, row] of rows.entries()) {
        try {
          await sql.savepoint((inner) => insertEvents(inner, [row]));
        } catch (error) {
          if (!isDataFault(error)) throw error;
          refused.push(place);
        }
      }
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return refused;
}
