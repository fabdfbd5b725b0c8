// Several settings of a person or group at once: all of them hold, or none.
import type { Actor } from '#core/actor.ts';
import { isZone, sayClock } from '#core/hours.ts';
import type { Json } from '#core/json.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Settings } from '#core/owner.ts';
import type { Quiet } from '#core/quiet.ts';
import { careOf } from './set-care.ts';
import { plainQuiet, quietFault, sayQuiet } from './set-quiet-hours.ts';
import { type SettingsOutcome, saveOneSetting } from './settings.ts';
import type { World } from './world.ts';

/** What is absent stays. */
export interface SeveralSettings {
  ownerId: string;
  zone?: string | undefined;
  morning?: number | undefined;
  quiet?: Quiet | null | undefined;
  /** A document as `core/care.ts` reads it. */
  care?: unknown;
}
type Fault = { path: string; text: string };

/** Sets them in one transaction. What is wrong is refused by its path, before anything is written. */
export async function setSettings(
  world: World,
  actor: Actor,
  { ownerId, zone, morning, quiet, care }: SeveralSettings,
  now: number,
): Promise<SettingsOutcome | (Refusal & { faults: Fault[] })> {
  const changes: Partial<Settings> = {};
  const detail: Record<string, Json> = {};
  const faults: Fault[] = [];
  if (zone !== undefined) {
    if (!isZone(zone)) faults.push({ path: 'zone', text: 'there is no such time zone' });
    changes.zone = detail.zone = zone;
  }
  if (morning !== undefined) {
    if (!Number.isInteger(morning) || morning < 0 || morning >= 1440)
      faults.push({ path: 'morning', text: 'must be a time of day such as 8:30' });
    changes.morning = morning;
    detail.morning = sayClock(morning);
  }
  if (quiet !== undefined) {
    const fault = quiet && quietFault(quiet);
    if (fault) faults.push({ path: 'quiet.hours', text: fault });
    changes.quiet = quiet && plainQuiet(quiet);
    detail.quiet = quiet && sayQuiet(quiet);
  }
  if (care === null) changes.care = detail.care = null;
  else if (care !== undefined) {
    const read = await careOf(world.database.db, ownerId, care);
    if (read.ok) {
      changes.care = read.care;
      detail.care = JSON.parse(JSON.stringify(read.care));
    } else faults.push(...read.faults.map(({ path, text }) => ({ path: `care.${path}`, text })));
  }
  if (faults.length > 0) {
    const text = faults.map(({ path, text: why }) => `${path}: ${why.replace(/\.$/, '')}`).join('; ');
    return { ...refuse('invalid', `${text}.`), faults };
  }
  return saveOneSetting(world, actor, 'set-settings', { ownerId, changes }, detail, now);
}
