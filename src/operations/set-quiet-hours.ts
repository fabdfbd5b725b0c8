// Quiet hours: when to be left alone, and what may break through.
import type { Actor } from '#core/actor.ts';
import { printWhen } from '#core/bands.ts';
import { refuse } from '#core/outcome.ts';
import type { Quiet } from '#core/quiet.ts';
import { severities } from '#core/severity.ts';
import { type SettingsOutcome, saveOneSetting } from './settings.ts';
import type { World } from './world.ts';

/** Sets the quiet hours of a person or group; null: none. What was held is looked at again at once. */
export async function setQuietHours(
  world: World,
  actor: Actor,
  input: { ownerId: string; quiet: Quiet | null },
  now: number,
): Promise<SettingsOutcome> {
  const { ownerId, quiet } = input;
  const fault = quiet && quietFault(quiet);
  if (fault) return refuse('invalid', fault);
  const said = quiet && sayQuiet(quiet);
  return saveOneSetting(
    world,
    actor,
    'set-quiet-hours',
    { ownerId, changes: { quiet: quiet && plainQuiet(quiet) } },
    said,
    now,
  );
}

/** As the audit trail keeps it: `Mon-Fri 22:00-07:00, but critical`. */
export function sayQuiet({ window, breakthrough }: Quiet): string {
  return `${printWhen([window])}${breakthrough === null ? '' : `, but ${breakthrough}`}`;
}

/** Why these are no quiet hours. */
export function quietFault({ window, breakthrough }: Quiet): string | undefined {
  const minute = (value: number) => Number.isInteger(value) && value >= 0 && value < 1440;
  if (!minute(window.from) || !minute(window.to)) return 'Quiet hours begin and end at a time of day.';
  if (window.from === window.to) return 'Quiet hours must begin and end at different times.';
  if (window.days?.some((day) => !Number.isInteger(day) || day < 1 || day > 7) || window.days?.length === 0)
    return 'The days of quiet hours are Monday to Sunday.';
  if (breakthrough !== null && !severities.includes(breakthrough))
    return `What may break through is one of ${severities.join(', ')}.`;
  return undefined;
}

/** Without what does not belong to it, the days in order. */
export function plainQuiet({ window: { from, to, days }, breakthrough }: Quiet): Quiet {
  return { window: { from, to, ...(days ? { days: [...new Set(days)].sort() } : {}) }, breakthrough };
}
