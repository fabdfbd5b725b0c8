// Silence: muted by rule, topic or conditions, for a time.
import { type Actor, actorName } from '#core/actor.ts';
import { parseWhen, printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { type Matcher, parseMatcher, printMatcher } from '#core/matcher.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { Silence, Weekly } from '#core/silence.ts';
import { type Fit, fittingAmong, type Was, type WishedSilence } from '#core/silence-fit.ts';
import { patternFault } from '#core/topic.ts';
import type { Tx } from '#store/connection.ts';
import { findRule } from '#store/rules.ts';
import { addSilence, changeSilence, silencesKept } from '#store/silences.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { type Done, write } from './write.ts';

export const shortest = 60_000;
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

/** `was`: an equal one was there, and what became of it. */
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
    const wish = await placeSilence(tx, actor, read);
    if (!wish.ok) return wish;
    const kept = await silencesKept(tx, [wish.wanted.ownerId], now);
    return layDown(tx, fittingAmong(kept, () => world.id('z'), now)(wish)!);
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
  const faults: Unfit['faults'] = [];
  const fault = (path: string, text: string) => void faults.push({ path, text });
  const { startsAt = now } = input;
  const span = input.for ?? (input.weekly ? longest : 0);
  if (!(span >= shortest && span <= longest))
    fault('until', `A silence lasts from ${sayDuration(shortest)} to ${sayDuration(longest)}.`);
  if (!(startsAt >= now && startsAt <= now + longest))
    fault('from', 'A silence begins now or within a year.');
  const hours = input.weekly && parseWhen(input.weekly.when);
  if (hours && (!hours.ok || hours.when === 'otherwise'))
    fault('weekly', hours.ok ? '“otherwise” is no time of the week.' : `${hours.fault}.`);
  const weekly =
    hours?.ok && hours.when !== 'otherwise' ? { hours: hours.when, zone: input.weekly!.zone } : null;
  const topic = input.topic ?? '**';
  const wrong = patternFault(topic);
  if (wrong) fault('topic', `The topic cannot be used: ${wrong}.`);
  const match: Matcher[] = [];
  for (const [at, text] of (input.match ?? []).slice(0, 21).entries()) {
    const read = parseMatcher(text);
    if (read.ok) match.push(read.matcher);
    else fault(`match[${at}]`, read.fault);
  }
  if ((input.match ?? []).length > 20) fault('match', 'A silence has at most 20 conditions.');
  if (faults.length > 0) return { ...refuse('invalid', faults[0]!.text), faults };
  return { ok: true, input, topic, match, startsAt, endsAt: startsAt + span, weekly };
}

async function placeSilence(
  tx: Tx,
  actor: Actor,
  read: Read,
): Promise<({ ok: true } & WishedSilence) | Refusal> {
  const { ruleId } = read.input;
  const rule = ruleId === undefined ? undefined : await findRule(tx, ruleId);
  if (ruleId !== undefined && !rule) return refuse('not-found', 'I do not know this rule any more.');
  const ownerId = rule?.ownerId ?? read.input.ownerId;
  if (ownerId === undefined) return refuse('invalid', 'Say whose alerts, or which rule, to mute.');
  const refused = await authorise(tx, actor, 'rule', ownerId);
  return refused ?? { ok: true, ...wishOf(actor, read, ownerId) };
}

/** The silence itself, of this owner. */
export function wishOf(
  actor: Actor,
  { input, topic, match, startsAt, endsAt, weekly }: Read,
  ownerId: string,
): WishedSilence {
  const wanted = {
    ownerId,
    topic,
    match,
    ruleId: input.ruleId ?? null,
    startsAt,
    endsAt,
    by: actorName(actor),
    comment: (input.comment ?? '').slice(0, 500),
    weekly,
  };
  // A weekly one without an end was not asked to last longer.
  return { wanted, openEnd: input.weekly !== undefined && input.for === undefined };
}

/** Writes it as it fits. */
export async function layDown(tx: Tx, { silence, was }: Fit): Promise<Done<{ silence: Silence; was?: Was }>> {
  const result = { silence, ...(was ? { was } : {}) };
  if (was === 'so') return { ok: true, result, target: silence.id, unchanged: true };
  await (was ? changeSilence(tx, silence) : addSilence(tx, silence));
  const { ownerId, topic, match, ruleId, startsAt, endsAt, weekly, comment } = silence;
  const detail = {
    ownerId,
    topic,
    match: match.map(printMatcher),
    ruleId,
    startsAt,
    endsAt,
    ...(weekly ? { weekly: printWhen(weekly.hours) } : {}),
    ...(was === 'changed' ? { comment } : {}),
  };
  return { ok: true, result, target: silence.id, detail };
}
