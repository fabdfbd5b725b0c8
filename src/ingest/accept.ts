// Group commit: requests that arrive while an INSERT is under way share the next one. No loss, whole requests.
import { failpoint } from '#core/failpoint.ts';
import type { World } from '#operations/world.ts';
import { hasNoRoom, isCollision } from '#store/collisions.ts';
import { isDataFault, sqlState } from '#store/connection.ts';
import { type EventRow, laneOf, nameText } from '#store/events.ts';
import {
  haveOwnIds,
  refusedRows,
  type TakenEvent,
  type TakenRequest,
  takeEvents,
} from '#store/take-events.ts';
import { openCrowd } from './crowd.ts';

export type Answer =
  | { is: 'taken'; events: TakenEvent[] }
  /** Places in the request. */
  | { is: 'reused'; places: number[] }
  | { is: 'poison'; places: number[] }
  | { is: 'full' }
  | { is: 'away' };

export interface Accept {
  /** Answers after the commit; never throws. At least one row. */
  take(rows: EventRow[]): Promise<Answer>;
  /** Takes no more, and waits until everything that was taken is answered. */
  close(): Promise<void>;
}

export const bounds = {
  rows: 500,
  bytes: 4 << 20,
  queuedRows: 5_000,
  queuedBytes: 32 << 20,
  patienceMs: 5_000,
};

/** Who sends again what was taken does so more than once. */
const carefulFor = 200;

interface Request {
  rows: EventRow[];
  bytes: number;
  answer(answer: Answer): void;
}

/** Where the batches go. */
interface Ledger {
  world: World;
  /** For so many batches more, events may well be known: one lately was. */
  careful: number;
}

/** Opens the door to the ledger. One per process. */
export function openAccept(world: World, limits = bounds): Accept {
  const queue: Request[] = [];
  let [queuedRows, queuedBytes, closed] = [0, 0, false];
  // One at a time, which keeps the order; two beside each other write half as much at once and more often.
  let underWay: Promise<void> | undefined;
  const ledger: Ledger = { world, careful: 0 };
  const crowd = openCrowd(() => dispatch());

  const take = (rows: EventRow[]): Promise<Answer> => {
    const bytes = rows.reduce((sum, row) => sum + row.body.length + (row.raw?.length ?? 0) + 500, 0);
    if (closed) return Promise.resolve({ is: 'away' });
    if (queuedRows + rows.length > limits.queuedRows || queuedBytes + bytes > limits.queuedBytes)
      return Promise.resolve({ is: 'full' });
    return new Promise((answer) => {
      queue.push({ rows, bytes, answer });
      queuedRows += rows.length;
      queuedBytes += bytes;
      dispatch();
    });
  };

  function dispatch(): void {
    if (underWay || queue.length === 0) return;
    if (queuedRows < limits.rows && crowd.isComing(queue.length) && !closed) return;
    const batch = nextBatch();
    const began = performance.now();
    underWay = patiently(ledger, batch, limits.patienceMs).then(() => {
      underWay = undefined;
      crowd.answered(batch.length, queue.length, performance.now() - began);
      dispatch();
    });
  }

  // The oldest request, and those after it that fit in.
  function nextBatch(): Request[] {
    let [count, rows, bytes] = [0, 0, 0];
    for (const request of queue) {
      const fits = rows + request.rows.length <= limits.rows && bytes + request.bytes <= limits.bytes;
      if (count > 0 && !fits) break;
      count++;
      rows += request.rows.length;
      bytes += request.bytes;
    }
    queuedRows -= rows;
    queuedBytes -= bytes;
    return queue.splice(0, count);
  }

  return {
    take,
    async close() {
      closed = true;
      dispatch();
      while (underWay) await underWay;
    },
  };
}

// A database that does not answer must not hold its callers: they are told to come again, their ids make that safe.
async function patiently(ledger: Ledger, requests: Request[], patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      for (const request of requests) request.answer({ is: 'away' });
      ledger.world.log.error(
        { requests: requests.length },
        'the database does not answer; events were refused',
      );
      resolve();
    }, patienceMs);
  });
  await Promise.race([flush(ledger, requests), patience]);
  clearTimeout(timer);
}

async function flush(ledger: Ledger, requests: Request[]): Promise<void> {
  const { now, later } = withoutQuarrels(requests);
  await attempt(ledger, now, 1);
  if (later.length > 0) await flush(ledger, later);
}

async function attempt(ledger: Ledger, requests: Request[], count: number): Promise<void> {
  const { world } = ledger;
  failpoint('ingest.before_commit');
  try {
    const taken = await takeEvents(
      world.database,
      requests.map(({ rows }) => rows),
      ledger.careful === 0,
    );
    ledger.careful = taken.some(wasKnown) ? carefulFor : Math.max(0, ledger.careful - 1);
    failpoint('ingest.after_commit');
    world.meter.count('ingest_flushes');
    ring(world, requests, taken);
    taken.forEach((request, index) => {
      requests[index]!.answer(
        request.ok ? { is: 'taken', events: request.events } : { is: 'reused', places: request.reused },
      );
    });
    failpoint('ingest.after_answer');
  } catch (error) {
    await afterFailure(ledger, requests, error, count);
  }
}

async function afterFailure(
  ledger: Ledger,
  requests: Request[],
  error: unknown,
  count: number,
): Promise<void> {
  const { world } = ledger;
  if ((isCollision(error) || hasNoRoom(error)) && count < 5) {
    await new Promise((resolve) => setTimeout(resolve, count * 20));
    return attempt(ledger, requests, count + 1);
  }
  if (!isDataFault(error)) {
    world.log.error(
      { code: sqlState(error) ?? 'none' },
      'events could not be written; their senders were told to come again',
    );
    for (const request of requests) request.answer({ is: 'away' });
    return;
  }
  if (requests.length > 1) {
    // One of them is poison: halve until it stands alone, so that the others go through.
    const half = Math.ceil(requests.length / 2);
    await attempt(ledger, requests.slice(0, half), 1);
    await attempt(ledger, requests.slice(half), 1);
    return;
  }
  const [request] = requests;
  const places = await refusedRows(world.database, request!.rows).catch(() => []);
  world.log.warn({ code: sqlState(error) ?? 'none' }, 'the database refused an event for what it holds');
  request!.answer({ is: 'poison', places });
}

function wasKnown(request: TakenRequest): boolean {
  return !request.ok || request.events.some(({ duplicate }) => duplicate);
}

// Two requests that give one id to different events never share an INSERT: who came first is settled before.
function withoutQuarrels(requests: Request[]): { now: Request[]; later: Request[] } {
  if (haveOwnIds(requests.flatMap(({ rows }) => rows))) return { now: requests, later: [] };
  const hashes = new Map<string, string>();
  const now: Request[] = [];
  const later: Request[] = [];
  for (const request of requests) {
    const names = request.rows.map((row) => [nameText(row), row.bodyHash] as const);
    if (names.some(([name, hash]) => (hashes.get(name) ?? hash) !== hash)) {
      later.push(request);
      continue;
    }
    for (const [name, hash] of names) hashes.set(name, hash);
    now.push(request);
  }
  return { now, later };
}

// Also for duplicates: the sender may be trying again because we died before the first doorbell.
function ring(world: World, requests: Request[], taken: TakenRequest[]): void {
  const rung = new Set<number>();
  requests.forEach(({ rows }, index) => {
    if (taken[index]!.ok) for (const row of rows) rung.add(laneOf(row.fingerprint));
  });
  world.ring([...rung].map((lane) => ({ job: 'evaluate', id: String(lane) })));
}
