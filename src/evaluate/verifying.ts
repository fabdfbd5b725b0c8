// Before an alert is told its target is asked: who begins to wait, and what the answers bring.
import type { Doorbell } from '#core/doorbell.ts';
import { sayError } from '#core/say-error.ts';
import { topicMatches } from '#core/topic.ts';
import { answerWithinMs } from '#core/verify.ts';
import type { AlertChange } from '#store/alert-change.ts';
import { commitBeside } from '#store/alerts.ts';
import type { Tx } from '#store/connection.ts';
import { beginEvaluation, waitingTopics } from '#store/lanes.ts';
import { together } from '#store/together.ts';
import {
  type Asked,
  askTargets,
  endVerifications,
  hurry,
  markAnswered,
  waitingVerdicts,
} from '#store/verifications.ts';
import { hearVerdict, type Verdict } from './evaluate.ts';
import { type Evaluation, transact } from './evaluation.ts';
import { openRules } from './open-rules.ts';
import { changeOf } from './passing-on.ts';
import { changedStates, type Held, heldOf, holdStandings } from './standings.ts';
import { judge } from './verdict.ts';

/** Asks the targets of alerts that would fire now. Call it when the alerts are written. */
export async function askWho(tx: Tx, changes: AlertChange[], now: number): Promise<Doorbell[]> {
  const last = new Map(changes.map(({ step }) => [step.alert.id, step]));
  const asked = [...last.values()].flatMap(({ transition: { change, alertId, note } }): Asked[] =>
    change === 'asked' ? [{ alertId, target: note ?? '', until: now + answerWithinMs }] : [],
  );
  await askTargets(tx, asked, now);
  return asked.length > 0 ? [{ job: 'scrape', id: 'all' }] : [];
}

/** Hears what the targets have answered by `now`. */
export async function passVerdicts(evaluation: Evaluation, now: number): Promise<void> {
  const { database, ring } = evaluation.world;
  if ((await waitingVerdicts(database.db)).length === 0) return;
  ring(await transact(evaluation, (tx) => hear(tx, evaluation, now)));
}

async function hear(tx: Tx, evaluation: Evaluation, now: number): Promise<Doorbell[]> {
  const { book, world } = evaluation;
  await together([beginEvaluation(tx, undefined), openRules(tx, evaluation)]);
  const heard = await waitingVerdicts(tx);
  const over = heard.filter(({ status }) => status !== 'pending').map(({ alertId }) => alertId);
  const waiting = await waitingTopics(tx);
  const again: Asked[] = [];
  const believed: Asked[] = [];
  const said: { watch: NonNullable<ReturnType<typeof book.watch>>; key: string; verdict: Verdict }[] = [];
  for (const one of heard) {
    const watch = one.status === 'pending' ? book.watch(one.ruleId) : undefined;
    // Paused or deleted: its alerts were withdrawn with it.
    if (!watch) continue;
    const { rule } = watch;
    // What arrived before the answer may still end it.
    const at = Math.max(one.askedAt, Math.min(now, one.until, one.found?.lastAt ?? now));
    if (waiting.some(({ topic, since }) => since <= at && topicMatches(rule.topic, topic))) continue;
    const judged =
      rule.verify === undefined
        ? { is: 'tell' as const, verdict: { answers: false, text: 'the rule asks nobody any more' } }
        : judge(one, now);
    const { alertId, target, key } = one;
    if (judged.is === 'ask') again.push({ alertId, target, until: judged.until });
    if (judged.is === 'believe') believed.push({ alertId, target, until: judged.until });
    if (judged.is === 'tell') over.push(alertId);
    if ('verdict' in judged && judged.verdict) said.push({ watch, key, verdict: judged.verdict });
  }
  const changes: AlertChange[] = [];
  const holding = await holdStandings(
    tx,
    said.map(({ watch, key }) => ({ ruleId: watch.rule.id, key })),
  );
  for (const { watch, key, verdict } of said) {
    const held: Held = heldOf(holding, watch.rule.id, key);
    try {
      const turn = hearVerdict(watch, held.standing, verdict, now);
      held.standing = turn.standing;
      for (const step of turn.steps) changes.push(changeOf(watch.rule, step));
    } catch (error) {
      world.meter.count('tocsin_rule_failures_total', { kind: watch.kind.name });
      world.log.error({ rule: watch.rule.id, error: sayError(error) }, 'a rule failed on a verdict');
    }
  }
  const rings = await commitBeside(tx, changes, changedStates(holding.values()), now);
  await markAnswered(tx, believed);
  await endVerifications(tx, over);
  await askTargets(tx, again, now);
  const hurried = await hurry(tx, now);
  return hurried || again.length > 0 ? [...rings, { job: 'scrape', id: 'all' }] : rings;
}
