// What the yard can be told to do, and what it answers: the load generator and a fake Bot API in a process of their own.

/** How a server wants its events. `number` events in one body, the first of them with this number. */
export type Shape = 'tocsin' | 'alertmanager';

export interface Push {
  do: 'push';
  port: number;
  path: string;
  headers?: Record<string, string>;
  shape: Shape;
  /** The first number; every event of a run has its own. */
  from: number;
  /** How many events in all. */
  events: number;
  /** At most so long. */
  ms: number;
  batch: number;
  connections: number;
  /** Requests a second; without it each connection sends again as soon as it is answered. */
  perSecond?: number;
  /** Over how many topics (or users) the events go in turn. */
  spread: number;
  /** How many of them come before one of another; 1: each event is of the next. */
  topic: string;
}

export interface Pushed {
  accepted: number;
  refused: number;
  seconds: number;
  p50: number;
  p99: number;
  /** The first answer that was no success, for whoever wonders. */
  complaint?: string;
}

export interface Told {
  /** Milliseconds from the request to the Bot API's call, of those that came. */
  p50: number;
  p99: number;
  came: number;
  missing: number;
  /** From the first request to the last call. */
  seconds: number;
  /** Calls of all kinds; more than came when something was told twice. */
  calls: number;
}

export type Order =
  | Push
  /** Waits until the events' messages have come, or `ms`; then forgets them. */
  | { do: 'told'; from: number; events: number; ms: number }
  /** Shows these series on /metrics from now on, each as passing its limit; told by their numbers like events. */
  | { do: 'cross'; from: number; events: number; everyMs: number }
  /** Presses the first button of the last message in these chats and waits for the edit. */
  | { do: 'press'; chats: number[]; atOnce: boolean; ms: number }
  /** Somebody writes to the bot. */
  | { do: 'say'; chats: number[]; text: string; ms: number }
  /** Waits until each event's message has come, or `ms`; how many never came, and how often one came again. */
  | { do: 'counted'; from: number; events: number; ms: number }
  | { do: 'reset' };

export interface Counted {
  missing: number;
  repeats: number;
}

export interface Pressed {
  p50: number;
  p99: number;
  came: number;
  seconds: number;
}

/** The text by which an event is known again in a message. */
export const markOf = (number: number): string => `mk${number}k`;
