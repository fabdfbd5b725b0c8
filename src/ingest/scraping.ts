// The scraping of all targets: those that are due are claimed, asked many at once, and written down in batches.
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import type { EventRow } from '#store/events.ts';
import { claimTargets, finishTargets, type Scraped, secretPlace, type Target } from '#store/targets.ts';
import type { Accept } from './accept.ts';
import { shortHash } from './hash.ts';
import type { Finding } from './module.ts';
import { moduleNamed } from './modules/index.ts';
import { ownRow } from './own-rows.ts';
import { type Scrape, scrape } from './scrape.ts';

export interface ScrapingDeps {
  world: World;
  accept: Accept;
  ask: Outbound;
  now: () => number;
}

export interface Scraping {
  /** Claims what is due and begins; what it began may still be under way when it returns. */
  work(now: number): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Begins nothing more, and waits a moment for what is under way; what it leaves is asked again when its claim ends. */
  close(): Promise<void>;
}

/** How many targets one process asks at once: they mostly wait for each other's machines. */
const atOnce = 64;
/** A target that stays as it was says so this often. */
const upEveryMs = 300_000;
/** A target that hangs must not hold up the end of the program. */
const graceMs = 2_000;

/** Opens the room's pull side. One per process; claims keep several apart. */
export function openScraping(deps: ScrapingDeps): Scraping {
  const { world, now } = deps;
  const { db } = world.database;
  const underWay = new Set<Promise<void>>();
  let done: Scraped[] = [];
  let writing: Promise<void> | undefined;
  let closed = false;

  // While one batch is written the next one gathers.
  const write = async () => {
    while (done.length > 0) {
      const batch = done;
      done = [];
      await finishTargets(db, batch).catch((error) =>
        world.log.warn(
          { err: error, targets: batch.length },
          'scrapes could not be written; they will be made again',
        ),
      );
    }
    writing = undefined;
  };
  const begin = (target: Target) => {
    const work = scrapeOne(deps, target)
      .then(async (scraped) => {
        if (!scraped) return;
        done.push(scraped);
        writing ??= write();
        await writing;
      })
      .catch((error) => world.log.error({ err: error, target: target.id }, 'a scrape broke something'))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
  return {
    async work(at) {
      for (let when = at; !closed; when = now()) {
        const room = atOnce - underWay.size;
        const claimed = room > 0 ? await claimTargets(db, room, when) : [];
        for (const target of claimed) begin(target);
        if (claimed.length < room) return;
        await Promise.race(underWay);
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      closed = true;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(underWay), enough]);
      clearTimeout(timer);
    },
  };
}

/** Undefined when the events could not be taken: the claim runs out, and the same slot is tried again. */
async function scrapeOne(deps: ScrapingDeps, target: Target): Promise<Scraped | undefined> {
  const at = deps.now();
  const made = await scrapeTarget(deps, target, at);
  const isUp = made.ok;
  const changed = target.up !== isUp;
  const since = changed || target.upSince === null ? at : target.upSince;
  const tells = changed || target.upToldAt === null || at - target.upToldAt >= upEveryMs;
  const findings: Finding[] = made.ok ? [...made.findings] : [];
  if (tells)
    findings.push({
      topic: `${target.module}.up`,
      data: {
        up: isUp ? 1 : 0,
        ...(made.ok ? {} : { error: made.text }),
        since: new Date(since).toISOString(),
      },
    });
  const rows = findings.map((finding) => rowOf(target, finding, at));
  if (rows.length > 0) {
    const answer = await deps.accept.take(rows);
    // “Reused”: somebody else asked it in this slot, too, and was first.
    if (answer.is === 'full' || answer.is === 'away') return undefined;
    if (answer.is === 'poison')
      deps.world.log.warn({ target: target.id }, 'the database cannot keep what a target says');
    if (answer.is === 'taken') deps.world.meter.count('events_accepted', {}, rows.length);
  }
  deps.world.meter.count('scrapes', { outcome: isUp ? 'up' : 'down' });
  return {
    id: target.id,
    leaseUntil: target.leaseUntil!,
    nextAt: nextSlot(target, at),
    memory: made.ok ? made.memory : target.memory,
    up: isUp,
    upSince: since,
    upToldAt: tells ? at : target.upToldAt!,
    error: made.ok ? null : made.text,
    lastAt: at,
    found: made.ok ? made.findings.length : 0,
  };
}

async function scrapeTarget({ ask, world }: ScrapingDeps, target: Target, now: number): Promise<Scrape> {
  const module = moduleNamed(target.module);
  if (!module) return { ok: false, text: `there is no module “${target.module}” any more` };
  const opened =
    target.secret === null ? undefined : world.keyring.open(target.secret, secretPlace(target.id));
  if (opened?.ok === false)
    return { ok: false, text: `its password cannot be read (${opened.why}); remove it and add it again` };
  const place = {
    params: target.params,
    timeoutMs: target.timeoutMs,
    ...(opened ? { secret: opened.plain } : {}),
  };
  try {
    return await scrape(module, place, target.memory, ask, now);
  } catch (error) {
    // A fault of ours; whoever watches the target must hear that nothing is known of it.
    world.log.error(
      { err: error, target: target.id, module: module.name },
      'a module failed on what it read',
    );
    return { ok: false, text: `“${module.title}” could not read what it answers; the log says why` };
  }
}

function rowOf(
  target: Target,
  { topic, subject = target.name, data, labels = {} }: Finding,
  now: number,
): EventRow {
  return ownRow(
    target.id,
    {
      // One slot, one event of a thing: two processes that both asked tell it once.
      id: `${target.nextAt}-${shortHash(`${topic} ${subject}`)}`,
      source: target.name,
      type: topic,
      subject,
      data: data as Record<string, never>,
      labels: { ...labels, instance: target.name },
    },
    now,
  );
}

/**
 * The target's next time after `now`. Each has a place of its own within its interval, made from its id, so that a
 * thousand targets are spread evenly, and still are after a restart.
 */
export function nextSlot({ id, everyMs }: Pick<Target, 'id' | 'everyMs'>, now: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  const place = Math.floor(((hash ^ (hash >>> 15)) >>> 0) % everyMs);
  return Math.floor((now - place) / everyMs) * everyMs + everyMs + place;
}
