// The back-test: a rule is read, the events that are kept are replayed through it, and what it would have told is counted.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Actor } from '#core/actor.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import type { BackTest, BackTestBook, BackTestInput, BackTestOutcome } from '#operations/back-test-book.ts';
import { authorise } from '#operations/may.ts';
import { draftRule, type RuleRefusal } from '#operations/rule-draft.ts';
import type { World } from '#operations/world.ts';
import { sqlState } from '#store/connection.ts';
import { type Past, readPast } from '#store/past-events.ts';
import { settingsOf } from '#store/people.ts';
import { groundFor } from '#store/rule-ground.ts';
import { findRule, rulesOf } from '#store/rules.ts';
import { readyRule, type Watch } from './index/watch.ts';
import { kindBook } from './kind-book.ts';
import { limitOf, withLimit } from './limits.ts';
import { nearMisses } from './near.ts';
import { needlesOf } from './needles.ts';
import { makeReplay } from './replay.ts';
import { makeTally } from './tally.ts';
import { makeTurns } from './turns.ts';

const day = 86_400_000;
const [usualDays, mostDays, mostLimits] = [14, 31, 12];
/** So many events are stepped before others get their turn. */
const breath = 200;
/** A rule that tells more things apart than this is not replayed further. */
const mostRemembered = 200_000;
/** Events before the time asked for, so that what was burning and what was there before is known. */
const leadIn = day;
const longest = 60_000;

/** The book of this process; `clock` only says how long it took. */
export function openBackTests(world: World, clock: () => number): BackTestBook {
  const turns = makeTurns(2);
  return {
    async near({ ownerId, ...asked }) {
      const rules = await rulesOf(world.database.db, [ownerId]);
      return turns(new AbortController().signal, () => nearMisses(world.database, rules, asked));
    },
    async run(actor, input, { onProgress = () => {}, signal, most }, now) {
      const begun = clock();
      const prepared = await prepare(world, actor, input, now);
      if (!prepared.ok) return prepared;
      const ending = new AbortController();
      const stop = () => ending.abort();
      const { ending: theEnd } = world;
      for (const one of [signal, theEnd]) one?.addEventListener('abort', stop, { once: true });
      const timer = setTimeout(stop, longest);
      try {
        if (signal?.aborted) return stopped();
        if (theEnd?.aborted) return restarting();
        const work = turns(ending.signal, () =>
          replay(world, { ...prepared.job, most }, onProgress, ending.signal),
        );
        // Whoever stops it does not wait until the ledger has answered.
        const result = await Promise.race([work, aborted(ending.signal)]);
        return { ok: true, result: { ...result, tookMs: Math.max(0, clock() - begun) } };
      } catch (error) {
        if (signal?.aborted) return stopped();
        if (theEnd?.aborted) return restarting();
        if (error instanceof TooMuch || ending.signal.aborted || sqlState(error) === '57014')
          return tooMuch();
        throw error;
      } finally {
        clearTimeout(timer);
        for (const one of [signal, theEnd]) one?.removeEventListener('abort', stop);
      }
    },
  };
}

class TooMuch extends Error {}

interface Job {
  rule: Rule;
  forms: Watch[];
  limits: number[];
  limit: number | null;
  days: number;
  ground: Parameters<typeof makeTally>[0];
}

async function prepare(
  world: World,
  actor: Actor,
  input: BackTestInput,
  now: number,
): Promise<{ ok: true; job: Job } | Refusal | RuleRefusal> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'act', input.ownerId);
  if (refused) return refused;
  const days = input.days ?? usualDays;
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    return refuse('invalid', `A back-test goes back 1 to ${mostDays} days.`);
  const found = await ruleFor(world, input);
  if (!('rule' in found)) return found;
  const { zone, quiet } = await settingsOf(db, input.ownerId, world.defaultZone);
  const rule: Rule = { ...found.rule, zone: found.rule.zone ?? zone, paused: false };
  const ready = readyRule(rule);
  if (!ready.ok) return refuse('invalid', `${ready.fault}.`);
  const wanted = [...new Set(input.limits ?? [])].filter(Number.isFinite).slice(0, mostLimits);
  const forms: Watch[] = [{ ...ready.watch, skims: true }];
  const limits: number[] = [];
  for (const limit of wanted) {
    const params = withLimit(rule.kind, rule.params, limit);
    const other = params && readyRule({ ...rule, params });
    if (!other?.ok) continue;
    forms.push({ ...other.watch, skims: true });
    limits.push(limit);
  }
  const ground = { zone, quiet, from: now - days * day, to: now };
  return { ok: true, job: { rule, forms, limits, limit: limitOf(rule.kind, rule.params), days, ground } };
}

async function ruleFor(
  world: World,
  { ownerId, rule }: BackTestInput,
): Promise<{ rule: Rule } | Refusal | RuleRefusal> {
  const { db } = world.database;
  if ('ruleId' in rule) {
    const known = await findRule(db, rule.ruleId);
    return known?.ownerId === ownerId
      ? { rule: known }
      : refuse('not-found', 'I do not know this rule any more.');
  }
  const drafted = await draftRule(db, kindBook, ownerId, rule.document);
  if (!drafted.ok) return drafted;
  const ground = await groundFor(db, drafted.draft);
  return { rule: { ...drafted.draft, ...ground, id: 'r_backtest', version: 0 } };
}

async function replay(
  world: World,
  { rule, forms, limits, limit, days, ground, most }: Job & { most: number | undefined },
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Omit<BackTest, 'tookMs'>> {
  const tallies = forms.map(() => makeTally(ground));
  const steps = makeReplay(forms, (step, form) => tallies[form]!.take(step));
  let facts: Past = { oldest: null, count: 0 };
  let asked = 0;
  let begun = false;
  const begin = () => {
    if (!begun) steps.begin(ground.from);
    begun = true;
  };
  const query = {
    pattern: rule.topic,
    from: ground.from - leadIn,
    to: ground.to,
    counted: ground.from,
    needles: needlesOf(rule.match, rule.lists, forms[0]!.kind.follows),
    ...(most === undefined ? {} : { most }),
  };
  onProgress(0);
  const isRead = await readPast(
    world.database,
    query,
    {
      past(past) {
        facts = past;
      },
      async page({ events, done }) {
        for (const [i, event] of events.entries()) {
          if (event.receivedAt >= ground.from) begin();
          if (steps.see(event) && event.receivedAt >= ground.from) asked++;
          if (i % breath < breath - 1) continue;
          await breathe();
          signal.throwIfAborted();
        }
        if (steps.remembered > mostRemembered * forms.length) throw new TooMuch();
        onProgress(done);
      },
    },
    signal,
  );
  if (!isRead) throw new TooMuch();
  begin();
  await steps.pass(ground.to, async () => {
    await breathe();
    signal.throwIfAborted();
  });
  onProgress(1);
  const [own, ...others] = tallies.map((tally) => tally.sums());
  const { oldest, count } = facts;
  return {
    name: rule.name,
    from: oldest === null ? ground.from : Math.min(ground.to, Math.max(ground.from, oldest)),
    to: ground.to,
    days,
    zone: ground.zone,
    ...own!,
    oldest,
    whole: oldest !== null && oldest <= ground.from,
    events: count,
    asked,
    limit,
    verify: rule.verify ?? null,
    variants: others.map(({ told, atNight }, i) => ({ limit: limits[i]!, told, atNight })),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

function stopped(): BackTestOutcome {
  return refuse('conflict', 'The back-test was stopped.');
}

function restarting(): BackTestOutcome {
  return refuse('conflict', 'I am being restarted. Please ask again in a minute.');
}

function tooMuch(): BackTestOutcome {
  return refuse('conflict', 'That is too much to look through at once. Try fewer days, or a narrower topic.');
}
