// The room's jobs: `evaluate` drains a lane, `due` lets time pass. Doing either twice changes nothing.
import type { Work } from '#core/doorbell.ts';
import { lanes } from '#core/event.ts';
import type { World } from '#operations/world.ts';
import type { Batch } from './batch.ts';
import { keepCatalogue } from './catalogue.ts';
import { passDue } from './due.ts';
import { type Evaluation, transact } from './evaluation.ts';
import { openRuleBook } from './index/rule-book.ts';
import { openRules } from './open-rules.ts';
import { openRounds } from './rounds.ts';

export interface EvaluateWork extends Pick<Work, 'evaluate' | 'due'> {
  /** Reads the rules before the first event asks for them, so that it does not pay for all of them. */
  warm(): Promise<void>;
  /** Writes what the catalogue of topics would write within the second. */
  settle(): Promise<void>;
  /** Writes what the catalogue of topics still has in memory; no timer of ours runs afterwards. */
  close(): Promise<void>;
}

/**
 * The jobs for this process. `tellOwners`: a sentence for the owners, such as an event put aside. `crowded`: whether other
 * lanes wait for a turn; a lane with much to do then goes to the end of the line.
 */
export function evaluateWork(
  world: World,
  tellOwners: Evaluation['tellOwners'] = async () => {},
  crowded: () => boolean = () => false,
): EvaluateWork {
  const evaluation: Evaluation = { world, book: openRuleBook(world.log, world.defaultZone), tellOwners };
  const catalogue = keepCatalogue(world);
  const rounds = openRounds(evaluation, committed, crowded);
  const running = new Map<string, { next: (() => Promise<void>) | undefined; done: Promise<void> }>();

  // A second ring while it is being done means one more look, not a second one beside it.
  function once(name: string, work: () => Promise<void>): Promise<void> {
    const there = running.get(name);
    if (there) {
      there.next = work;
      return there.done;
    }
    const entry: { next: typeof work | undefined; done: Promise<void> } = {
      next: work,
      done: Promise.resolve(),
    };
    running.set(name, entry);
    entry.done = (async () => {
      try {
        for (let task = entry.next; task; task = entry.next) {
          entry.next = undefined;
          await task();
        }
      } finally {
        running.delete(name);
      }
    })();
    return entry.done;
  }

  function committed({ events, doorbells, matched }: Omit<Batch, 'more'>, now: number): void {
    world.ring(doorbells);
    world.meter.count('tocsin_events_processed_total', {}, events.length);
    world.meter.count('tocsin_rules_matched_total', {}, matched);
    world.meter.observe('tocsin_event_wait_seconds', Math.max(0, now - events[0]!.receivedAt) / 1000);
    catalogue.note(events);
  }

  return {
    async evaluate(id, now) {
      const number = Number(id);
      if (!Number.isInteger(number) || number < 0 || number >= lanes) return;
      const isLeft = await rounds.drain(number, now);
      if (isLeft) world.ring([{ job: 'evaluate', id }]);
    },
    due: (_id, now) => once('due', () => passDue(evaluation, now)),
    warm: () => transact(evaluation, (tx) => openRules(tx, evaluation)),
    settle: () => catalogue.settle(),
    close: () => catalogue.close(),
  };
}
