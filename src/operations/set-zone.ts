// The time zone of a person or group.
import type { Actor } from '#core/actor.ts';
import { isZone } from '#core/hours.ts';
import { refuse } from '#core/outcome.ts';
import { type SettingsOutcome, saveOneSetting } from './settings.ts';
import type { World } from './world.ts';

/** Sets the zone, an IANA name such as `Europe/Berlin`. */
export async function setZone(
  world: World,
  actor: Actor,
  input: { ownerId: string; zone: string },
  now: number,
): Promise<SettingsOutcome> {
  const { ownerId, zone } = input;
  if (!isZone(zone)) return refuse('invalid', `I do not know the time zone “${zone.slice(0, 40)}”.`);
  return saveOneSetting(world, actor, 'set-zone', { ownerId, changes: { zone } }, zone, now);
}
