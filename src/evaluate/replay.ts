// Rules stepped over events that are past, with everything they remember in memory; the steps are the evaluator's own.
import type { Step } from '#core/alert.ts';
import { holds } from '#core/condition.ts';
import type { Event } from '#core/event.ts';
import { type Matcher, matches } from '#core/matcher.ts';
import { alertKey, isDefaultKey, ruleAsks } from '#core/rule.ts';
import { soleKey } from '#core/sole-key.ts';
import { freshStanding, isFresh, passTime, type Standing, seeEvent } from './evaluate.ts';
import type { Watch } from './index/watch.ts';
import { mustHear } from './who-looks.ts';

/** So many names are remembered; then they are forgotten all at once. */
const mostNames = 20_000;

/** So many timers run out before others get their turn. */
const fewTimers = 200;

export interface Replay {
  /** Steps every form of the rule by this event; whether the rule asked about it. */
  see(event: Event): boolean;
  /** As if the rule had been saved then: a kind that waits for what never came begins to, for the one key it knows. */
  begin(at: number): void;
  /** Lets time pass for whatever still waits; `pause` comes after every few, so that others get their turn. */
  pass(until: number, pause?: () => Promise<void>): Promise<void>;
  /** How many things are remembered apart, over all forms. */
  readonly remembered: number;
}

/**
 * A replay of one rule, in several forms that differ in their params only. `took` is told every step with the number of
 * the form. Steps of one key come in order; those of different keys may not, where timers run out.
 */
export function makeReplay(wanted: Watch[], took: (step: Step, form: number) => void): Replay {
  const forms = wanted.map(unverified);
  const standings = forms.map(() => new Map<string, Standing>());
  const gates = forms.map(gateOf);
  const [first] = forms;
  const keyOf = rememberKeys(first);
  const asks = rememberTopics(first);
  let ids = 0;
  const newId = () => `a_${++ids}`;

  function keep(form: number, standing: Standing): void {
    // As in the ledger: what remembers nothing has no row.
    if (isFresh(standing)) standings[form]!.delete(standing.key);
    else standings[form]!.set(standing.key, standing);
  }

  function turn(form: number, before: Standing, make: () => { standing: Standing; steps: Step[] }): void {
    try {
      const { standing, steps } = make();
      if (standing !== before) keep(form, standing);
      for (const step of steps) took(step, form);
    } catch {
      // As in the worker: one event that a rule cannot read stops neither the others nor the rule.
    }
  }

  return {
    see(event) {
      if (!first) return false;
      const asked = asks(event);
      if (!asked && !(isDefaultKey(first.rule.key) && mustHear(first, event))) return false;
      const { key, labels } = keyOf(event);
      for (const [form, watch] of forms.entries()) {
        const known = standings[form]!.get(key);
        // It sleeps, as it would in the worker; of what it does not ask about it hears the end of what it began.
        if (known === undefined && !asked) continue;
        if (known === undefined && gates[form] && !matches(gates[form], event)) continue;
        const before = known ?? freshStanding(key);
        turn(form, before, () => seeEvent(watch, before, event, labels, newId));
      }
      return asked;
    },
    begin(at) {
      const key = first?.rule.begins ? soleKey(first.rule) : undefined;
      if (key === undefined) return;
      for (const known of standings)
        if (!known.has(key)) known.set(key, { ...freshStanding(key), dueAt: at });
    },
    async pass(until, pause = async () => {}) {
      let passed = 0;
      for (const [form, watch] of forms.entries())
        for (const before of [...standings[form]!.values()]) {
          if (before.dueAt === null || before.dueAt > until) continue;
          turn(form, before, () => passTime(watch, before, until, newId));
          if (++passed % fewTimers === 0) await pause();
        }
    },
    get remembered() {
      return standings.reduce((sum, { size }) => sum + size, 0);
    },
  };
}

/** Nobody knows what a target would have answered: it is taken for silent, so that nothing is counted too low. */
function unverified(watch: Watch): Watch {
  const { verify, ...rule } = watch.rule;
  return verify === undefined ? watch : { ...watch, rule };
}

/** What an event must pass to wake a form that remembers nothing of its key. */
function gateOf({ kind, params, bands }: Watch): Matcher | undefined {
  const gate = bands ? undefined : kind.wakes?.(params);
  return gate && { field: gate.field, op: gate.op, value: String(gate.limit) };
}

type Keyed = ReturnType<typeof alertKey>;

/** The key of an event; with the default key, events that share their names share it. */
function rememberKeys(watch: Watch | undefined): (event: Event) => Keyed {
  const key = watch?.rule.key ?? [];
  if (!isDefaultKey(key)) return (event) => alertKey({ key }, event);
  const known = new Map<string, Keyed>();
  return (event) => {
    const names = `${event.fingerprint}\n${event.type}\n${event.subject}\n${event.source}`;
    const found = known.get(names);
    if (found) return found;
    if (known.size >= mostNames) known.clear();
    const made = alertKey({ key }, event);
    known.set(names, made);
    return made;
  };
}

/** Whether the rule asks about an event; its pattern is tried once for each topic. */
function rememberTopics(watch: Watch | undefined): (event: Event) => boolean {
  const known = new Map<string, boolean>();
  if (!watch) return () => false;
  const { match, lists } = watch.rule;
  return (event) => {
    let under = known.get(event.type);
    if (under === undefined) {
      if (known.size >= mostNames) known.clear();
      under = ruleAsks({ ...watch.rule, match: [] }, event);
      known.set(event.type, under);
    }
    return under && match.every((condition) => holds(condition, event, lists));
  };
}
