// Silence: muted by rule, topic or conditions, for a time.
import { type Actor, actorName } from '#core/actor.ts';
import { parseWhen, printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { type Matcher, parseMatcher, printMatcher } from '#core/matcher.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Silence } from '#core/silence.ts';
import { patternFault } from '#core/topic.ts';
import { findRule } from '#store/rules.ts';
import { addSilence, silencesKept, stretchSilence } from '#store/silences.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

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
  const { startsAt = now } = input;
  const span = input.for ?? (input.weekly ? longest : 0);
  if (!(span >= shortest && span <= longest))
    return refuse('invalid', `A silence lasts from ${sayDuration(shortest)} to ${sayDuration(longest)}.`);
  if (!(startsAt >= now && startsAt <= now + longest))
    return refuse('invalid', 'A silence begins now or within a year.');
  const hours = input.weekly && parseWhen(input.weekly.when);
  if (hours && (!hours.ok || hours.when === 'otherwise'))
    return refuse('invalid', hours.ok ? '“otherwise” is no time of the week.' : `${hours.fault}.`);
  const weekly =
    hours?.ok && hours.when !== 'otherwise' ? { hours: hours.when, zone: input.weekly!.zone } : null;
  const topic = input.topic ?? '**';
  const fault = patternFault(topic);
  if (fault) return refuse('invalid', `The topic cannot be used: ${fault}.`);
  const match: Matcher[] = [];
  for (const text of (input.match ?? []).slice(0, 21)) {
    const read = parseMatcher(text);
    if (!read.ok) return refuse('invalid', read.fault);
    match.push(read.matcher);
  }
  if (match.length > 20) return refuse('invalid', 'A silence has at most 20 conditions.');
  return write(world, actor, 'silence-alerts', now, async (tx) => {
    const rule = input.ruleId === undefined ? undefined : await findRule(tx, input.ruleId);
    if (input.ruleId !== undefined && !rule) return refuse('not-found', 'I do not know this rule any more.');
    const ownerId = rule?.ownerId ?? input.ownerId;
    if (ownerId === undefined) return refuse('invalid', 'Say whose alerts, or which rule, to mute.');
    const refused = await authorise(tx, actor, 'rule', ownerId);
    if (refused) return refused;
    const wanted: Silence = {
      id: world.id('z'),
      ownerId,
      topic,
      match,
      ruleId: rule?.id ?? null,
      startsAt,
      endsAt: startsAt + span,
      by: actorName(actor),
      comment: (input.comment ?? '').slice(0, 500),
      weekly,
    };
    const equal = (await silencesKept(tx, [ownerId], now)).find((one) => mutesSame(one, wanted));
    const silence = equal ? joined(equal, wanted) : wanted;
    if (equal && silence.startsAt === equal.startsAt && silence.endsAt === equal.endsAt)
      return { ok: true, result: { silence: equal, was: 'so' as Was }, target: equal.id, unchanged: true };
    await (equal ? stretchSilence(tx, silence) : addSilence(tx, silence));
    const detail = {
      ownerId,
      topic,
      match: match.map(printMatcher),
      ruleId: silence.ruleId,
      startsAt: silence.startsAt,
      endsAt: silence.endsAt,
      ...(input.weekly ? { weekly: input.weekly.when } : {}),
    };
    // A weekly one without an end was not asked to last longer.
    const was: Was = input.weekly && input.for === undefined ? 'so' : 'longer';
    return { ok: true, result: { silence, ...(equal ? { was } : {}) }, target: silence.id, detail };
  });
}

/** Whether both mute the same, and no time lies between them. */
function mutesSame(one: Silence, other: Silence): boolean {
  const what = ({ topic, ruleId, match, weekly }: Silence) =>
    JSON.stringify([
      topic,
      ruleId,
      match.map(printMatcher).sort(),
      weekly && [printWhen(weekly.hours), weekly.zone],
    ]);
  return what(one) === what(other) && one.startsAt <= other.endsAt && other.startsAt <= one.endsAt;
}

function joined(old: Silence, wanted: Silence): Silence {
  return {
    ...old,
    startsAt: Math.min(old.startsAt, wanted.startsAt),
    endsAt: Math.max(old.endsAt, wanted.endsAt),
    by: wanted.by,
    comment: wanted.comment || old.comment,
  };
}
