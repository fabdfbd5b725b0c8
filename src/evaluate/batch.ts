// The evaluation transaction: events of one lane in order, every rule that asks about them, everything written together.

import type { Doorbell } from '#core/doorbell.ts';
import type { Event } from '#core/event.ts';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import { type Trace, type TraceRow, traceOf, traceRow } from '#core/trace.ts';
import { type AlertChange, commit } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { beginEvaluation, markProcessed, waitingEvents } from '#store/lanes.ts';
import { holdRules } from '#store/rules.ts';
import { seeEvent } from './evaluate.ts';
import { type Evaluation, RulesUnread } from './evaluation.ts';
import { changeOf, countStops } from './passing-on.ts';
import { prime } from './prime.ts';
import { heldOf, holdStandings, saveStandings } from './standings.ts';
import { askWho } from './verifying.ts';
import { whoLooks } from './who-looks.ts';

export interface Batch {
  /** What was processed, in order; empty when nothing waits. */
  events: Event[];
  /** How often a rule asked about one of them. */
  matched: number;
  /** To ring once the transaction has committed. */
  doorbells: Doorbell[];
  /** Whether more may wait. */
  more: boolean;
}

/** Told about the events of a batch before they are tried; returns how many of them to try. */
export type BeforeBatch = (events: Event[]) => Promise<number>;

/** Clocks of several machines differ by less. */
const skewMs = 5_000;

/** What was taken by a clock that has been set back since counts as taken now, or its timers would wait for that clock. */
function takenBy(event: Event, now: number): Event {
  return event.receivedAt > now + skewMs ? { ...event, receivedAt: now } : event;
}

/** Processes the lane's oldest waiting events, at most `limit`. */
export async function evaluateBatch(
  tx: Tx,
  { book, world }: Evaluation,
  lane: number,
  limit: number,
  before: BeforeBatch,
  now: number,
): Promise<Batch> {
  await beginEvaluation(tx, lane);
  await holdRules(tx);
  await book.refresh(tx).catch((cause) => {
    throw new RulesUnread('the rules could not be read', { cause });
  });
  const waiting = (await waitingEvents(tx, lane, limit)).map((event) => takenBy(event, now));
  const events = waiting.slice(0, await before(waiting));
  if (events.length > 0) failpoint('drain.begun');
  const asked = await whoLooks(tx, book, events);
  const holding = await holdStandings(tx, asked.flat());
  await prime(
    tx,
    events.flatMap((event, i) =>
      asked[i]!.map(({ watch, key }) => ({ watch, held: heldOf(holding, watch.rule.id, key), event })),
    ),
  );
  const changes: AlertChange[] = [];
  const traces: (Trace | null)[] = [];
  for (const [i, event] of events.entries()) {
    const traced: TraceRow[] = [];
    for (const { watch, key, labels } of asked[i]!) {
      const held = heldOf(holding, watch.rule.id, key);
      try {
        const turn = seeEvent(watch, held.standing, event, labels, () => world.id('a'));
        held.standing = turn.standing;
        if (turn.read) traced.push(traceRow(watch.rule.id, key, turn.read.reading, turn.read.band));
        for (const step of turn.steps) changes.push(changeOf(watch.rule, step));
      } catch (error) {
        // One rule that cannot read one event must not stop the others.
        world.meter.count('tocsin_rule_failures_total', { kind: watch.kind.name });
        world.log.error(
          { rule: watch.rule.id, seq: event.seq, error: sayError(error) },
          'a rule failed on an event',
        );
        const reading = { is: 'unknown', text: 'The rule failed on this event.' } as const;
        traced.push(traceRow(watch.rule.id, key, reading));
      }
    }
    traces.push(traceOf(traced));
  }
  if (changes.length > 0) failpoint('drain.before_states');
  await saveStandings(tx, holding.values());
  if (changes.length > 0) failpoint('drain.before_changes');
  countStops(world, changes);
  const doorbells = [...(await commit(tx, changes, now)), ...(await askWho(tx, changes, now))];
  const done = events.map(({ seq }, i) => ({ seq, matched: asked[i]!.length, trace: traces[i] ?? null }));
  await markProcessed(tx, done, now);
  if (changes.length > 0) failpoint('drain.before_commit');
  const matched = done.reduce((sum, one) => sum + one.matched, 0);
  const more = waiting.length === limit || events.length < waiting.length;
  return { events, doorbells, matched, more };
}
