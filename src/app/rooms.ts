// Everything that works, wired together without a queue, a clock or a port: the same for main and for tests.
import { actionBook } from '#act/action-book.ts';
import { actWork } from '#act/worker.ts';
import { type ChatBot, createBot } from '#chat/bot.ts';
import { updatesWork } from '#chat/inbox.ts';
import { type Keep, keep } from '#chat/incoming.ts';
import type { Doorbell, Ring, Work } from '#core/doorbell.ts';
import { makeId } from '#core/id.ts';
import type { Log, Meter } from '#core/log.ts';
import { type Live, openLive } from '#dashboard/live.ts';
import { dashboardRoutes } from '#dashboard/routes.ts';
import { streamDoors, streamPaths } from '#dashboard/stream-routes.ts';
import { openBackTests } from '#evaluate/back-tests.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { evaluateWork } from '#evaluate/worker.ts';
import { openAccept } from '#ingest/accept.ts';
import { openKeyBook } from '#ingest/key-book.ts';
import { openModuleBook } from '#ingest/module-book.ts';
import { openApi } from '#ingest/openapi.ts';
import { remapKept } from '#ingest/remap.ts';
import { ingestRoutes } from '#ingest/routes.ts';
import { openScraping } from '#ingest/scraping.ts';
import { channelBook } from '#notify/channel-book.ts';
import { channelsOf, type Gateways } from '#notify/channels/index.ts';
import { templateBook } from '#notify/templates/book.ts';
import { passTimetable } from '#notify/timetable.ts';
import { notifyWork } from '#notify/worker.ts';
import type { ChannelBook } from '#operations/channel-book.ts';
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { Database } from '#store/connection.ts';
import type { Keyring } from '#store/keyring.ts';
import { type Locks, openLocks } from '#store/locks.ts';
import { addNote } from '#store/notes.ts';
import { pendingWork } from '#store/pending.ts';
import { peopleHere } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { createTelegram, type Telegram } from '#telegram/client.ts';
import { canaryChannel } from './canary.ts';

export interface RoomsDeps {
  database: Database;
  ring: Ring;
  /** Whether something waits until a lane gives way: other lanes, or a clock that was set. */
  crowded?: () => boolean;
  now: () => number;
  /** That many bytes of chance. */
  chance: (bytes: number) => Uint8Array;
  log: Log;
  meter: Meter;
  defaultZone: string;
  telegram: { token: string; apiRoot: string; perSecond?: number };
  /** Telegram ids of those who may join without an invitation. */
  owners: readonly number[];
  publicUrl: string;
  /** What the operator has set up to reach people by. */
  gateways?: Gateways;
  /** Seals contact data and secrets. */
  keyring: Keyring;
  /** For requests to addresses that people typed. */
  outbound: Outbound;
  /** How a short wait passes while Telegram asks for patience; tests let their clock jump. */
  pause?: (ms: number) => Promise<void>;
  /** How long the answer that a rule is saved may wait for what it would have told, milliseconds. */
  countMs?: number;
}

export interface Rooms {
  world: World;
  work: Work;
  bot: ChatBot;
  telegram: Telegram;
  /** Who polls, and who handles which chat. */
  chatLocks: Locks;
  /** What operations may know of the channels. */
  channels: ChannelBook;
  ingest: ReturnType<typeof ingestRoutes>;
  /** Tells the owners of this Tocsin, in their chats. */
  tellOwners(text: string, now: number): Promise<void>;
  /** Whoever follows what happens, and the routes by which they come. */
  live: Live;
  dashboard: ReturnType<typeof dashboardRoutes>;
  /** Reads ahead what the first event would have to wait for. */
  warm(): Promise<void>;
  /** Whether other processes work on the same ledger. */
  others(): Promise<boolean>;
  /** Everything that waits at this instant. */
  pending(now: number): Promise<Doorbell[]>;
  /** Commits updates as they came from Telegram, before anything else is done with them. */
  keepUpdates: Keep;
  /** The same, gone on with at once in this process. */
  takeUpdates: Keep;
  /** Resolves when no target is being asked and what was seen is in the catalogue. */
  atRest(): Promise<void>;
  /** The program begins to end: nothing begins by itself any more; resolves when what had begun has ended. */
  windDown(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the rooms; nothing runs until somebody calls the work. */
export function openRooms(deps: RoomsDeps): Rooms {
  const { database, ring, now, chance, log, meter } = deps;
  const ending = new AbortController();
  const world: World = {
    ending: ending.signal,
    database,
    ring,
    id: (prefix) => makeId(prefix, chance(20)),
    token: () => Buffer.from(chance(16)).toString('base64url'),
    chance,
    keyring: deps.keyring,
    defaultZone: deps.defaultZone,
    log,
    meter,
  };
  const telegram = createTelegram({ ...deps.telegram, log });
  const rules = { ...kindBook, checkTemplate: templateBook.check };
  // One for the process, so that all who ask share its turns.
  const backTests = openBackTests(world, now);
  const owners = (text: string, at: number) => tellOwners(world, text, at);
  const accept = openAccept(world);
  const modules = openModuleBook(deps.outbound);
  const { outbound, publicUrl } = deps;
  const told = channelsOf({
    telegram,
    perSecond: deps.telegram.perSecond,
    world,
    outbound,
    publicUrl,
    ...deps.gateways,
  });
  const channels = [...told, canaryChannel(world)];
  const book = channelBook(told);
  const bot = createBot({
    world,
    book: rules,
    backTests,
    channels: book,
    actions: actionBook,
    modules,
    templates: templateBook,
    client: telegram,
    telegram: deps.telegram,
    owners: [...deps.owners],
    publicUrl: deps.publicUrl,
    now,
    ...(deps.pause ? { pause: deps.pause } : {}),
    ...(deps.countMs === undefined ? {} : { countMs: deps.countMs }),
  });
  const ingest = ingestRoutes({
    world,
    now,
    accept,
    modules,
    actions: actionBook,
    channels: book,
    publicUrl,
    kinds: rules,
    templates: templateBook,
    backTests,
    tellOwners: owners,
    others: { paths: streamPaths(), doors: streamDoors },
  });
  const keys = openKeyBook(world);
  const live = openLive(world, now);
  const dashboard = dashboardRoutes({
    world,
    live,
    findKey: keys.find,
    now,
    secure: publicUrl.startsWith('https:'),
    url: publicUrl,
    describe: () => openApi(streamPaths()),
  });
  const scraping = openScraping({ world, accept, ask: deps.outbound, now });
  const evaluation = evaluateWork(world, owners, deps.crowded);
  const telling = notifyWork(world, channels, { clock: now });
  const chatLocks = openLocks(database);
  const talk = updatesWork(world, (update, at) => bot.handle(update, at), chatLocks, bot.foresee);
  const { evaluate, due } = evaluation;
  const { notify, deliver } = telling;
  const scrape = (_: string, at: number) => scraping.work(at);
  const remap = (source: string, at: number) => remapKept(world, accept, source, at);
  const { act } = actWork({ world, outbound, clock: now });
  const timetable = (_: string, at: number) => passTimetable(world, at);
  const work: Work = { act, evaluate, due, notify, deliver, updates: talk.updates, scrape, remap, timetable };
  return {
    world,
    work,
    bot,
    telegram,
    chatLocks,
    channels: book,
    ingest,
    tellOwners: owners,
    live,
    dashboard,
    async warm() {
      await telling.warm();
      await evaluation.warm();
    },
    others: telling.others,
    pending: (at) => pendingWork(database.db, at),
    keepUpdates: (updates, at) => keep(world, updates, at),
    takeUpdates: talk.keep,
    async atRest() {
      await scraping.idle();
      await evaluation.settle();
    },
    async windDown() {
      ending.abort();
      await Promise.all([scraping.close(), talk.idle()]);
    },
    async close() {
      ending.abort();
      await live.close();
      await scraping.close();
      await ingest.close();
      await evaluation.close();
      await telling.close();
      telegram.close();
    },
  };
}

async function tellOwners(world: World, text: string, now: number): Promise<void> {
  const { db } = world.database;
  const owners = await peopleHere(db, ['owner']);
  const receivers = await receiversOf(
    db,
    owners.map(({ id }) => id),
  );
  for (const { id, disabled, channel } of receivers)
    if (disabled === null && channel === 'telegram') world.ring(await addNote(db, id, text, 'warning', now));
}
