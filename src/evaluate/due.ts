// The job `due`: timers that ran out, each at its own instant, snoozed alerts that wake, and what nobody takes care of.
import { stepAlert } from '#core/alert-life.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import { sayError } from '#core/say-error.ts';
import { topicMatches } from '#core/topic.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commit, commitBeside } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { lockWaking } from '#store/find-alerts.ts';
import { beginEvaluation, waitingTopics } from '#store/lanes.ts';
import { lockDueStates, type RuleState } from '#store/rule-states.ts';
import { together } from '#store/together.ts';
import { passCare } from './care.ts';
import { passTime } from './evaluate.ts';
import { type Evaluation, isEventsFault, transact } from './evaluation.ts';
import { openRules } from './open-rules.ts';
import { changeOf, countStops } from './passing-on.ts';
import { changedStates, withAlerts } from './standings.ts';
import { askWho, passVerdicts } from './verifying.ts';

const page = 200;

/** Everything whose time has come by `now`; a timer waits for events of its topic that arrived before it ran out. */
export async function passDue(evaluation: Evaluation, now: number): Promise<void> {
  // Snoozes end and people are reminded also when timers cannot be passed, and the other way round.
  const ended = [
    await passTimers(evaluation, now).catch(failure),
    await passVerdicts(evaluation, now).catch(failure),
    await wake(evaluation, now).catch(failure),
    await passCare(evaluation, now).catch(failure),
  ];
  for (const one of ended) if (one) throw one.cause;
}

// A page that fails is halved until the timer at fault stands alone; it is passed over and tried again the next time.
async function passTimers(evaluation: Evaluation, now: number): Promise<void> {
  const { world } = evaluation;
  let after: RuleState | undefined;
  for (let limit = page; ; ) {
    const place = after;
    const size = limit;
    const tried: { rows: RuleState[] } = { rows: [] };
    try {
      const doorbells = await transact(evaluation, (tx) => duePage(tx, evaluation, place, size, tried, now));
      if (tried.rows.length > 0) failpoint('due.after_commit');
      world.ring(doorbells);
      limit = Math.min(page, size * 2);
    } catch (error) {
      const [first, second] = tried.rows;
      if (!isEventsFault(error) || !first) throw error;
      if (second) {
        limit = Math.ceil(tried.rows.length / 2);
        continue;
      }
      world.meter.count('tocsin_timer_failures_total');
      world.log.error({ rule: first.ruleId, error: sayError(error) }, 'a timer failed');
    }
    if (tried.rows.length < size || world.ending?.aborted) return;
    after = tried.rows.at(-1);
  }
}

async function wake(evaluation: Evaluation, now: number): Promise<void> {
  for (let more = true; more; ) {
    const { woken, doorbells } = await transact(evaluation, (tx) => wakePage(tx, evaluation, now));
    evaluation.world.ring(doorbells);
    more = woken === page;
  }
}

function failure(cause: unknown): { cause: unknown } {
  return { cause };
}

async function duePage(
  tx: Tx,
  evaluation: Evaluation,
  after: RuleState | undefined,
  limit: number,
  tried: { rows: RuleState[] },
  now: number,
): Promise<Doorbell[]> {
  const { book, world } = evaluation;
  await open(tx, evaluation);
  const rows = await lockDueStates(tx, after, limit, now);
  tried.rows = rows;
  if (rows.length === 0) return [];
  const waiting = await waitingTopics(tx);
  const changes: AlertChange[] = [];
  const all = await withAlerts(tx, rows);
  for (const held of all) {
    const watch = book.watch(held.ruleId);
    if (!watch) {
      // Paused or deleted: its alerts were withdrawn with it.
      held.standing = { ...held.standing, dueAt: null };
      continue;
    }
    // What arrived before the timer ran out may still stop it; live or after an outage, the result is the same.
    const horizon = waiting
      .filter(({ topic }) => topicMatches(watch.rule.topic, topic))
      .reduce((least, { since }) => Math.min(least, since), now);
    try {
      const turn = passTime(watch, held.standing, horizon, () => world.id('a'));
      held.standing = turn.standing;
      for (const step of turn.steps) changes.push(changeOf(watch.rule, step));
    } catch (error) {
      world.meter.count('tocsin_rule_failures_total', { kind: watch.kind.name });
      world.log.error({ rule: watch.rule.id, error: sayError(error) }, 'a rule failed on a timer');
      held.standing = { ...held.standing, dueAt: null };
    }
  }
  countStops(world, changes);
  const doorbells = [
    ...(await commitBeside(tx, changes, changedStates(all), now)),
    ...(await askWho(tx, changes, now)),
  ];
  failpoint('due.before_commit');
  return doorbells;
}

async function wakePage(
  tx: Tx,
  evaluation: Evaluation,
  now: number,
): Promise<{ woken: number; doorbells: Doorbell[] }> {
  await open(tx, evaluation);
  const changes: AlertChange[] = [];
  for (const alert of await lockWaking(tx, now, page)) {
    const step = stepAlert(alert, { is: 'wake' }, now);
    const rule = evaluation.book.watch(alert.ruleId)?.rule;
    // With time bands, those whose band has not spoken have not been told of it.
    if (step)
      changes.push(
        rule?.bands ? { step, receivers: [], toHeard: true } : { step, receivers: rule?.to ?? [] },
      );
  }
  return { woken: changes.length, doorbells: await commit(tx, changes, now) };
}

async function open(tx: Tx, evaluation: Evaluation): Promise<void> {
  await together([beginEvaluation(tx, undefined), openRules(tx, evaluation)]);
}
