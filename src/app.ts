// The whole program, put together by its roles: opens the floors, starts the work, and stops it without losing any.

import { createHmac } from 'node:crypto';
import { startPoller } from '#chat/poller.ts';
import { webhookDoor } from '#chat/webhook.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Log } from '#core/log.ts';
import { StartRefused } from '#core/start-refused.ts';
import { ensureBootstrapKey } from '#ingest/bootstrap-key.ts';
import { hasScope, openKeyBook } from '#ingest/key-book.ts';
import { mailPages } from '#notify/mail-pages.ts';
import { pushPages } from '#notify/push-pages.ts';
import { openOutbound } from '#outbound/fetch.ts';
import { answerNearby, type Nearby } from '#queue/nearby.ts';
import { openQueue } from '#queue/queue.ts';
import { oneAtATime } from '#queue/solo.ts';
import { type Sweeper, startSweeper } from '#queue/sweeper.ts';
import { shareNow } from '#store/budgets.ts';
import { openDatabase } from '#store/connection.ts';
import { refusals } from '#store/doctor.ts';
import { openLocks } from '#store/locks.ts';
import { migrate } from '#store/migrate.ts';
import { keysFault } from '#store/secrets.ts';
import { afterAbsence, watchingForGaps } from './app/away-time.ts';
import { startCanary } from './app/canary.ts';
import { afterSetBack, watchClock } from './app/clock-jumps.ts';
import { type Closing, openClosing } from './app/closing.ts';
import { startCounting } from './app/counting.ts';
import { readyDataFolder } from './app/data-folder.ts';
import { type Ledger, openLedger, openMessenger } from './app/embedded.ts';
import { openKeys } from './app/encryption-keys.ts';
import { firstKey } from './app/first-key.ts';
import { readHealth } from './app/health.ts';
import { whoAmI } from './app/introduce.ts';
import { keepWebhook } from './app/keep-webhook.ts';
import { heartbeatAge, startOutsideHeartbeat } from './app/outside-heartbeat.ts';
import { openRooms } from './app/rooms.ts';
import { removeRunFile, writeRunFile } from './app/run-file.ts';
import type { StartFacts } from './app/start-screen.ts';
import { openThaw } from './app/thaw.ts';
import { sayUnreachable } from './app/unreachable.ts';
import { claimBot } from './app/whose-ledger.ts';
import type { Role } from './config/running.ts';
import type { Config } from './config.ts';
import { makeDoor, type OpenDoor, openDoor } from './http.ts';
import type { Metrics } from './metrics.ts';

export interface AppDeps {
  now: () => number;
  chance: (bytes: number) => Uint8Array;
  log: Log;
  metrics: Metrics;
  pid: number;
}

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
// A clock that nobody sets.
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
    return await start(config, deps, closing, never);
  } catch (error) {
    await closing.close(3_000);
    throw error;
  }
}

async function start(config: Config, deps: AppDeps, closing: Closing, never: Promise<never>): Promise<App> {
  // Not left in the middle: nobody would end the server that was just being started.
  const ledger = await openLedger(config);
  closing.ground('the embedded database', () => ledger.stop(), 3_000);
  const lost = new Promise<string>((resolve) => ledger.onLost(resolve));
  const tooSoon = lost.then((why): never => {
    throw new Error(why);
  });
  // Only of interest while starting; afterwards `lost` is heard by whoever started.
  tooSoon.catch(() => {});
  return Promise.race([never, tooSoon, startOn(ledger, lost, config, deps, closing)]);
}

async function startOn(
  ledger: Ledger,
  lost: Promise<string>,
  config: Config,
  deps: AppDeps,
  closing: Closing,
): Promise<App> {
  const { now, chance, log, metrics } = deps;
  const has = (role: Role) => config.roles.includes(role);
  const startedAt = now();
  let ready = false;
  const unknownChanges = await migrate(ledger.address).catch((error) => {
    throw sayUnreachable(config.databaseUrl, error);
  });
  failpoint('start.migrated');
  const database = openDatabase(ledger.address, 16, 15_000);
  closing.ground('the database', () => database.close());
  const wrong = await refusals(database);
  if (wrong.length > 0) throw new StartRefused(wrong.join('\n'));
  const keyring = openKeys(config, chance);
  const unfit = await keysFault(database.db, keyring, chance);
  if (unfit !== undefined)
    throw new StartRefused(
      `The encryption keys are not those of this database: ${unfit}. Give the old ones too: behind the first in ` +
        `ENCRYPTION_KEYS, or in the file encryption-keys of DATA_DIR (${config.dataDir}).`,
    );

  const messenger = await openMessenger(config, now);
  closing.ground('the messenger', () => messenger.stop());
  // Until this process knows its own work, bells go to the queue.
  let nearby: Nearby = { ring: (bells) => queue.ring(bells), waiting: () => 0, close: async () => {} };
  let clockWaits = () => false;
  const publicUrl = config.publicUrl;
  const outbound = openOutbound(config.outboundAllow);
  const rooms = openRooms({
    database,
    ring: (bells) => nearby.ring(bells),
    crowded: () => clockWaits() || nearby.waiting('evaluate') > 0,
    now,
    chance,
    log,
    meter: metrics,
    defaultZone: config.defaultZone,
    telegram: { ...messenger, perSecond: config.telegram.perSecond },
    owners: messenger.owners,
    publicUrl: publicUrl ?? `http://localhost:${config.port}`,
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

  const key = has('http') || has('clock') ? firstKey(config.dataDir, config.bootstrapKey, chance) : undefined;
  if (key !== undefined) await ensureBootstrapKey(rooms.world, key, now());

  const { tellOwners } = rooms;
  const jumps = { database, log, tellOwners, defaultZone: config.defaultZone };
  const locks = openLocks(database);
  const judging = new Set<Promise<void>>();
  const { look, waits } = watchClock(jumps, elapsed, () => Promise.allSettled(judging));
  clockWaits = waits;
  if (has('clock')) {
    await afterSetBack(jumps, now());
    await afterAbsence(database, log, config.defaultZone, now());
  }
  // Before an event is judged by the new clock, too, where we are the ones who look.
  const judged = (job: 'evaluate' | 'due') => async (id: string) => {
    if (locks.holds('sweeper')) await look(now());
    const done = rooms.work[job](id, now());
    judging.add(done);
    await done.finally(() => judging.delete(done));
  };
  const work = oneAtATime({ ...rooms.work, evaluate: judged('evaluate'), due: judged('due') }, now);
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

  let sweeper: Sweeper | undefined;
  if (has('clock')) {
    const pending = watchingForGaps(database, log, config.defaultZone, rooms.pending, elapsed);
    // Also where another one leads: it may be the frozen one.
    const thaw = openThaw(database, log, elapsed);
    sweeper = startSweeper({
      lead: async () => {
        await thaw();
        return locks.holds('sweeper') || (await locks.take('sweeper'));
      },
      pending: async (at) => {
        await look(at);
        return pending(at);
      },
      work,
      queue: { ...queue, ring: (bells) => nearby.ring(bells) },
      now,
      log,
      meter: metrics,
    });
    const leads = () => locks.holds('sweeper');
    const canary = await startCanary(rooms.world, leads, now, log, config.dataDir);
    const counting = startCounting(database.db, leads, log, now);
    const outside = config.heartbeatUrl
      ? startOutsideHeartbeat({
          database,
          url: config.heartbeatUrl,
          ask: outbound,
          leads,
          tellOwners,
          log,
          now,
        })
      : undefined;
    closing.work('the sweeper', async () => {
      outside?.stop();
      canary.stop();
      counting.stop();
      await sweeper?.stop();
      await locks.release('sweeper');
    });
  }

  const { heartbeatUrl } = config;
  const health = async () => ({
    ...(await readHealth(database, queue, startedAt, now())),
    ...(heartbeatUrl ? { outsideHeartbeat: { ageSeconds: await heartbeatAge(database, now()) } } : {}),
  });
  metrics.gauge('tocsin_queue_up', 'whether the queue can be reached', () => (queue.up() ? 1 : 0));
  metrics.gauge(
    'tocsin_telegram_pace_share',
    'part of TELEGRAM_PER_SECOND that is spoken; less after a refusal',
    () => shareNow(database.db, 'telegram', now()),
  );
  metrics.gauge('tocsin_degraded', 'whether the sweeper does the workers’ work', () =>
    sweeper?.degraded() ? 1 : 0,
  );
  metrics.gauge('tocsin_round_trip_age_seconds', 'age of the last canary that came through', async () => {
    return (await health()).roundTrip.ageSeconds ?? Number.NaN;
  });

  const hook = webhookPlace(messenger.token);
  let door: OpenDoor | undefined;
  if (has('http')) {
    const keys = openKeyBook(rooms.world);
    const app = makeDoor({
      ingest: rooms.ingest,
      dashboard: rooms.dashboard,
      health,
      ready: () => ready,
      metrics,
      mayRead: async (text) => {
        const caller = await keys.find(text, now());
        return caller !== undefined && hasScope(caller, 'read');
      },
      push: pushPages(rooms.world, rooms.channels, now),
      mail: mailPages(rooms.world, now),
      ...(messenger.page ? { sandbox: messenger.page } : {}),
      ...(publicUrl ? { publicHost: new URL(publicUrl).hostname } : {}),
      ...(config.telegram.mode === 'webhook'
        ? {
            webhook: {
              path: hook.path,
              answer: webhookDoor(
                rooms.world,
                hook.secret,
                now,
                has('bot') ? rooms.takeUpdates : rooms.keepUpdates,
              ),
            },
          }
        : {}),
      broke: (error, path) => log.error({ err: error, path }, 'a request broke something'),
    });
    const opened = await openDoor(app, config.host, config.port, rooms.ingest.plain);
    door = opened;
    // The door waits for its connections, and a stream is one until it is told to end.
    closing.work('the streams', () => rooms.live.close());
    closing.work('the door', () => opened.close());
    metrics.gauge('tocsin_stream_readers', 'how many follow the stream', () => rooms.live.size());
  }

  if (has('bot')) {
    if (config.telegram.mode === 'webhook') {
      const place = { url: `${publicUrl}${hook.path}`, secret: hook.secret };
      const asking = await keepWebhook(rooms.telegram, place, log, now);
      closing.work('the webhook', async () => asking.stop());
    } else {
      const ways = { keepAll: rooms.takeUpdates, locks: rooms.chatLocks };
      const poller = startPoller(rooms.world, rooms.telegram, { now, ...ways });
      closing.work('the poller', () => poller.stop());
    }
    // Only menus: they can wait for the next start when Telegram is away.
    rooms.bot.publish().catch((error) => log.warn({ err: error }, 'the command menus could not be set'));
  }

  ready = true;
  writeRunFile(config.dataDir, {
    pid: deps.pid,
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
      key: config.bootstrapKey === undefined ? key : '$BOOTSTRAP_API_KEY',
      databaseEmbedded: ledger.embedded,
      queueBackend: queue.backend,
      dataDir: config.dataDir,
      roles: config.roles,
      notices: [
        ...ledger.notices,
        ...besideNewer(unknownChanges),
        ...noticesAbout(config, messenger.owners.length),
      ],
    },
    stop(graceMs = stopMs) {
      stopping ??= (async () => {
        ready = false;
        removeRunFile(config.dataDir, deps.pid);
        await closing.close(graceMs);
      })();
      return stopping;
    },
  };
}

function besideNewer(changes: number): string[] {
  if (changes === 0) return [];
  const what = changes === 1 ? 'a change' : `${changes} changes`;
  return [
    `A newer Tocsin has been on this database (${what} of the tables that this one does not know). ` +
      'This one works beside it while you upgrade; do not leave it so.',
  ];
}

function noticesAbout(config: Config, owners: number): string[] {
  const isOpen = !config.telegram.token && !/^(127\.|localhost$|::1$)/.test(config.host);
  return [
    ...(owners === 0
      ? ['Nobody may begin yet: set OWNER_IDS, or run: npm run tocsin -- invite --role owner']
      : []),
    ...(isOpen
      ? [`The sandbox can be used by everybody who reaches ${config.host}; it knows no passwords.`]
      : []),
  ];
}

// Both come from the token, so that they need no setting and change with it.
function webhookPlace(token: string): { path: string; secret: string } {
  const derive = (what: string) => createHmac('sha256', token).update(what).digest('base64url');
  return { path: `/telegram/${derive('webhook path').slice(0, 22)}`, secret: derive('webhook secret') };
}
