// What a rule would have told, from the events that are kept. The evaluate room fills the book in.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import type { Severity } from '#core/severity.ts';
import type { Fault } from './rule-draft.ts';

/** Which rule, and over how long. */
export interface BackTestInput {
  /** Whose wish it is: their zone, lists and quiet hours count. */
  ownerId: string;
  /** A document as people write it, not saved; or a rule that is kept. */
  rule: { document: unknown } | { ruleId: string };
  /** How far back; 14 when absent. */
  days?: number;
  /** Also: how often with each of these limits instead. Kinds without a limit ignore them. */
  limits?: number[];
}

/** One alert that would have been. Instants are epoch milliseconds. */
export interface WouldBe {
  /** When it would have been told. */
  at: number;
  /** When it began; before `at` where the rule waits. */
  since: number;
  /** Null: it would still burn. Equal to `at` for a moment. */
  overAt: number | null;
  severity: Severity;
  subject: string;
  topic: string;
  title: string;
  /** The reading in words when it was told: `93.5, limit 90`. */
  text: string;
}

/** How often it would have been told with another limit. */
export interface Variant {
  limit: number;
  told: number;
  atNight: number;
}

export interface BackTest {
  /** The name it has, or would have when nobody names it. */
  name: string;
  /** What was looked at: from when (at most `days` back, later when nothing older is kept) until when. */
  from: number;
  to: number;
  days: number;
  /** The owner's, by which nights and days are told apart. */
  zone: string;
  /** How many alerts would have begun and been told. */
  told: number;
  /** Of these, in the owner's quiet hours, or from 21 to 7 when there are none. */
  atNight: number;
  /** Of these, held until quiet hours were over. */
  heldByQuiet: number;
  /** Still burning at the end. */
  burning: number;
  /** The first and the last of them, oldest first; `leftOut` between the two. */
  first: WouldBe[];
  leftOut: number;
  last: WouldBe[];
  /** One for each day by the owner's clock, oldest first, the first and the last may be parts of days. */
  perDay: { at: number; told: number }[];
  /** The oldest event under the rule's topic that is kept; null: there is none. */
  oldest: number | null;
  /** Whether events reach back over the whole time asked for. */
  whole: boolean;
  /** How many events lay under its topic in this time, and about how many of them the rule asked. */
  events: number;
  asked: number;
  /** The limit as it is, and the effect of others; `limit` null: the kind has none. */
  limit: number | null;
  /** The target that would have been asked first; it is taken for silent, so these are the most. */
  verify: string | null;
  variants: Variant[];
  tookMs: number;
}

/** `faults`: what is wrong with the document, each with its path. */
export type BackTestOutcome = Outcome<{ result: BackTest }> & { faults?: Fault[] };

/** What came near to a rule's limit, and was not enough. */
export interface NearMiss {
  ruleId: string;
  ruleName: string;
  topic: string;
  subject: string;
  value: number;
  limit: number;
  /** `89.9, limit 90`. */
  text: string;
  /** The event that came nearest, and when it was received. */
  seq: number;
  at: number;
  /** How often it was read so. */
  times: number;
}

export interface BackTestBook {
  /** What came nearest to the limits of an owner's rules, nearest first; things whose limit was passed are left out. */
  near(input: { ownerId: string; from: number; until: number; most: number }): Promise<NearMiss[]>;
  /**
   * Replays what is kept through the evaluator. At most two run at once, the others wait their turn. `onProgress` is
   * told a fraction from 0 to 1, often. When `signal` is aborted it ends at once with a refusal. With more events under
   * its topic than `most` it does not begin.
   */
  run(
    actor: Actor,
    input: BackTestInput,
    watching: { onProgress?: (fraction: number) => void; signal?: AbortSignal; most?: number },
    now: number,
  ): Promise<BackTestOutcome>;
}
