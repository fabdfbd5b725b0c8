// The address a heartbeat calls: /v1/ping/{token}, also /start, /fail, /log and an exit code. Its secret is its key.
import type { Context, Hono } from 'hono';
import { cleanText } from '#core/clean.ts';
import { keptLog, type Ping, pingEvent, readPing } from '#core/heartbeat.ts';
import type { World } from '#operations/world.ts';
import { type Heartbeat, heartbeatOf, markPing } from '#store/heartbeats.ts';
import { keyHash } from '#store/key-text.ts';
import { type Accept, bounds } from './accept.ts';
import { ownRow } from './own-rows.ts';
import { within } from './patience.ts';
import { openRate, type Rate } from './rate.ts';

/** More than this is not read; the ping counts all the same. */
const mostRead = 1 << 20;
/** A second and at once, of one heartbeat: a job in a tight loop must not fill the ledger. */
const pace = { ratePerSecond: 1, burst: 60 };

interface Deps {
  world: World;
  accept: Accept;
  now: () => number;
}

/** Adds the routes. Every wrong address is answered alike, so that nobody learns which tokens there are. */
export function addPingRoutes(app: Hono, deps: Deps): void {
  const rate = openRate();
  const answer = (c: Context) => answerPing(deps, rate, c);
  app.on(['GET', 'POST', 'PUT'], ['/v1/ping/:token', '/v1/ping/:token/:what'], answer);
}

const say = (text: string, status: number, headers = {}) =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });
const nowhere = () => say('There is no such heartbeat.', 404);
const away = () => say('Not taken; call again.', 503, { 'retry-after': '2' });

async function answerPing(deps: Deps, rate: Rate, c: Context): Promise<Response> {
  const now = deps.now();
  const ping = readPing(c.req.param('what'));
  const token = c.req.param('token') ?? '';
  if (!ping || !/^[\w-]{16,64}$/.test(token)) return nowhere();
  const run = c.req.query('rid');
  try {
    const { db } = deps.world.database;
    const heartbeat = await within(bounds.patienceMs, heartbeatOf(db, keyHash(token)));
    if (!heartbeat) return nowhere();
    const source = { id: heartbeat.id, ...pace };
    const seconds = rate.wait(source, now);
    if (seconds > 0) return say('Slower, please.', 429, { 'retry-after': String(seconds) });
    rate.spend(source, 1, now);
    const log = await readLog(c.req.raw);
    return await takePing(deps, heartbeat, ping, log, run, now);
  } catch (error) {
    deps.world.log.warn({ err: error }, 'a heartbeat could not be taken');
    return away();
  }
}

async function takePing(
  { world, accept }: Deps,
  heartbeat: Heartbeat,
  ping: Ping,
  log: string,
  run: string | undefined,
  now: number,
): Promise<Response> {
  const what = ping.exitCode ?? ping.status;
  // A run that names itself may call again after a lost answer: that is the same ping. Words in between may be many.
  const named = run !== undefined && /^[\w-]{1,64}$/.test(run) && ping.status !== 'log';
  const id = named ? `${run}-${what}` : world.id('e');
  const event = pingEvent(heartbeat, ping, log, now);
  const answer = await accept.take([ownRow(heartbeat.id, { ...event, id }, now)]);
  // “Reused”: the same run said this before, with other words.
  if (answer.is === 'reused') return say('OK', 200);
  if (answer.is === 'poison') return say('The database cannot keep what it says.', 422);
  if (answer.is !== 'taken') return away();
  const isNew = answer.events.some(({ duplicate }) => !duplicate);
  if (isNew) {
    world.meter.count('events_accepted', {}, 1);
    await within(bounds.patienceMs, markPing(world.database.db, heartbeat, ping.status, now));
  }
  return say('OK', 200);
}

/** The end of what the ping brings along, as text. */
async function readLog(request: Request): Promise<string> {
  let tail = Buffer.alloc(0);
  let size = 0;
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      tail = Buffer.concat([tail, chunk]);
      if (tail.length > 4 * keptLog) tail = tail.subarray(-4 * keptLog);
      if (size > mostRead) break;
    }
  } catch {
    // It was cut off: what came so far is better than nothing.
  }
  return cleanText(tail.toString('utf8')).slice(-keptLog);
}
