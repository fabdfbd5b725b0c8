// Rules stepped over events that are past, with everything they remember in memory; the steps are the evaluator's own.
import type { Step } from '#core/alert.ts';
import type { Event } from '#core/event.ts';
import { alertKey, ruleAsks } from '#core/rule.ts';
import { soleKey } from '#core/sole-key.ts';
import { freshStanding, isFresh, passTime, type Standing, seeEvent } from './evaluate.ts';
import type { Watch } from './index/watch.ts';

export interface Replay {
  /** Steps every form of the rule by this event; whether the rule asked about it. */
  see(event: Event): boolean;
  /** As if the rule had been saved then: a kind that waits for what never came begins to, for the one key it knows. */
  begin(at: number): void;
  /** Lets time pass for whatever still waits. */
  pass(until: number): void;
  /** How many things are remembered apart, over all forms. */
  readonly remembered: number;
}

/**
 * A replay of one rule, in several forms that differ in their params only. `took` is told every step with the number of
 * the form. Steps of one key come in order; those of different keys may not, where timers run out.
 */
export function makeReplay(forms: Watch[], took: (step: Step, form: number) => void): Replay {
  const standings = forms.map(() => new Map<string, Standing>());
  const [first] = forms;
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
      if (!first || !ruleAsks(first.rule, event)) return false;
      const { key, labels } = alertKey(first.rule, event);
      for (const [form, watch] of forms.entries()) {
        const before = standings[form]!.get(key) ?? freshStanding(key);
        turn(form, before, () => seeEvent(watch, before, event, labels, newId));
      }
      return true;
    },
    begin(at) {
      const key = first?.rule.begins ? soleKey(first.rule) : undefined;
      if (key === undefined) return;
      for (const known of standings)
        if (!known.has(key)) known.set(key, { ...freshStanding(key), dueAt: at });
    },
    pass(until) {
      for (const [form, watch] of forms.entries())
        for (const before of [...standings[form]!.values()])
          if (before.dueAt !== null && before.dueAt <= until)
            turn(form, before, () => passTime(watch, before, until, newId));
    },
    get remembered() {
      return standings.reduce((sum, { size }) => sum + size, 0);
    },
  };
}
