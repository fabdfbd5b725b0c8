// Snooze: one alert is put off, and comes back by itself while it lasts.
import type { Actor } from '#core/actor.ts';
import { sayDuration } from '#core/duration.ts';
import { nextAt } from '#core/hours.ts';
import { refuse } from '#core/outcome.ts';
import { saySnoozeEnd, untilItChanges } from '#core/snooze-end.ts';
import { findPerson, settingsOf } from '#store/people.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

const shortest = 60_000;
const longest = 366 * 86_400_000;

/** `for` in milliseconds, until the actor's own next morning, or until it gets worse or is over. */
export type SnoozeInput = { alertId: string } & ({ for: number } | { until: 'morning' | 'change' });

/** Puts an alert off. The same end again is a conflict; another end replaces the first. */
export async function snoozeAlert(
  world: World,
  actor: Actor,
  input: SnoozeInput,
  now: number,
): Promise<AlertOutcome> {
  if ('for' in input && !(input.for >= shortest && input.for <= longest))
    return refuse('invalid', `A snooze lasts from ${sayDuration(shortest)} to ${sayDuration(longest)}.`);
  return stepOneAlert(
    world,
    actor,
    'snooze-alert',
    { alertId: input.alertId },
    async (tx, alert) => {
      const mine =
        actor.is === 'person' && (await findPerson(tx, actor.personId)) ? actor.personId : alert.ownerId;
      const { zone, morning } = await settingsOf(tx, mine, world.defaultZone);
      const until =
        'for' in input
          ? now + input.for
          : input.until === 'change'
            ? untilItChanges
            : nextAt(morning, zone, now);
      return {
        signal: { is: 'snooze', by: actor, until },
        detail: { until: saySnoozeEnd(until, zone, now), at: until },
      };
    },
    now,
  );
}
