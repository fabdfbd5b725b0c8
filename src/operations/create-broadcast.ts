// Broadcast: a notice to everyone, to a group, or to those who watch what fulfils conditions.
import { isDeepStrictEqual } from 'node:util';
import { type Actor, actorName, actorRef } from '#core/actor.ts';
import { type Audience, decidedBy } from '#core/broadcast.ts';
import { cleanText } from '#core/clean.ts';
import { type Condition, listsOf, parseCondition } from '#core/condition.ts';
import { sayDuration } from '#core/duration.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { Severity } from '#core/severity.ts';
import { patternFault } from '#core/topic.ts';
import { addBroadcast, type Broadcast, findBroadcast } from '#store/broadcasts.ts';
import { findGroup } from '#store/groups.ts';
import { concernedBy } from './broadcast-audience.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** To whom, as it is asked for; conditions such as `version < 1.4`, all of which must hold. */
export type AudienceInput =
  | { to: 'everyone' }
  | { to: 'group'; groupId: string }
  | { to: 'cohort'; topic: string; match: string[] };

export interface BroadcastInput {
  /** A name of the caller's: asked twice, it is made once. */
  id?: string;
  text: string;
  audience: AudienceInput;
  severity?: Severity;
  /** How many of a hundred are told first. */
  firstPercent?: number;
  /** How long after them the others are told; absent: when `continueBroadcast` says so. */
  restAfterMs?: number;
  /** Again after so long to those who have neither seen it nor left the cohort. */
  everyMs?: number;
  /** When it ends; 30 days from now when absent. */
  endsAt?: number;
}

export interface Reach {
  count: number;
  /** The first three, by name. */
  names: string[];
  /** A few of the things in the cohort that they watch. */
  things: string[];
  /** There are others of them. */
  moreThings: boolean;
}

const hour = 3_600_000;
const day = 24 * hour;
const longest = 366 * day;
const mostText = 2_000;
const mostConditions = 20;

/** What it would reach now; nothing is written. */
export async function reachOf(
  world: World,
  actor: Actor,
  given: AudienceInput,
): Promise<Outcome<{ reach: Reach; audience: Audience }>> {
  const { db } = world.database;
  const read = readAudience(given);
  if (!read.ok) return read;
  const { audience } = read;
  const refused = await authorise(db, actor, 'broadcast', decidedBy(audience));
  if (refused) return refused;
  if (audience.to === 'group') {
    const group = await findGroup(db, audience.groupId);
    if (!group || group.leftAt !== null) return refuse('not-found', 'There is no such group.');
  }
  const concerned = await concernedBy(db, audience);
  const names = concerned.slice(0, 3).map(({ name }) => name);
  const things = [...new Set(concerned.flatMap((one) => one.things))];
  const moreThings = things.length > 3 || concerned.some(({ more }) => more > 0);
  const reach = { count: concerned.length, names, things: things.slice(0, 3), moreThings };
  return { ok: true, audience, reach };
}

/** Tells nobody by itself: the first step is due at once, and is taken like every later one. */
export async function createBroadcast(
  world: World,
  actor: Actor,
  input: BroadcastInput,
  now: number,
): Promise<Outcome<{ broadcast: Broadcast; reach: Reach; isNew: boolean }>> {
  const fault = faultOf(input, now);
  if (fault !== undefined) return refuse('invalid', fault);
  const reached = await reachOf(world, actor, input.audience);
  if (!reached.ok) return reached;
  const { reach, audience } = reached;
  const { firstPercent, everyMs } = input;
  const known = input.id === undefined ? undefined : await findBroadcast(world.database.db, input.id);
  // A cohort may fill while it is repeated; anything else with nobody in it is a mistake.
  if (!known && reach.count === 0 && (everyMs === undefined || audience.to !== 'cohort'))
    return refuse('conflict', 'Nobody is concerned by this now: no rule here asks about such a thing.');
  const row: Omit<Broadcast, 'round' | 'endedAt'> = {
    id: input.id ?? world.id('n'),
    text: cleanText(input.text).trim(),
    severity: input.severity ?? 'info',
    audience,
    status: 'running',
    next: 'first',
    nextAt: now,
    firstPercent: firstPercent === undefined || firstPercent >= 100 ? null : firstPercent,
    restAfterMs: input.restAfterMs ?? null,
    everyMs: everyMs ?? null,
    endsAt: input.endsAt ?? now + 30 * day,
    by: actorName(actor),
    byRef: actorRef(actor),
    createdAt: now,
  };
  return write(world, actor, 'create-broadcast', now, async (tx) => {
    const isNew = await addBroadcast(tx, row);
    const broadcast = await findBroadcast(tx, row.id);
    if (!isNew && broadcast?.byRef !== row.byRef)
      return refuse('conflict', 'There is a broadcast of somebody else with this id.');
    const other = isNew || !broadcast ? undefined : differenceOf(broadcast, row, input);
    if (other !== undefined)
      return refuse(
        'conflict',
        `There is a broadcast with this id already, with another ${other}; take a new id for this one.`,
      );
    const result = { broadcast: broadcast!, reach, isNew };
    if (!isNew) return { ok: true, result, target: row.id, unchanged: true };
    const { severity, everyMs: every } = row;
    const detail = {
      audience: JSON.parse(JSON.stringify(audience)),
      severity,
      reach: reach.count,
      everyMs: every,
    };
    const rings = [{ job: 'timetable' as const, id: 'all' }];
    return { ok: true, result, target: row.id, detail, rings };
  });
}

/** What is asked for otherwise than it was made, by its name over HTTP. When the rest is told may have been hurried since. */
function differenceOf(
  made: Broadcast,
  asked: Omit<Broadcast, 'round' | 'endedAt'>,
  { endsAt }: BroadcastInput,
): string | undefined {
  const pairs: [string, unknown, unknown][] = [
    ['text', made.text, asked.text],
    ['to', made.audience, asked.audience],
    ['severity', made.severity, asked.severity],
    ['first', made.firstPercent, asked.firstPercent],
    ['every', made.everyMs, asked.everyMs],
    ['until', made.endsAt, endsAt ?? made.endsAt],
  ];
  return pairs.find(([, before, now]) => !isDeepStrictEqual(before, now))?.[0];
}

function faultOf(input: BroadcastInput, now: number): string | undefined {
  const { id, text, firstPercent, restAfterMs, everyMs, endsAt } = input;
  if (id !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(id))
    return 'An id has 1 to 64 letters, digits, _ and -.';
  if (text.trim() === '') return 'A broadcast needs a text.';
  if (text.length > mostText)
    return `A broadcast has at most ${mostText.toLocaleString('en-US')} characters.`;
  if (firstPercent !== undefined && !(firstPercent >= 1 && firstPercent <= 100))
    return 'The first part is 1 to 100 percent.';
  if (restAfterMs !== undefined && firstPercent === undefined)
    return 'Only after a first part can there be a rest: say how many percent come first.';
  if (restAfterMs !== undefined && !(restAfterMs >= 60_000 && restAfterMs <= 30 * day))
    return `The rest is told after ${sayDuration(60_000)} to ${sayDuration(30 * day)}.`;
  if (everyMs !== undefined && !(everyMs >= hour && everyMs <= 90 * day))
    return `It is repeated every ${sayDuration(hour)} to ${sayDuration(90 * day)}.`;
  if (endsAt !== undefined && !(endsAt > now && endsAt <= now + longest))
    return 'It ends in the future, and within a year.';
  return undefined;
}

function readAudience(given: AudienceInput): { ok: true; audience: Audience } | Refusal {
  if (given.to !== 'cohort') return { ok: true, audience: given };
  const { topic } = given;
  const fault = patternFault(topic);
  if (fault !== undefined) return refuse('invalid', `The topic cannot be used: ${fault}.`);
  if (given.match.length > mostConditions)
    return refuse('invalid', `There are at most ${mostConditions} conditions.`);
  const match: Condition[] = [];
  for (const text of given.match) {
    const read = parseCondition(text);
    if (!read.ok) return refuse('invalid', `${read.fault}.`);
    match.push(read.condition);
  }
  const [list] = listsOf(match);
  if (list !== undefined)
    return refuse('invalid', `“$me.${list}” is somebody’s own list; a broadcast has none. Name the values.`);
  return { ok: true, audience: { to: 'cohort', topic, match } };
}
