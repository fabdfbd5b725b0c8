// The evaluation transaction: events of one lane or of several in order, every rule that asks about them, everything written together.
import type { Doorbell } from '#core/doorbell.ts';
import type { Event } from '#core/event.ts';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import { type Trace, type TraceRow, traceOf, traceRow } from '#core/trace.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commitBeside } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import {
  beginEvaluation,
  beginTogether,
  inTurns,
  oldestWaiting,
  troubledLanes,
  type Waiting,
} from '#store/lanes.ts';
import { together } from '#store/together.ts';
import { seeEvent } from './evaluate.ts';
import type { Evaluation } from './evaluation.ts';
import { openRules } from './open-rules.ts';
import { changeOf, countStops } from './passing-on.ts';
import { prime } from './prime.ts';
import { changedStates, heldOf, holdStandings, remembered } from './standings.ts';
import { askWho } from './verifying.ts';
import { whatMatters, whoAsks, whoLooks } from './who-looks.ts';

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
  evaluation: Evaluation,
  lane: number,
  limit: number,
  before: BeforeBatch,
  now: number,
): Promise<Batch> {
  const [, oldest] = await together([
    beginEvaluation(tx, lane),
    oldestWaiting(tx, [lane], limit),
    openRules(tx, evaluation),
  ]);
  const next = await inTurns(tx, [lane], limit, oldest);
  const waiting = next.events.map((event) => takenBy(event, now));
  const events = waiting.slice(0, await before(waiting));
  const told = await evaluateEvents(tx, evaluation, events, { most: events.length, last: false }, now);
  return { ...told, more: next.left.length > 0 || events.length < waiting.length };
}

/** What was processed of several lanes. */
export interface SharedBatch extends Omit<Batch, 'more'> {
  /** The lanes of which nobody else had one. */
  ours: number[];
  /** Those of them in which more may wait. */
  left: number[];
  /** Those whose last batch did not end well: nothing of them was processed. */
  troubled: number[];
  /** How much the bodies of what was processed are together, in letters. */
  letters: number;
}

/** How many events at most: `plenty` when rules look at so few that there is little to write, and then at no more than is usual. */
export interface Limits {
  usual: number;
  plenty?: number | undefined;
}

/** Processes the oldest waiting events of those of these lanes that nobody else has. */
export async function evaluateTogether(
  tx: Tx,
  evaluation: Evaluation,
  lanes: number[],
  { usual, plenty }: Limits,
  now: number,
): Promise<SharedBatch> {
  const limit = plenty ?? usual;
  const [ours, troubled, oldest] = await together([
    beginTogether(tx, lanes),
    troubledLanes(tx, lanes),
    oldestWaiting(tx, lanes, limit),
    openRules(tx, evaluation),
  ]);
  const usable = ours.filter((lane) => !troubled.includes(lane));
  const all = usable.length === lanes.length;
  const found = all ? oldest : usable.length > 0 ? await oldestWaiting(tx, usable, limit) : nothing;
  // What no rule looks at is gone through so quickly that no topic needs a turn before it.
  const next = plenty === undefined ? await inTurns(tx, usable, limit, found) : found;
  const waiting = next.events.map((event) => takenBy(event, now));
  const told = await evaluateEvents(tx, evaluation, waiting, { most: usual, last: true }, now);
  const left = told.events.length < waiting.length ? usable : next.left;
  return { ...told, ours: usable, left, troubled, letters: next.letters };
}

const nothing: Waiting = { events: [], left: [], letters: 0 };

/**
 * Takes these events, in their order, through the rules, and writes all that comes of it; not those after as many as `most`
 * at which a rule looks. `last`: the transaction writes nothing afterwards.
 */
async function evaluateEvents(
  tx: Tx,
  { book, world }: Evaluation,
  waiting: Event[],
  { most, last }: { most: number; last: boolean },
  now: number,
): Promise<Omit<Batch, 'more'>> {
  if (waiting.length === 0) return { events: [], matched: 0, doorbells: [] };
  failpoint('drain.begun');
  const asking = whoAsks(book, waiting);
  const { pairs, keys } = whatMatters(waiting, asking);
  const holding = await holdStandings(tx, pairs, keys);
  const asked = whoLooks(book, waiting, asking, remembered(holding));
  let looked = 0;
  const end = asked.findIndex(({ length }) => length > 0 && ++looked > most);
  if (end >= 0) asked.length = end;
  const events = waiting.slice(0, asked.length);
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
  const matched = asked.reduce((sum, looks) => sum + looks.length, 0);
  const processed = events.map(({ seq }, i) => ({
    seq,
    matched: asked[i]!.length,
    trace: traces[i] ?? null,
  }));
  if (changes.length > 0) failpoint('drain.before_states');
  countStops(world, changes);
  // Where one statement is enough, the commit goes out with it.
  failpoint('drain.before_commit');
  const committed = await commitBeside(
    tx,
    changes,
    { ...changedStates(holding.values()), processed, last },
    now,
  );
  const doorbells = [...committed, ...(await askWho(tx, changes, now))];
  failpoint('drain.after_write');
  return { events, matched, doorbells };
}
