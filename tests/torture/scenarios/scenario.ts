// The contract of a torture: what it does to the program, which failures it covers, and the figures that must hold.
import type { FailureId } from '../failures.ts';

export const queues = ['postgres', 'redis'] as const;
export type QueueName = (typeof queues)[number];

/** `short`: with every change, minutes. `release`: before a release, hours. */
export type Profile = 'short' | 'release';

export interface Flow {
  /** Everything that is drawn comes from it, so that a red run can be repeated. */
  seed: number;
  queue: QueueName;
  profile: Profile;
  /** Says what is going on, outside the result. */
  say(text: string): void;
}

export interface Row {
  figure: string;
  value: number | string;
  /** What the value must be, in words; empty when the figure is only told. */
  must: string;
  holds: boolean;
}

export interface Scenario {
  name: string;
  /** One line for the list. */
  title: string;
  /** The rows of docs/torture.md that it is the test of. */
  covers: readonly FailureId[];
  /** The backends it makes sense on; both when left out. */
  queues?: readonly QueueName[];
  /** Throws only when the torture itself could not be carried out; what the program did wrong is a row. */
  run(flow: Flow): Promise<Row[]>;
}

/** A figure that must be exactly this. */
export function exactly(figure: string, value: number, must: number): Row {
  return { figure, value, must: String(must), holds: value === must };
}

export function atMost(figure: string, value: number, must: number, unit = ''): Row {
  return { figure, value: `${value}${unit}`, must: `≤ ${must}${unit}`, holds: value <= must };
}

export function atLeast(figure: string, value: number, must: number, unit = ''): Row {
  return { figure, value: `${value}${unit}`, must: `≥ ${must}${unit}`, holds: value >= must };
}

/** A sentence that must be true; `found` is what was seen instead. */
export function holds(figure: string, isSo: boolean, found = 'no'): Row {
  return { figure, value: isSo ? 'yes' : found, must: 'yes', holds: isSo };
}

/** A figure that is told and not judged. */
export function told(figure: string, value: number | string): Row {
  return { figure, value, must: '', holds: true };
}
