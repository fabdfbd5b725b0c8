// One rule and one key, stepped by an event or by time: the kind reads, the alert's life follows. Pure.
import type { Actor } from '#core/actor.ts';
import { type Alert, type Birth, openAlert, type Step, stepAlert } from '#core/alert.ts';
import { cut } from '#core/cut.ts';
import type { Event } from '#core/event.ts';
import { type Json, sameJson } from '#core/json.ts';
import { keyLabels } from '#core/rule.ts';
import type { Watch } from './index/watch.ts';
import type { Sight } from './kind.ts';
import { observe } from './observe.ts';

/** How one rule stands for one key. Instants are epoch milliseconds. */
export interface Standing {
  key: string;
  /** The kind's memory; null: none. */
  state: Json;
  /** Whether the last reading was met: alerts open on the crossing only. */
  met: boolean;
  /** The latest time seen so far by the senders' clocks; what is older is late. */
  lastTime: number | null;
  /** When time alone changes something: the kind's wish or the alert's, whichever is first. */
  dueAt: number | null;
  /** The open alert. */
  alert: Alert | undefined;
}

export interface Turn {
  standing: Standing;
  steps: Step[];
}

const mostTurns = 1000;

/** How a rule stands for a key that it has never seen. */
export function freshStanding(key: string): Standing {
  return { key, state: null, met: false, lastTime: null, dueAt: null, alert: undefined };
}

/** Whether there is nothing to remember: then no row is needed. */
export function isFresh({ state, met, lastTime, dueAt, alert }: Standing): boolean {
  return state === null && !met && lastTime === null && dueAt === null && alert === undefined;
}

/**
 * The turn that an event brings, by the clock at which it was received; timers that ran out before come first. A late
 * event changes nothing that lasts, unless the kind takes it; told once it still is, when the kind keeps no memory.
 */
export function seeEvent(
  watch: Watch,
  before: Standing,
  event: Event,
  labels: Record<string, string>,
  newId: () => string,
): Turn {
  const now = event.receivedAt;
  const { standing, steps } = passTime(watch, before, now, newId);
  const time = Math.min(event.time ?? now, now);
  const late = standing.lastTime !== null && time < standing.lastTime;
  const sight = look(watch, standing, event, now);
  if (late && !watch.kind.takesLate && (sight.state !== null || !sight.reading.momentary))
    return { standing, steps };
  const birth: Birth = {
    id: '',
    ruleId: watch.rule.id,
    ownerId: watch.rule.ownerId,
    key: standing.key,
    labels,
    topic: event.type,
    subject: subjectOf(labels, event.subject),
  };
  const turn = follow(watch, standing, sight, event, birth, newId, now);
  // Work is done when something crosses, not while it stays: a quiet event moves the clock only if it brought one.
  const quiet = turn.steps.length === 0 && sameMemory(standing, turn.standing);
  const keeps = quiet && (event.time === undefined || isFresh(standing));
  const stood = keeps || isFresh(turn.standing) ? turn.standing : seen(turn.standing, time);
  return { standing: stood, steps: [...steps, ...turn.steps] };
}

/** The turn that time brings up to and including `now`, each timer at its own instant. */
export function passTime(watch: Watch, before: Standing, now: number, newId: () => string): Turn {
  let standing = before;
  const steps: Step[] = [];
  // A kind that always asks for a time that is past must not hold the worker: it is asked again the next time.
  for (let turns = 0; turns < mostTurns && standing.dueAt !== null && standing.dueAt <= now; turns++) {
    const at = standing.dueAt;
    const fired = standing.alert && stepAlert(standing.alert, { is: 'due' }, at);
    if (fired) {
      steps.push(fired);
      standing = { ...standing, alert: stillOpen(fired.alert) };
    }
    const labels = keyLabels(watch.rule, standing.key);
    const { id: ruleId, ownerId, topic } = watch.rule;
    const subject = subjectOf(labels, '');
    const birth: Birth = { id: '', ruleId, ownerId, key: standing.key, labels, topic, subject };
    const turn = follow(watch, standing, look(watch, standing, null, at), null, birth, newId, at);
    steps.push(...turn.steps);
    standing = turn.standing;
  }
  return { standing, steps };
}

function look({ kind, params }: Watch, standing: Standing, event: Event | null, now: number): Sight {
  return kind.step(params, standing.state ?? kind.initial(params), event, now);
}

function follow(
  watch: Watch,
  before: Standing,
  sight: Sight,
  event: Event | null,
  birth: Birth,
  newId: () => string,
  now: number,
): Turn {
  const { reading } = sight;
  const steps: Step[] = [];
  let { met, alert } = before;
  const signal = () => observe(watch, sight, event, alert?.fields ?? {});
  if (sight.acknowledged) {
    const source = event?.source ?? '';
    const by: Actor = { is: 'key', sourceId: source, name: source, scopes: [] };
    const step = alert && stepAlert(alert, { is: 'acknowledge', by }, now);
    if (step) {
      steps.push(step);
      alert = stillOpen(step.alert);
    }
  } else if (reading.is === 'met' && reading.momentary) {
    steps.push(openAlert({ ...birth, id: newId() }, signal(), now));
  } else if (reading.is !== 'unknown') {
    // Time that passed and changed nothing is no news of an alert.
    const still = event === null && reading.is === 'met' && alert && sameJson(reading, alert.reading);
    const step = still
      ? undefined
      : alert
        ? stepAlert(alert, { is: reading.is, seen: signal() }, now)
        : reading.is === 'met' && !met
          ? openAlert({ ...birth, id: newId() }, signal(), now)
          : undefined;
    if (step) {
      steps.push(step);
      alert = stillOpen(step.alert);
    }
    met = reading.is === 'met';
  }
  const dueAt = earlier(sight.dueAt ?? null, alert?.dueAt ?? null);
  return { standing: { ...before, state: sight.state, met, alert, dueAt }, steps };
}

// An alert of many subjects (those of one run) is about what its key names, not about the first of them.
function subjectOf(labels: Record<string, string>, usual: string): string {
  return (
    labels.subject ??
    (cut(
      Object.values(labels)
        .filter((one) => one !== '')
        .join(' '),
      200,
    ) ||
      usual)
  );
}

function seen(standing: Standing, time: number): Standing {
  return { ...standing, lastTime: Math.max(standing.lastTime ?? time, time) };
}

/** Whether two standings are the same but for the senders' clock. */
export function sameMemory(a: Standing, b: Standing): boolean {
  return a.met === b.met && a.dueAt === b.dueAt && JSON.stringify(a.state) === JSON.stringify(b.state);
}

function stillOpen(alert: Alert): Alert | undefined {
  return alert.status === 'resolved' ? undefined : alert;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
