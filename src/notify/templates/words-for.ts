// The words that the ledger has for an alert: its rule's, its topic's, or none.
import type { Alert } from '#core/alert.ts';
import type { World } from '#operations/world.ts';
import type { Worded } from '#store/templates.ts';
import { type Words, wordsOf } from './words.ts';

/** A template that fails costs nobody the alert: it is worded as usual, counted, and noted where it was sent. */
export function wordsFor(
  world: World,
  alert: Alert,
  { rule, wording, units }: Worded,
  zone: string,
  now: number,
): Words {
  const words = wordsOf(alert, wording, { rule: rule ?? alert.title, units, zone, now });
  if (words.fault !== undefined) {
    world.meter.count('template_failures');
    world.log.warn({ rule: alert.ruleId, topic: alert.topic, fault: words.fault }, 'a template failed');
  }
  return words;
}
