// What came near to a rule's limit and was not enough: events that are kept, read once more. Rules that sleep leave no trace.
import { setImmediate as breathe } from 'node:timers/promises';
import { alertKey, type Rule, ruleAsks } from '#core/rule.ts';
import type { NearMiss } from '#operations/back-test-book.ts';
import type { Database } from '#store/connection.ts';
import { type PastPage, readPast } from '#store/past-events.ts';
import { readyRule, type Watch } from './index/watch.ts';
import { needlesOf } from './needles.ts';

/** So many events are looked at, and so many things told apart. */
const [mostEvents, mostKeys] = [100_000, 10_000];

class Enough extends Error {}

/** For each thing, what came nearest and how often; those whose limit was passed are left out. Nearest first. */
export async function nearMisses(
  database: Database,
  rules: readonly Rule[],
  { from, until, most }: { from: number; until: number; most: number },
): Promise<NearMiss[]> {
  const found: NearMiss[] = [];
  for (const rule of rules) {
    const ready = readyRule(rule);
    if (!ready.ok || rule.paused || !ready.watch.kind.wakes) continue;
    found.push(...(await nearestOf(database, ready.watch, from, until)));
  }
  return found.sort((a, b) => closeness(a) - closeness(b)).slice(0, most);
}

async function nearestOf(database: Database, watch: Watch, from: number, until: number): Promise<NearMiss[]> {
  const { rule, kind } = watch;
  const best = new Map<string, NearMiss | null>();
  const query = {
    pattern: rule.topic,
    from,
    to: until - 1,
    counted: from,
    needles: needlesOf(rule.match, rule.lists),
  };
  let looked = 0;
  const page = async ({ events }: PastPage) => {
    await breathe();
    for (const event of events) {
      if (++looked > mostEvents) throw new Enough();
      if (!ruleAsks(rule, event)) continue;
      const { key } = alertKey(rule, event);
      const params = presentParams(watch, event.receivedAt);
      if (params === undefined) continue;
      const { reading } = kind.step(params, kind.initial(params), event, event.receivedAt);
      if (reading.is === 'met') best.set(key, null);
      const { value, limit, text } = reading;
      if (reading.is !== 'unmet' || typeof value !== 'number' || typeof limit !== 'number') continue;
      const before = best.get(key);
      if (before === null || (before === undefined && best.size >= mostKeys)) continue;
      const { id: ruleId, name: ruleName } = rule;
      const { seq, receivedAt: at, subject, type: topic } = event;
      const miss = { ruleId, ruleName, topic, subject, value, limit, text, seq, at, times: 1 };
      const times = (before?.times ?? 0) + 1;
      best.set(
        key,
        before && closeness(before) <= closeness(miss) ? { ...before, times } : { ...miss, times },
      );
    }
  };
  await readPast(database, query, { past: () => {}, page }, undefined).catch((error) => {
    if (!(error instanceof Enough)) throw error;
  });
  return [...best.values()].filter((one) => one !== null);
}

/** The params of the time band that holds; undefined: it is off. */
function presentParams({ params, bands }: Watch, at: number): unknown {
  if (!bands) return params;
  const ask = bands.askOf(bands.at(at).band);
  return ask < 0 ? undefined : bands.asks[ask];
}

// As a part of the limit, so that percent and bytes can stand in one list.
function closeness({ value, limit }: NearMiss): number {
  return Math.abs(value - limit) / Math.max(Math.abs(limit), 1e-9);
}
