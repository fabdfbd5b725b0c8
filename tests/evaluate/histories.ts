// Histories for the kinds: stepped as the worker steps them, with restarts, and what an alert's life was.
import type { Step } from '#core/alert.ts';
import type { Event } from '#core/event.ts';
import type { Rule } from '#core/rule.ts';
import { freshStanding, passTime, type Standing, seeEvent } from '../../src/evaluate/evaluate.ts';
import { readyRule, type Watch } from '../../src/evaluate/index/watch.ts';
import { eventWith, ruleWith } from './stage.ts';

export function watchOf(given: Partial<Rule> = {}): Watch {
  const ready = readyRule(ruleWith({ id: 'r', ...given }));
  if (!ready.ok) throw new Error(ready.fault);
  return ready.watch;
}

/** An event as a history holds it: received `at`, `time` by the sender's clock. */
export type Given = { at: number; time?: number | undefined } & Partial<Pick<Event, 'data' | 'labels'>>;

export interface Lived {
  steps: Step[];
  standing: Standing;
  /** `fired@12`, `resolved@40` …; updates are left out. */
  story: string[];
}

/**
 * Lets the events be seen in the order in which they were received, then time pass until `end`. The standing goes
 * through the ledger's form after each. `begins`: the rule named its only key when it was saved then.
 */
export function live(watch: Watch, events: Given[], end: number, begins?: number): Lived {
  let standing: Standing = { ...freshStanding('["k"]'), dueAt: begins ?? null };
  let ids = 0;
  const steps: Step[] = [];
  const newId = () => `a${++ids}`;
  const take = (turn: { standing: Standing; steps: Step[] }) => {
    steps.push(...turn.steps);
    const { alert, ...row } = turn.standing;
    standing = { ...JSON.parse(JSON.stringify(row)), alert: alert && JSON.parse(JSON.stringify(alert)) };
  };
  for (const [i, { at, time, ...rest }] of events.entries()) {
    const event = eventWith({ seq: i + 1, receivedAt: at, ...(time === undefined ? {} : { time }), ...rest });
    take(seeEvent(watch, standing, event, {}, newId));
  }
  take(passTime(watch, standing, end, newId));
  const story = steps
    .map(({ transition: { change, at } }) => `${change}@${at}`)
    .filter((text) => !text.startsWith('updated'));
  return { steps, standing, story };
}
