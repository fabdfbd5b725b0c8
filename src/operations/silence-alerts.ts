// Silence: muted by rule, topic or conditions, for a time.
import { type Actor, actorName } from '#core/actor.ts';
import { parseWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { type Matcher, parseMatcher, printMatcher } from '#core/matcher.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import type { Silence } from '#core/silence.ts';
import { patternFault } from '#core/topic.ts';
import { findRule } from '#store/rules.ts';
import { addSilence } from '#store/silences.ts';
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

/** Mutes what matches, from now on; alerts go on living, they are only not told. */
export async function silenceAlerts(
  world: World,
  actor: Actor,
  input: SilenceInput,
  now: number,
): Promise<Outcome<{ silence: Silence }>> {
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
    const silence: Silence = {
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
    await addSilence(tx, silence);
    const detail = {
      ownerId,
      topic,
      match: match.map(printMatcher),
      ruleId: silence.ruleId,
      startsAt,
      endsAt: silence.endsAt,
      ...(input.weekly ? { weekly: input.weekly.when } : {}),
    };
    return { ok: true, result: { silence }, target: silence.id, detail };
  });
}
