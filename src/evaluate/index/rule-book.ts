// One process's rules in memory, kept fresh from the ledger's change counter.
import type { Log } from '#core/log.ts';
import type { Reader } from '#store/connection.ts';
import { rulesSince } from '#store/rules.ts';
import { makeRuleIndex, type RuleIndex } from './rule-index.ts';
import { readyRule, type Watch } from './watch.ts';

export interface RuleBook {
  index: RuleIndex<Watch>;
  /** Brings the index up to the ledger as `db` sees it. Call it while the rules are held. */
  refresh(db: Reader): Promise<void>;
}

/** A book without rules: the first refresh reads all. */
export function openRuleBook(log: Log): RuleBook {
  const index = makeRuleIndex<Watch>();
  let version = 0;
  let running: Promise<void> = Promise.resolve();

  async function read(db: Reader): Promise<void> {
    const news = await rulesSince(db, version);
    for (const id of news.gone) index.remove(id);
    for (const rule of news.changed) {
      index.remove(rule.id);
      if (rule.paused) continue;
      const ready = readyRule(rule);
      if (ready.ok) index.put(rule, ready.watch);
      else log.error({ rule: rule.id, fault: ready.fault }, 'a rule cannot be used');
    }
    version = news.version;
  }

  return {
    index,
    refresh(db) {
      // One at a time: sixteen lanes that start together read the rules once.
      const next = running.then(() => read(db));
      running = next.catch(() => {});
      return next;
    },
  };
}
