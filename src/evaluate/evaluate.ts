// One rule and one key, stepped by an event or by time: the kind reads, the alert's life follows. Pure.
import type { Actor } from '#core/actor.ts';
import type { Alert, Birth, Signal, Step } from '#core/alert.ts';
import { openAlert, stepAlert } from '#core/alert-life.ts';
import { cut } from '#core/cut.ts';
import type { Event } from '#core/event.ts';
import { type Json, sameJson } from '#core/json.ts';
import type { Reading } from '#core/reading.ts';
import { keyLabels, type Rule } from '#core/rule.ts';
import type { BandTable } from './band-table.ts';
import { followBands, lookBands, presentOf, ringBands } from './banded.ts';
import { firingsAfter, flaps } from './flapping.ts';
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
  /** Of a rule that minds flapping: when it became met. */
  firings?: number[] | null;
}

/** A step, and whom it is told to when it is told at all. */
export interface Told extends Step {
  receivers: string[];
}

export interface Turn {
  standing: Standing;
  steps: Told[];
  /** What the event was read as, for the trace; `band`: the time band that held. */
  read?: { reading: Reading; band?: number };
}

const mostTurns = 1000;

/** What may come to an alert without a reading. */
export type Ringing = Extract<Signal, { is: 'due' | 'verdict' }>;

/** How a rule stands for a key that it has never seen. */
export function freshStanding(key: string): Standing {
  return { key, state: null, met: false, lastTime: null, dueAt: null, alert: undefined };
}

/** Whether there is nothing to remember: then no row is needed. */
export function isFresh({ state, met, lastTime, dueAt, alert, firings }: Standing): boolean {
  return (
    state === null &&
    !met &&
    lastTime === null &&
    dueAt === null &&
    alert === undefined &&
    (firings ?? null) === null
  );
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
  // Who names no time is never late: which of two lanes is drained first says nothing about them.
  const late = event.time !== undefined && standing.lastTime !== null && time < standing.lastTime;
  const birth = bornFrom(watch, standing.key, labels, event.type, event.subject);
  const { turn, lasts, read } = look(watch, standing, event, birth, newId, now);
  if (late && lasts && !watch.kind.takesLate) {
    const reading: Reading = { ...read.reading, is: 'unknown', text: `late: ${read.reading.text}` };
    return { standing, steps, read: { ...read, reading } };
  }
  const { standing: after, steps: taken } = turn();
  // Work is done when something crosses, not while it stays: a quiet event moves the clock only if it brought one.
  const quiet = taken.length === 0 && sameMemory(standing, after);
  const keeps = quiet && (event.time === undefined || isFresh(standing));
  const stood = keeps || isFresh(after) ? after : seen(after, time);
  return { standing: stood, steps: [...steps, ...taken], read };
}

/** The turn that time brings up to and including `now`, each timer at its own instant. */
export function passTime(watch: Watch, before: Standing, now: number, newId: () => string): Turn {
  let standing = before;
  const steps: Told[] = [];
  // A kind that always asks for a time that is past must not hold the worker: it is asked again the next time.
  for (let turns = 0; turns < mostTurns && standing.dueAt !== null && standing.dueAt <= now; turns++) {
    const at = standing.dueAt;
    const rung = ring(watch, standing, { is: 'due', verify: watch.rule.verify }, at);
    steps.push(...rung.steps);
    const labels = keyLabels(watch.rule, standing.key);
    const birth = bornFrom(watch, standing.key, labels, watch.rule.topic, '');
    const turn = look(watch, rung.standing, null, birth, newId, at).turn();
    steps.push(...turn.steps);
    standing = turn.standing;
  }
  return { standing, steps };
}

/** What came of asking the target of the rule, for an alert that waits for it. */
export type Verdict = Pick<Extract<Signal, { is: 'verdict' }>, 'answers' | 'text'>;

/** The turn that a verdict brings at `now`. */
export function hearVerdict(watch: Watch, standing: Standing, verdict: Verdict, now: number): Turn {
  return ring(watch, standing, { is: 'verdict', ...verdict }, now);
}

function bornFrom(
  { rule }: Watch,
  key: string,
  labels: Record<string, string>,
  topic: string,
  usual: string,
): Birth {
  const subject = subjectOf(labels, usual);
  return { id: '', ruleId: rule.id, ownerId: rule.ownerId, key, labels, topic, subject };
}

/** What comes to the alert by itself, without a reading: its own timer, or a verdict. */
function ring({ rule, bands }: Watch, standing: Standing, signal: Ringing, now: number): Turn {
  if (bands) return counted(rule, standing, ringBands(bands, standing, signal, now), now);
  const step = standing.alert && stepAlert(standing.alert, signal, now);
  if (!step) return { standing, steps: [] };
  const after = { ...standing, alert: stillOpen(step.alert) };
  return counted(rule, standing, { standing: after, steps: [{ ...step, receivers: rule.to }] }, now);
}

function counted(rule: Rule, before: Standing, turn: Turn, now: number): Turn {
  if (!rule.flapping) return turn;
  const firings = firingsAfter(rule, before, turn.steps, now);
  return { ...turn, standing: { ...turn.standing, firings } };
}

/** What was read, whether it is kept from late events, and the turn that it makes. */
interface Look {
  read: { reading: Reading; band?: number };
  lasts: boolean;
  turn(): Turn;
}

function look(
  watch: Watch,
  standing: Standing,
  event: Event | null,
  birth: Birth,
  newId: () => string,
  now: number,
): Look {
  const { kind, params, bands } = watch;
  if (bands) return lookByBands(watch, bands, standing, event, birth, newId, now);
  const sight = kind.step(params, standing.state ?? kind.initial(params), event, now);
  const { reading } = sight;
  return {
    read: { reading },
    lasts: sight.state !== null || !reading.momentary,
    turn: () => counted(watch.rule, standing, follow(watch, standing, sight, event, birth, newId, now), now),
  };
}

function lookByBands(
  watch: Watch,
  table: BandTable,
  standing: Standing,
  event: Event | null,
  birth: Birth,
  newId: () => string,
  now: number,
): Look {
  const sights = lookBands(watch, table, standing, event, now);
  const { sight, band } = presentOf(table, sights, now);
  return {
    read: { reading: sight.reading, band },
    lasts: sights.some(({ state }) => state !== null) || !sight.reading.momentary,
    turn: () =>
      counted(
        watch.rule,
        standing,
        followBands(watch, table, standing, sights, event, birth, newId, now),
        now,
      ),
  };
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
  const steps: Told[] = [];
  const receivers = watch.rule.to;
  let { met, alert } = before;
  const times = flaps(watch.rule, before, reading.is, now);
  const signal = () => observe(watch, sight, event, alert?.fields ?? {}, { flaps: times });
  if (sight.acknowledged) {
    const source = event?.source ?? '';
    const by: Actor = { is: 'key', sourceId: source, name: source, scopes: [] };
    const step = alert && stepAlert(alert, { is: 'acknowledge', by }, now);
    if (step) {
      steps.push({ ...step, receivers });
      alert = stillOpen(step.alert);
    }
  } else if (reading.is === 'met' && reading.momentary) {
    steps.push({ ...openAlert({ ...birth, id: newId() }, signal(), now), receivers });
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
      steps.push({ ...step, receivers });
      alert = stillOpen(step.alert);
    }
    met = reading.is === 'met';
  }
  const dueAt = earlier(sight.dueAt ?? null, alert?.dueAt ?? null);
  return { standing: { ...before, state: sight.state, met, alert, dueAt }, steps };
}

// An alert of many subjects (those of one run) is about what its key names, not about the first of them.
function subjectOf(labels: Record<string, string>, usual: string): string {
  // In full, where an event says it: in the key it may be cut.
  if (labels.subject !== undefined && usual !== '') return usual;
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
  return a.met === b.met && a.dueAt === b.dueAt && sameJson(a.state, b.state);
}

function stillOpen(alert: Alert): Alert | undefined {
  return alert.status === 'resolved' ? undefined : alert;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
