// Why a rule did not look at an event: what of it did not fit. Recomputed, by the rule and the lists of now.
import { type Condition, holds, printCondition } from './condition.ts';
import type { NewEvent } from './event.ts';
import type { Rule } from './rule.ts';
import { topicMatches } from './topic.ts';

/**
 * `failed`: the conditions that did not hold, as they are written. None, and not paused: it would look at such an event,
 * or it slept because nothing near its limit had come.
 */
export interface NotAsking {
  paused: boolean;
  failed: string[];
}

/** Undefined for another topic: then nobody would expect it to look. */
export function whyNotAsking(
  rule: Pick<Rule, 'topic' | 'match' | 'paused' | 'lists'>,
  event: NewEvent,
): NotAsking | undefined {
  if (!topicMatches(rule.topic, event.type)) return undefined;
  const fails = (condition: Condition) => !holds(condition, event, rule.lists);
  return { paused: rule.paused, failed: rule.match.filter(fails).map(printCondition) };
}
