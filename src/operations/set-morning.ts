// When “until my morning” is.
import type { Actor } from '#core/actor.ts';
import { sayClock } from '#core/hours.ts';
import { refuse } from '#core/outcome.ts';
import { type SettingsOutcome, saveOneSetting } from './settings.ts';
import type { World } from './world.ts';

/** Sets the morning, minutes since midnight. */
export async function setMorning(
  world: World,
  actor: Actor,
  input: { ownerId: string; morning: number },
  now: number,
): Promise<SettingsOutcome> {
  const { ownerId, morning } = input;
  if (!Number.isInteger(morning) || morning < 0 || morning >= 1440)
    return refuse('invalid', 'The morning is a time of day, such as 8:30.');
  return saveOneSetting(
    world,
    actor,
    'set-morning',
    { ownerId, changes: { morning } },
    sayClock(morning),
    now,
  );
}
