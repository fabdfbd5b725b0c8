// An event: a fact that arrived, with CloudEvents' names.
import type { Json } from './json.ts';
import type { Severity } from './severity.ts';

export type EventStatus = 'firing' | 'acknowledged' | 'resolved';

/** What a format makes of a request body: an event before the ledger gave it a number. */
export interface NewEvent {
  /** The sender's own id; `(source, id)` is unique. Absent: every POST is a new event. */
  id?: string;
  /** CloudEvents `source` as sent, or the name of the pushing source. */
  source: string;
  /** The topic: a dotted path such as `disk.usage`. */
  type: string;
  subject: string;
  /** When it happened by the sender's clock, epoch milliseconds. */
  time?: number;
  data: Record<string, Json>;
  labels: Record<string, string>;
  severity?: Severity;
  /** The source's own lifecycle, followed by the kind `every`. Acknowledged: somebody has taken it over at the source. */
  status?: EventStatus;
  /** Firing until then unless it is said again; epoch milliseconds. Absent: until the source says that it is over. */
  endsAt?: number;
  /** The source's own name of the situation; events that share it keep their order. */
  fingerprint?: string;
}

/** An event in the ledger. */
export interface Event extends NewEvent {
  /** The ledger's number; grows in commit order for events of one fingerprint. */
  seq: number;
  id: string;
  fingerprint: string;
  /** When we took it, epoch milliseconds: the clock by which rules are stepped. */
  receivedAt: number;
  /** How many emitted events stand between a sender's and this one; absent: a sender's own. */
  hops?: number;
}

/** Which lane an event travels in: all events of one fingerprint share one. */
export const lanes = 16;
