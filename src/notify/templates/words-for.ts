// The words that the ledger has for an alert: its rule's, its topic's, or none.
import type { Alert } from '#core/alert.ts';
import type { World } from '#operations/world.ts';
import { wordingFor } from '#store/templates.ts';
import { type Words, wordsOf } from './words.ts';

/** A template that fails costs nobody the alert: it is worded as usual, counted, and noted where it was sent. */
export async function wordsFor(world: World, alert: Alert, zone: string, now: number): Promise<Words> {
  const { rule, wording, units } = await wordingFor(world.database.db, alert);
  const words = wordsOf(alert, wording, { rule: rule ?? alert.title, units, zone, now });
  if (words.fault !== undefined) {
    world.meter.count('template_failures');
    world.log.warn({ rule: alert.ruleId, topic: alert.topic, fault: words.fault }, 'a template failed');
  }
  return words;
}
