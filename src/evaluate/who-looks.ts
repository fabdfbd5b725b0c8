// Which rules look at each event of a batch: those that ask about it, without those that would sleep through it.
import type { Event } from '#core/event.ts';
import { alertKey, defaultKey, plainFingerprint, ruleAsks } from '#core/rule.ts';
import type { RuleKey } from '#store/rule-states.ts';
import type { RuleBook } from './index/rule-book.ts';
import type { Watch } from './index/watch.ts';

/** A rule and what separates its alerts in one event. */
export interface Look {
  watch: Watch;
  key: string;
  labels: Record<string, string>;
}

/** The rules that ask about one event, and the keys for which others may remember something. */
export interface Asked {
  watches: Watch[];
  keys: Set<string>;
}

/** What is asked by index alone, for each event. */
export function whoAsks(book: RuleBook, events: Event[]): Asked[] {
  return events.map((event) => {
    const { watches, sleeping } = book.ask(event);
    const keys = new Set(sleeping.map((key) => alertKey({ key }, event).key));
    if (isBareEnd(event)) keys.add(alertKey({ key: defaultKey }, event).key);
    return { watches, keys };
  });
}

/** The rules with the keys of these events, and the keys about which is asked whoever remembers them. */
export function whatMatters(events: Event[], asked: Asked[]): { pairs: RuleKey[]; keys: string[] } {
  const pairs = events.flatMap((event, i) =>
    asked[i]!.watches.map(({ rule }) => ({ ruleId: rule.id, key: alertKey(rule, event).key })),
  );
  return { pairs, keys: [...new Set(asked.flatMap(({ keys }) => [...keys]))] };
}

/**
 * For each event its rules, in order of their ids. A rule that sleeps (`Kind.wakes`) is among them when the event wakes
 * it, when the ledger remembers something of it for the event's key, or when an earlier event of the batch woke it. A rule
 * that follows the source's own lifecycle hears the end of what burns for it, whatever else the event says or lacks.
 */
export function whoLooks(
  book: RuleBook,
  events: Event[],
  asked: Asked[],
  remembering: Iterable<RuleKey>,
): Look[][] {
  const awake = new Map<string, Set<string>>();
  for (const { ruleId, key } of remembering) wake(awake, key, ruleId);
  return events.map((event, i) => {
    const { watches, keys } = asked[i]!;
    const looks = watches.map((watch) => look(watch, event));
    const there = new Set(watches.map(({ rule }) => rule.id));
    for (const key of keys)
      for (const id of awake.get(key) ?? []) {
        const watch = there.has(id) ? undefined : book.watch(id);
        if (!watch || !(ruleAsks(watch.rule, event) || mustHear(watch, event))) continue;
        const one = look(watch, event);
        if (one.key === key) looks.push(one);
      }
    for (const { watch, key } of looks)
      if (watch.kind.wakes || watch.kind.follows) wake(awake, key, watch.rule.id);
    return looks.length > watches.length ? looks.sort(byRuleId) : looks;
  });
}

// Ends and acknowledgements often carry the situation's name and nothing else: PagerDuty's hold the dedup key.
function isBareEnd(event: Event): boolean {
  const says = event.status === 'resolved' || event.status === 'acknowledged';
  return says && event.fingerprint !== plainFingerprint(event);
}

/** Whoever heard the beginning hears the end, also when it lacks what the rule's conditions ask for. */
export function mustHear({ rule, kind }: Watch, event: Event): boolean {
  return kind.follows === true && isBareEnd(event) && ruleAsks({ ...rule, match: [] }, event);
}

function look(watch: Watch, event: Event): Look {
  return { watch, ...alertKey(watch.rule, event) };
}

function wake(awake: Map<string, Set<string>>, key: string, ruleId: string): void {
  const ids = awake.get(key);
  if (ids) ids.add(ruleId);
  else awake.set(key, new Set([ruleId]));
}

function byRuleId({ watch: a }: Look, { watch: b }: Look): number {
  return a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0;
}
