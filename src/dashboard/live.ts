// The live stream of one process: one listener on the ledger for all readers, each with a place to which it can come back.
import { mayFollow, parseCursor, type StreamCursor } from '#core/stream-cursor.ts';
import type { World } from '#operations/world.ts';
import { settleRestored } from '#store/alerts.ts';
import { type Bell, listenFor } from '#store/bell.ts';
import { burningFor } from '#store/burning.ts';
import { changesAfter, changesBell, reachDisk, type StreamedChange, snapshotNow } from '#store/changes.ts';
import { stillGood } from '#store/passes.ts';
import { kept } from '#store/retention.ts';
import { type Client, openClient } from './client.ts';
import { alertFrame, beat, changeFrame, frame } from './frames.ts';
import { type Hush, readHush } from './hush.ts';
import { sees, type Viewer, warrantOf } from './viewer.ts';

export const usual = {
  /** Readers in one process, and of one key or page. */
  most: 500,
  mostEach: 50,
  /** What may wait for a slow reader. */
  bufferBytes: 1_048_576,
  stalledMs: 30_000,
  beatMs: 15_000,
  /** How often it looks though no bell was heard, and whether keys and passes are still good. */
  lookMs: 1_000,
  page: 500,
  /** Changes read at one look; with more than that readers catch up by themselves. */
  burst: 20_000,
};

export interface Wish {
  /** `Last-Event-ID`, where the reader was. */
  after: string | undefined;
  /** Whether a new reader is first told what burns. */
  alerts: boolean;
  cut?: (() => void) | undefined;
}

export interface Live {
  /** The body of a stream; undefined when there are too many. */
  open(viewer: Viewer, wish: Wish): ReadableStream<Uint8Array> | undefined;
  /** How many read. */
  size(): number;
  /** Ends every stream in good order and takes no more. */
  close(): Promise<void>;
}

/** Opens it; nothing is asked of the ledger before the first reader comes. */
export function openLive(world: World, now: () => number, limits: Partial<typeof usual> = {}): Live {
  const { db } = world.database;
  const { most, mostEach, beatMs, lookMs, page, burst, ...buffer } = { ...usual, ...limits };
  const clients = new Set<Client>();
  let seen: string | undefined;
  let closed = false;
  let looking: Promise<void> | undefined;
  let rung = false;
  let ear: { bell: Bell; timers: NodeJS.Timeout[]; ready: Promise<void> } | undefined;

  // The work itself: what the snapshot sees now and did not before goes to everybody who is up to date.
  async function step(): Promise<void> {
    if (clients.size === 0) {
      seen = undefined;
      return;
    }
    const upto = await snapshotNow(db);
    if (upto !== seen) await reachDisk(db);
    if (seen !== undefined && upto !== seen) {
      const rows = await changesAfter(db, { seen, after: 0 }, upto, burst);
      const viewers = [...clients].map(({ viewer }) => viewer);
      publish(rows, seen, upto, await readHush(world, viewers, rows, now()));
    }
    seen = upto;
  }

  function publish(rows: StreamedChange[], from: string, upto: string, hush: Hush): void {
    const frames = new Map<string, Uint8Array>();
    const batch = { at: now(), seen: from, upto };
    const all = rows.length < burst;
    for (const client of [...clients].filter(({ live }) => live)) {
      let place = placeAfter(rows.at(-1), batch, all);
      for (const [i, row] of rows.entries()) {
        if (!sees(client.viewer, { ...row.alert, told: row.told })) continue;
        const here = placeAfter(row, batch, all && i === rows.length - 1);
        const tells = hush(client.viewer, row);
        const same = `${i} ${tells}`;
        const bytes = frames.get(same) ?? changeFrame(row, here, tells);
        frames.set(same, bytes);
        if (client.send(bytes)) continue;
        place = here;
        client.live = false;
        break;
      }
      client.at = place;
      if (!all) client.live = false;
      // Too much for it at once: it takes the rest from the ledger at its own pace.
      if (!client.live) go(client, catchUp(client, place));
    }
  }

  /** Resolves after a look that began after this call. Does not throw: the next look sees the same again. */
  function look(): Promise<void> {
    rung = true;
    looking ??= (async () => {
      try {
        while (rung && !closed) {
          rung = false;
          await step();
        }
      } catch (error) {
        world.log.warn({ err: error }, 'the stream could not read what changed');
      } finally {
        looking = undefined;
      }
    })();
    return looking;
  }

  async function follow(client: Client, wish: Wish): Promise<void> {
    await ear!.ready;
    await catchUp(client, await begin(client, wish));
  }

  /** Reads from the reader's place to the hub's, page by page; then the hub serves it. */
  async function catchUp(client: Client, from: StreamCursor): Promise<void> {
    let at = from;
    // A hub that looked after the reader's place was made is never before it.
    await look();
    while (!client.over) {
      if (at.upto === null) {
        if (seen === undefined) throw new Error('the ledger is away');
        if (seen === at.seen) break;
        at = { ...at, upto: seen, after: 0 };
      }
      if (!(await client.room())) return;
      const batch = { at: now(), seen: at.seen, upto: at.upto! };
      const rows = await changesAfter(db, at, batch.upto, page);
      const last = rows.length < page;
      const hush = await readHush(world, [client.viewer], rows, now());
      for (const [i, row] of rows.entries())
        if (sees(client.viewer, { ...row.alert, told: row.told }))
          client.send(
            changeFrame(row, placeAfter(row, batch, last && i === rows.length - 1), hush(client.viewer, row)),
          );
      at = placeAfter(rows.at(-1), batch, last);
    }
    client.at = at;
    client.live = true;
  }

  function go(client: Client, work: Promise<void>): void {
    work.catch((error) => {
      world.log.warn({ err: error }, 'a stream could not go on');
      client.end();
    });
  }

  /** Where the reader goes on; a new one, and one that was away too long, is told what burns. */
  async function begin(client: Client, { after, alerts }: Wish): Promise<StreamCursor> {
    const at = now();
    const place = after === undefined ? undefined : parseCursor(after);
    const old = place !== undefined && place.at < at - kept.alerts * 86_400_000;
    const ours = place !== undefined && mayFollow(place.upto ?? place.seen, await snapshotNow(db));
    if (place && !old && ours) return place;
    const start = await burningFor(db, client.viewer, alerts || after !== undefined);
    await reachDisk(db);
    const cursor = { at, seen: start.snapshot, upto: null, after: 0 };
    if (after !== undefined) {
      const why = old
        ? `Changes are kept for ${kept.alerts} days; some since then are gone.`
        : 'This place is not one of this ledger; changes since then may be missing.';
      client.send(frame('gap', { why }, cursor));
    }
    for (const alert of start.alerts) {
      client.send(alertFrame(alert));
      if (!(await client.room())) break;
    }
    client.send(frame('ready', { alerts: start.alerts.length, more: start.more }, cursor));
    return cursor;
  }

  function listen(): void {
    if (ear) return;
    const ready = settleRestored(db);
    // Nobody is served before it is done: the next reader tries again.
    ready.catch(stopListening);
    const timers = [setInterval(() => void tick(), lookMs), setInterval(heartbeat, beatMs)];
    ear = { bell: listenFor(world.database, changesBell, () => void look()), timers, ready };
  }

  async function stopListening(): Promise<void> {
    const was = ear;
    ear = undefined;
    for (const timer of was?.timers ?? []) clearInterval(timer);
    await was?.bell.close().catch(() => {});
  }

  async function tick(): Promise<void> {
    try {
      const all = [...clients];
      const keyIds = all.flatMap(({ viewer }) => (viewer.is === 'key' ? [viewer.keyId] : []));
      const hashes = all.flatMap(({ viewer }) => (viewer.is === 'person' ? [viewer.passHash] : []));
      const good = await stillGood(db, { keyIds: [...new Set(keyIds)], hashes: [...new Set(hashes)] }, now());
      for (const client of all) if (!good.has(warrantOf(client.viewer))) client.end();
    } catch {
      // Without the ledger nothing is sent either.
    }
    await look();
  }

  function heartbeat(): void {
    for (const client of clients)
      client.send(beat(client.live ? client.at : undefined, client.viewer.is === 'person'));
  }

  return {
    size: () => clients.size,
    open(viewer, wish) {
      const warrant = warrantOf(viewer);
      const same = [...clients].filter((client) => warrantOf(client.viewer) === warrant).length;
      if (closed || clients.size >= most || same >= mostEach) return undefined;
      const gone = (left: Client) => {
        clients.delete(left);
        world.meter.count('stream_ended');
        if (clients.size === 0) void stopListening();
      };
      const client = openClient(viewer, { ...buffer, cut: wish.cut, gone });
      clients.add(client);
      world.meter.count('stream_opened');
      listen();
      go(client, follow(client, wish));
      return client.body;
    },
    async close() {
      closed = true;
      for (const client of clients) client.end();
      await stopListening();
      await looking;
    },
  };
}

/** Behind the last change of a batch its whole snapshot is known; behind another one it is begun. */
function placeAfter(
  row: StreamedChange | undefined,
  { at, seen, upto }: { at: number; seen: string; upto: string },
  last: boolean,
): StreamCursor {
  if (last || !row) return { at, seen: upto, upto: null, after: 0 };
  return { at, seen, upto, after: row.id };
}
