// The whole program, put together by its roles: opens the floors, starts the work, and stops it without losing any.
import type { Ring } from '#core/doorbell.ts';
import { StartRefused } from '#core/start-refused.ts';
import { openOutbound } from '#outbound/fetch.ts';
import { answerNearby, type Nearby } from '#queue/nearby.ts';
import { openQueue } from '#queue/queue.ts';
import { openLocks } from '#store/locks.ts';
import { afterAbsence } from './app/away-time.ts';
import { afterSetBack } from './app/clock-jumps.ts';
import { openClosing } from './app/closing.ts';
import { readyDataFolder } from './app/data-folder.ts';
import { type Ledger, openLedger, openMessenger } from './app/embedded.ts';
import { openFirstKey } from './app/first-key.ts';
import { showGauges } from './app/gauges.ts';
import { readHealth } from './app/health.ts';
import { hearTelegram } from './app/hear-telegram.ts';
import { whoAmI } from './app/introduce.ts';
import { judgedWork } from './app/judged-work.ts';
import { startLeading } from './app/leading.ts';
import { noticesAbout } from './app/notices.ts';
import { openHttp } from './app/open-http.ts';
import { openStore } from './app/open-store.ts';
import { heartbeatAge } from './app/outside-heartbeat.ts';
import { openRooms } from './app/rooms.ts';
import { removeRunFile, writeRunFile } from './app/run-file.ts';
import type { StartFacts } from './app/start-screen.ts';
import type { Starting } from './app/starting.ts';
import { claimBot } from './app/whose-ledger.ts';
import type { Role } from './config/running.ts';
import type { Config } from './config.ts';

export type AppDeps = Pick<Starting, 'now' | 'chance' | 'log' | 'metrics' | 'pid'>;

export interface App {
  facts: Omit<StartFacts, 'seconds'>;
  /** Resolves with a sentence when the program cannot go on (the embedded database ended). Never rejects. */
  lost: Promise<string>;
  /** Stops taking work, lets what runs come to an end, stops every child; all of it within `graceMs`. Safe to call twice. */
  stop(graceMs?: number): Promise<void>;
}

/**
 * As long as most who end programs wait before they kill them (Docker among them). No attempt takes longer than its share,
 * but beside an embedded database: one that is cut off there comes again marked.
 */
const stopMs = 10_000;
const elapsed = () => performance.now();

/**
 * Starts everything this process's roles need. Throws with a readable sentence, after stopping what had begun; so it does when
 * the start is given up before it is done.
 */
export async function startApp(config: Config, deps: AppDeps, givenUp?: AbortSignal): Promise<App> {
  const closing = openClosing(deps.log, elapsed);
  const never = new Promise<never>((_, reject) =>
    givenUp?.addEventListener('abort', () => reject(new StartRefused('It was stopped before it was ready.'))),
  );
  never.catch(() => {});
  try {
    readyDataFolder(config.dataDir);
    const has = (role: Role) => config.roles.includes(role);
    return await start({ ...deps, config, has, elapsed, closing }, never);
  } catch (error) {
    await closing.close(3_000);
    throw error;
  }
}

async function start(starting: Starting, never: Promise<never>): Promise<App> {
  const { config, closing } = starting;
  // Not left in the middle: nobody would end the server that was just being started.
  const ledger = await openLedger(config);
  closing.ground('the embedded database', () => ledger.stop(), 3_000);
  const lost = new Promise<string>((resolve) => ledger.onLost(resolve));
  const tooSoon = lost.then((why): never => {
    throw new Error(why);
  });
  // Only of interest while starting; afterwards `lost` is heard by whoever started.
  tooSoon.catch(() => {});
  return Promise.race([never, tooSoon, startOn(ledger, lost, starting)]);
}

async function startOn(ledger: Ledger, lost: Promise<string>, starting: Starting): Promise<App> {
  const { config, has, now, chance, log, metrics, closing } = starting;
  const startedAt = now();
  let ready = false;
  const { database, keyring, unknownChanges } = await openStore(ledger, starting);
  const messenger = await openMessenger(config, now);
  closing.ground('the messenger', () => messenger.stop());
  // Until this process knows its own work, bells go to the queue.
  let nearby: Nearby = { ring: (bells) => queue.ring(bells), waiting: () => 0, close: async () => {} };
  let clockWaits = () => false;
  const ring: Ring = (bells) => nearby.ring(bells);
  const outbound = openOutbound(config.outboundAllow);
  const rooms = openRooms({
    database,
    ring,
    crowded: () => clockWaits() || nearby.waiting('evaluate') > 0,
    now,
    chance,
    log,
    meter: metrics,
    defaultZone: config.defaultZone,
    telegram: { ...messenger, perSecond: config.telegram.perSecond },
    owners: messenger.owners,
    publicUrl: config.publicUrl ?? `http://localhost:${config.port}`,
    outbound,
    keyring,
    gateways: config.gateways,
  });
  closing.ground('the rooms', () => rooms.close());

  // Beside the queue's opening: Telegram is far away.
  const asking = whoAmI(rooms.telegram);
  asking.catch(() => {});
  const place = config.redisUrl ? { redisUrl: config.redisUrl } : { postgres: ledger.address };
  const queue = await openQueue(place, { log, meter: metrics });
  // First: what goes on from one thing to the next hears that it is to stop in between.
  closing.work('what goes on by itself', () => rooms.windDown());
  closing.work('the work under way', () => nearby.close());
  closing.work('the queue', (ms) => queue.close(ms));
  const botUsername = (await asking)?.username;
  await claimBot(rooms.world, messenger.token, messenger.page !== undefined);

  const { dataDir, bootstrapKey: given } = config;
  const key = has('http')
    ? await openFirstKey(rooms.world, { dataDir, given, alone: ledger.embedded }, now())
    : undefined;

  const jumps = { database, log, tellOwners: rooms.tellOwners, defaultZone: config.defaultZone };
  const locks = openLocks(database);
  const { work, clock } = judgedWork(rooms.work, jumps, locks, starting);
  clockWaits = clock.waits;
  if (has('clock')) {
    await afterSetBack(jumps, now());
    await afterAbsence(database, log, config.defaultZone, now());
  }
  if (has('worker') || has('bot')) {
    const { updates, ...others } = work;
    const own = { ...(has('worker') ? others : {}), ...(has('bot') ? { updates } : {}) };
    nearby = answerNearby({
      work: own,
      elsewhere: queue.ring,
      others: rooms.others,
      now,
      log,
      meter: metrics,
    });
    await queue.consume(own, now);
  }

  // Beside the rest of the start: with very many rules it takes seconds, and nothing but events waits for it.
  if (has('worker'))
    rooms.warm().catch((error) => log.warn({ err: error }, 'the rules could not be read ahead'));

  const sweeper = has('clock')
    ? await startLeading({ database, rooms, work, clock, locks, queue, ring, outbound }, starting)
    : undefined;
  const { heartbeatUrl } = config;
  const health = async () => ({
    ...(await readHealth(database, queue, startedAt, now())),
    ...(heartbeatUrl ? { outsideHeartbeat: { ageSeconds: await heartbeatAge(database, now()) } } : {}),
  });
  showGauges({ queue, database, health, degraded: () => sweeper?.degraded() ?? false }, starting);
  const door = has('http')
    ? await openHttp({ rooms, messenger, health, ready: () => ready }, starting)
    : undefined;
  if (has('bot')) await hearTelegram(rooms, messenger.token, starting);

  ready = true;
  writeRunFile(config.dataDir, {
    pid: starting.pid,
    startedAt,
    ...(door ? { url: door.url } : {}),
    ...(ledger.embedded ? { database: ledger.address } : {}),
    ...(botUsername ? { botUsername } : {}),
  });
  let stopping: Promise<void> | undefined;
  return {
    lost,
    facts: {
      url: door?.url,
      sandbox: messenger.people?.(),
      owners: messenger.owners,
      botUsername,
      key: given === undefined ? key : '$BOOTSTRAP_API_KEY',
      databaseEmbedded: ledger.embedded,
      queueBackend: queue.backend,
      dataDir,
      roles: config.roles,
      notices: [
        ...ledger.notices,
        ...noticesAbout(config, { owners: messenger.owners.length, unknownChanges, queueUp: queue.up() }),
      ],
    },
    stop(graceMs = stopMs) {
      stopping ??= (async () => {
        ready = false;
        removeRunFile(config.dataDir, starting.pid);
        await closing.close(graceMs);
      })();
      return stopping;
    },
  };
}
