// One process's rules in memory, kept fresh from the ledger's change counter.
import type { NewEvent } from '#core/event.ts';
import type { Log } from '#core/log.ts';
import type { Tx } from '#store/connection.ts';
import { idOfPacked, isPaused, type PackedRule, tellRules, unpackRule } from '#store/rule-feed.ts';
import { makeRuleIndex } from './rule-index.ts';
import { packedForm, readyRule, type Watch } from './watch.ts';

export interface RuleBook {
  /** How many rules it knows. */
  readonly size: number;
  /** The rules that ask about this event, in order of their ids; see `RuleIndex.ask` for those that sleep. */
  ask(event: NewEvent): { watches: Watch[]; sleeping: readonly string[][] };
  /** The rule with this id, unless it is deleted, paused or not usable. */
  watch(id: string): Watch | undefined;
  /** Brings the index up to the change `last`, which `holdRules` told. Call it while the rules are held. */
  refresh(tx: Tx, last: number): Promise<void>;
}

// A rule is kept packed and made ready when an event first asks for it: a million of them fit into memory.
const mostReady = 10_000;

/** A book without rules: the first refresh reads all. `zone`: of owners who have not said theirs. */
export function openRuleBook(log: Log, zone = 'UTC'): RuleBook {
  let index = makeRuleIndex<PackedRule>(packedForm);
  let version = 0;
  let running: Promise<void> = Promise.resolve();
  // By the packed text: a new form of a rule is another entry. Null: it cannot be used.
  const ready = new Map<PackedRule, Watch | null>();

  async function read(tx: Tx, last: number): Promise<void> {
    if (last <= version) return;
    // A first reading that broke off may hold rules that are deleted since.
    if (version === 0 && index.size > 0) index = makeRuleIndex(packedForm);
    version = await tellRules(tx, version, {
      changed(rule) {
        if (isPaused(rule)) index.remove(idOfPacked(rule));
        else index.put(rule);
      },
      gone: (id) => index.remove(id),
    });
  }

  function watchOf(packed: PackedRule): Watch | undefined {
    const known = ready.get(packed);
    if (known !== undefined) return known ?? undefined;
    const made = readyRule(unpackRule(packed), zone);
    if (!made.ok) log.error({ rule: idOfPacked(packed), fault: made.fault }, 'a rule cannot be used');
    if (ready.size >= mostReady)
      for (const old of [...ready.keys()].slice(0, mostReady / 2)) ready.delete(old);
    ready.set(packed, made.ok ? made.watch : null);
    return made.ok ? made.watch : undefined;
  }

  return {
    get size() {
      return index.size;
    },
    ask(event) {
      const { found, sleeping } = index.ask(event);
      return { watches: found.sort().flatMap((packed) => watchOf(packed) ?? []), sleeping };
    },
    watch(id) {
      const packed = index.find(id);
      return packed === undefined ? undefined : watchOf(packed);
    },
    async refresh(tx, last) {
      // Whoever holds the rules and has to read nothing waits for nobody.
      if (last <= version) return;
      // One at a time: sixteen lanes that start together read the rules once. All of them hold the rules, so whoever reads
      // waits for nothing: a place taken earlier could wait for a lock behind somebody who saves a rule and waits for us.
      const next = running.then(() => read(tx, last));
      running = next.catch(() => {});
      await next;
    },
  };
}
