// The contract of a kind: how a rule turns events (and time passing) into readings.
import type { z } from 'zod';
import type { Event, NewEvent } from '#core/event.ts';
import type { Json } from '#core/json.ts';
import type { Reading } from '#core/reading.ts';
import type { Severity } from '#core/severity.ts';

/** What a kind saw in one event or tick. */
export interface Sight<S extends Json = Json> {
  /** Its memory from now on: plain JSON; null when there is nothing to remember. */
  state: S;
  reading: Reading;
  /** What the event said about how bad it is; the rule's own severity stands above it. */
  severity?: Severity;
  /** At least this bad, whatever the rule's own severity is. */
  raise?: Severity;
  /** What the event calls itself; absent: the rule's name. */
  title?: string;
  /** True when that is only the end of its topic: a name that somebody gave to the rule says more. */
  untitled?: true;
  /** True when the source says that somebody has taken it over: a burning alert is acknowledged in its name. */
  acknowledged?: true;
  /** When it must be asked again without an event, epoch milliseconds; absent: never. */
  dueAt?: number;
}

/**
 * One story that shows the kind: events (or ticks) `at` seconds from the start, and the places at which the reading is
 * met.
 */
export interface KindExample {
  params: Record<string, unknown>;
  events: ({ at: number; tick?: true } & Partial<
    Pick<NewEvent, 'data' | 'labels' | 'status' | 'severity'>
  >)[];
  met: number[];
}

/** A number in a field is beyond a limit. */
export interface Gate {
  field: string;
  op: '>' | '>=' | '<' | '<=';
  limit: number;
}

export interface Kind<P = unknown, S extends Json = Json> {
  name: string;
  /** What a person picks it by. */
  title: string;
  /** A strict object; its fields carry `.meta({ label, hint, input })`, from which forms are made. */
  params: z.ZodType<P>;
  /**
   * Whether these surely are as `params` would leave them, found out in less time than it takes: the usual ones of a kind that
   * most rules have. Absent or false: `params` says.
   */
  plain?(given: Record<string, unknown>): boolean;
  example: KindExample;
  /** A part of a sentence: `usage over 90`. */
  describe(params: P): string;
  /** Whether it wants to know the value that was there before its rule was made; see `prime.ts`. */
  primes?: boolean;
  /**
   * The gate that an event must pass to change anything while there is no memory, no alert and no reading that was met:
   * every other event would leave all that as it is. What lets a rule sleep. Absent or none: every event may matter.
   */
  wakes?(params: P): Gate | undefined;
  /** Whether events that come late change what is remembered; otherwise they are kept from it. */
  takesLate?: boolean;
  /**
   * Whether it is asked with a tick, without a memory, when a rule is saved whose conditions name its only key
   * (`core/sole-key.ts`): what has never come can be missed.
   */
  begins?: boolean;
  /** The fields that separate its alerts when the rule says nothing; absent: source and subject. */
  key?: readonly string[];
  /** Fills in what the owner's settings give: their zone. */
  ground?(params: P, zone: string): P;
  /** True when it follows the source's own lifecycle: the end of what burns is for it, whatever its rule asks about. */
  follows?: true;
  /** The memory before the first event. */
  initial(params: P): S;
  /**
   * Pure. `event` is null on a tick, which may come earlier than asked for: whoever still waits returns `dueAt` again.
   * Params may have changed since the state was made.
   */
  step(params: P, state: S, event: Event | null, now: number): Sight<S>;
}

/** Keeps the parameter types while a kind is written; shelves hold it as `Kind`. */
export function defineKind<P, S extends Json>(kind: Kind<P, S>): Kind<P, S> {
  return kind;
}
