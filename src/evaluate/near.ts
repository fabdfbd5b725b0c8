// What came near to a rule's limit and was not enough: events that are kept, read once more. Rules that sleep leave no trace.
import { setImmediate as breathe } from 'node:timers/promises';
import type { Event } from '#core/event.ts';
import { alertKey, type Rule, ruleAsks } from '#core/rule.ts';
import type { NearMiss } from '#operations/back-test-book.ts';
import type { Database } from '#store/connection.ts';
import { type PastPage, readPast } from '#store/past-events.ts';
import { readyRule, type Watch } from './index/watch.ts';
import { needlesOf } from './needles.ts';

/** So many topics are read, so many looks taken at each, and so many things told apart. */
const [mostTopics, mostLooks, mostKeys] = [20, 100_000, 10_000];

class Enough extends Error {}

/** For each thing, what came nearest and how often; those whose limit was passed are left out. Nearest first. */
export async function nearMisses(
  database: Database,
  rules: readonly Rule[],
  { from, until, most }: { from: number; until: number; most: number },
): Promise<NearMiss[]> {
  const byTopic = new Map<string, Watch[]>();
  for (const rule of rules) {
    const ready = readyRule(rule);
    if (!ready.ok || rule.paused || !ready.watch.kind.wakes) continue;
    const others = byTopic.get(rule.topic);
    if (others) others.push(ready.watch);
    else if (byTopic.size < mostTopics) byTopic.set(rule.topic, [ready.watch]);
  }
  const found: NearMiss[] = [];
  for (const [topic, watches] of byTopic)
    found.push(...(await nearestUnder(database, topic, watches, from, until)));
  return found.sort((a, b) => closeness(a) - closeness(b)).slice(0, most);
}

/** The events of one topic are read once, however many rules are about them. */
async function nearestUnder(
  database: Database,
  pattern: string,
  watches: Watch[],
  from: number,
  until: number,
): Promise<NearMiss[]> {
  const best = watches.map(() => new Map<string, NearMiss | null>());
  const [only, more] = watches;
  const needles = only && !more ? needlesOf(only.rule.match, only.rule.lists) : [];
  const query = { pattern, from, to: until - 1, counted: from, needles };
  let looks = 0;
  const page = async ({ events }: PastPage) => {
    await breathe();
    for (const event of events)
      for (const [i, watch] of watches.entries()) {
        if (++looks > mostLooks) throw new Enough();
        if (ruleAsks(watch.rule, event)) look(watch, event, best[i]!);
      }
  };
  await readPast(database, query, { past: () => {}, page }, undefined).catch((error) => {
    if (!(error instanceof Enough)) throw error;
  });
  return best.flatMap((all) => [...all.values()]).filter((one) => one !== null);
}

/** Null: its limit was passed. */
function look(watch: Watch, event: Event, best: Map<string, NearMiss | null>): void {
  const { rule, kind } = watch;
  const params = presentParams(watch, event.receivedAt);
  if (params === undefined) return;
  const { key } = alertKey(rule, event);
  const { reading } = kind.step(params, kind.initial(params), event, event.receivedAt);
  if (reading.is === 'met') best.set(key, null);
  const { value, limit, text } = reading;
  if (reading.is !== 'unmet' || typeof value !== 'number' || typeof limit !== 'number') return;
  const before = best.get(key);
  if (before === null || (before === undefined && best.size >= mostKeys)) return;
  const times = (before?.times ?? 0) + 1;
  const { id: ruleId, name: ruleName } = rule;
  const { seq, receivedAt: at, subject, type: topic } = event;
  const miss = { ruleId, ruleName, topic, subject, value, limit, text, seq, at, times };
  best.set(key, before && closeness(before) <= closeness(miss) ? { ...before, times } : miss);
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
