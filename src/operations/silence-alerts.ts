// Silence: muted by rule, topic or conditions, for a time.
import { type Actor, actorName } from '#core/actor.ts';
import { parseWhen, printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { type Matcher, parseMatcher, printMatcher } from '#core/matcher.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { Silence, Weekly } from '#core/silence.ts';
import { patternFault } from '#core/topic.ts';
import type { Tx } from '#store/connection.ts';
import { findRule } from '#store/rules.ts';
import { addSilence, silencesKept, stretchSilence } from '#store/silences.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { type Done, write } from './write.ts';

const shortest = 60_000;
const longest = 366 * 86_400_000;

export interface SilenceInput {
  /** Whose alerts; not needed with `ruleId`. */
  ownerId?: string;
  /** Only this rule's alerts. */
  ruleId?: string;
  /** Topic pattern; absent: all topics. */
  topic?: string;
  /** Conditions such as `host = "cad1"`, all of which must hold. */
  match?: string[];
  /** Milliseconds from its beginning; a year when only `weekly` is given. */
  for?: number;
  /** When it begins; now without. At most a year ahead. */
  startsAt?: number;
  /** Only in these hours of every week: `Sat 2-4`. */
  weekly?: { when: string; zone: string };
  comment?: string;
}

type Was = 'longer' | 'so';

/** `was`: an equal one was there, which lasts longer now or lasted as long already. */
export type Silenced = Outcome<{ silence: Silence; was?: Was }>;

/**
 * Mutes what matches, from now on; alerts go on living, they are only not told. One that mutes the same, in a time that
 * meets this, is made longer instead.
 */
export async function silenceAlerts(
  world: World,
  actor: Actor,
  input: SilenceInput,
  now: number,
): Promise<Silenced> {
  const read = readSilence(input, now);
  if (!read.ok) return read;
  return write(world, actor, verb, now, async (tx) => {
    const ready = await placeSilence(tx, actor, read);
    return ready.ok ? layDown(tx, world, ready, now) : ready;
  });
}

export const verb = 'silence-alerts';

/** What a silence would be, before anybody looked into the ledger. */
export interface Read {
  ok: true;
  input: SilenceInput;
  topic: string;
  match: Matcher[];
  startsAt: number;
  endsAt: number;
  weekly: Weekly | null;
}
export type Unfit = Refusal & { faults: { path: string; text: string }[] };

/** What is wrong with it by itself, or how it is understood. */
export function readSilence(input: SilenceInput, now: number): Read | Unfit {
  const { startsAt = now } = input;
  const span = input.for ?? (input.weekly ? longest : 0);
  if (!(span >= shortest && span <= longest))
    return unfit('until', `A silence lasts from ${sayDuration(shortest)} to ${sayDuration(longest)}.`);
  if (!(startsAt >= now && startsAt <= now + longest))
    return unfit('from', 'A silence begins now or within a year.');
  const hours = input.weekly && parseWhen(input.weekly.when);
  if (hours && (!hours.ok || hours.when === 'otherwise'))
    return unfit('weekly', hours.ok ? '“otherwise” is no time of the week.' : `${hours.fault}.`);
  const weekly =
    hours?.ok && hours.when !== 'otherwise' ? { hours: hours.when, zone: input.weekly!.zone } : null;
  const topic = input.topic ?? '**';
  const fault = patternFault(topic);
  if (fault) return unfit('topic', `The topic cannot be used: ${fault}.`);
  const match: Matcher[] = [];
  for (const [at, text] of (input.match ?? []).slice(0, 21).entries()) {
    const read = parseMatcher(text);
    if (!read.ok) return unfit(`match[${at}]`, read.fault);
    match.push(read.matcher);
  }
  if (match.length > 20) return unfit('match', 'A silence has at most 20 conditions.');
  return { ok: true, input, topic, match, startsAt, endsAt: startsAt + span, weekly };
}

function unfit(path: string, text: string): Unfit {
  return { ...refuse('invalid', text), faults: [{ path, text }] };
}

export type Placed = { ok: true; wanted: Omit<Silence, 'id'>; openEnd: boolean };

/** Whose it is and which rule it is about; refused to those who may not mute there. */
export async function placeSilence(
  tx: Tx,
  actor: Actor,
  { input, topic, match, startsAt, endsAt, weekly }: Read,
): Promise<Placed | Refusal> {
  const rule = input.ruleId === undefined ? undefined : await findRule(tx, input.ruleId);
  if (input.ruleId !== undefined && !rule) return refuse('not-found', 'I do not know this rule any more.');
  const ownerId = rule?.ownerId ?? input.ownerId;
  if (ownerId === undefined) return refuse('invalid', 'Say whose alerts, or which rule, to mute.');
  const refused = await authorise(tx, actor, 'rule', ownerId);
  if (refused) return refused;
  const wanted = {
    ownerId,
    topic,
    match,
    ruleId: rule?.id ?? null,
    startsAt,
    endsAt,
    by: actorName(actor),
    comment: (input.comment ?? '').slice(0, 500),
    weekly,
  };
  // A weekly one without an end was not asked to last longer.
  return { ok: true, wanted, openEnd: input.weekly !== undefined && input.for === undefined };
}

/** Writes it, or makes an equal one longer. */
export async function layDown(
  tx: Tx,
  world: World,
  { wanted, openEnd }: Placed,
  now: number,
): Promise<Done<{ silence: Silence; was?: Was }>> {
  const { ownerId, topic, match, weekly } = wanted;
  const equal = (await silencesKept(tx, [ownerId], now)).find((one) => mutesSame(one, wanted));
  const silence = equal ? joined(equal, wanted) : { id: world.id('z'), ...wanted };
  if (equal && silence.startsAt === equal.startsAt && silence.endsAt === equal.endsAt)
    return { ok: true, result: { silence: equal, was: 'so' }, target: equal.id, unchanged: true };
  await (equal ? stretchSilence(tx, silence) : addSilence(tx, silence));
  const detail = {
    ownerId,
    topic,
    match: match.map(printMatcher),
    ruleId: silence.ruleId,
    startsAt: silence.startsAt,
    endsAt: silence.endsAt,
    ...(weekly ? { weekly: printWhen(weekly.hours) } : {}),
  };
  const was: Was = openEnd ? 'so' : 'longer';
  return { ok: true, result: { silence, ...(equal ? { was } : {}) }, target: silence.id, detail };
}

/** Whether both mute the same, and no time lies between them. */
export function mutesSame(one: Silence, other: Omit<Silence, 'id'>): boolean {
  const what = ({ topic, ruleId, match, weekly }: Omit<Silence, 'id'>) =>
    JSON.stringify([
      topic,
      ruleId,
      match.map(printMatcher).sort(),
      weekly && [printWhen(weekly.hours), weekly.zone],
    ]);
  return what(one) === what(other) && one.startsAt <= other.endsAt && other.startsAt <= one.endsAt;
}

function joined(old: Silence, wanted: Omit<Silence, 'id'>): Silence {
  return {
    ...old,
    startsAt: Math.min(old.startsAt, wanted.startsAt),
    endsAt: Math.max(old.endsAt, wanted.endsAt),
    by: wanted.by,
    comment: wanted.comment || old.comment,
  };
}
