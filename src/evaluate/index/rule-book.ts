// One process's rules in memory, kept fresh from the ledger's change counter.
import type { NewEvent } from '#core/event.ts';
import type { Log } from '#core/log.ts';
import { sayError } from '#core/say-error.ts';
import type { Tx } from '#store/connection.ts';
import { idOfPacked, isPaused, tellRules, unpackRule } from '#store/rule-feed.ts';
import { makeRuleIndex } from './rule-index.ts';
import { Texts } from './texts.ts';
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

// A rule is kept packed and made ready when an event first asks for it: a million of them fit into memory. Those that were
// made ready last stay: so many of them, and as many before them.
const mostReady = 5_000;

/** A book without rules: the first refresh reads all. `zone`: of owners who have not said theirs. */
export function openRuleBook(log: Log, zone = 'UTC'): RuleBook {
  let texts = new Texts();
  let index = makeRuleIndex(packedForm(texts));
  let version = 0;
  let running: Promise<void> = Promise.resolve();
  // By the number of the packed text. Null: it cannot be used.
  let ready = new Map<number, Watch | null>();
  let before: typeof ready = new Map();

  async function read(tx: Tx, last: number): Promise<void> {
    if (last <= version) return;
    // A first reading that broke off may hold rules that are deleted since.
    if (version === 0 && index.size > 0) {
      texts = new Texts();
      index = makeRuleIndex(packedForm(texts));
      ready = new Map();
      before = new Map();
    }
    try {
      version = await tellRules(tx, version, {
        changed: (rule) => forget(isPaused(rule) ? index.remove(idOfPacked(rule)) : put(rule)),
        gone: (id) => forget(index.remove(id)),
      });
    } finally {
      if (texts.isSparse) repack();
    }
  }

  /** One that cannot be read is left out: it must not keep the others from being evaluated. Returns what was there. */
  function put(rule: string): number | undefined {
    const number = texts.add(rule);
    try {
      return index.put(number);
    } catch (error) {
      texts.drop(number);
      const id = idOfPacked(rule);
      log.error({ rule: id, fault: sayError(error) }, 'a rule cannot be used');
      // What it was before holds no more either.
      return index.remove(id);
    }
  }

  // Every text has another number afterwards.
  function repack(): void {
    const move = texts.repack();
    const [were, wereBefore] = [ready, before];
    ready = new Map();
    before = new Map();
    index.replace((number) => {
      const to = move(number);
      const watch = were.get(number);
      if (watch !== undefined) ready.set(to, watch);
      const earlier = wereBefore.get(number);
      if (earlier !== undefined) before.set(to, earlier);
      return to;
    });
  }

  // The next text may have its number.
  function forget(number: number | undefined): void {
    if (number === undefined) return;
    texts.drop(number);
    ready.delete(number);
    before.delete(number);
  }

  function watchOf(number: number): Watch | null {
    const known = ready.get(number);
    if (known !== undefined) return known;
    const watch = before.get(number) ?? makeReady(number);
    if (ready.size >= mostReady) {
      before = ready;
      ready = new Map();
    }
    ready.set(number, watch);
    return watch;
  }

  function makeReady(number: number): Watch | null {
    const rule = unpackRule(texts.text(number));
    const made = readyRule(rule, zone);
    if (made.ok) return made.watch;
    log.error({ rule: rule.id, fault: made.fault }, 'a rule cannot be used');
    return null;
  }

  return {
    get size() {
      return index.size;
    },
    ask(event) {
      const { found, sleeping } = index.ask(event);
      const watches: Watch[] = [];
      for (const number of found) {
        const watch = watchOf(number);
        if (watch) watches.push(watch);
      }
      return { watches: watches.sort(byId), sleeping };
    },
    watch(id) {
      const number = index.find(id);
      return number === undefined ? undefined : (watchOf(number) ?? undefined);
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

function byId({ rule: a }: Watch, { rule: b }: Watch): number {
  return a.id < b.id ? -1 : 1;
}
