// Whether a change may make itself heard on a page that is open: what a person muted stays mute there, too.
import { isAway } from '#core/away.ts';
import type { Settings } from '#core/owner.ts';
import { quietUntil } from '#core/quiet.ts';
import { type Silence, silenceCovers } from '#core/silence.ts';
import type { StreamedChange } from '#store/changes.ts';

export type Tells = 'sound' | 'silent' | 'no';

const breaks: ReadonlySet<string> = new Set([
  'fired',
  'worse',
  'reached',
  'woke',
  'reminded',
  'expired',
  'escalated',
  'told',
]);
const over: ReadonlySet<string> = new Set(['resolved', 'withdrawn']);

/** A notification with or without a sound, or only a line in the list. */
export function tellsOf(
  change: StreamedChange,
  personId: string,
  settings: Settings,
  silences: Silence[],
  now: number,
): Tells {
  if (change.trial || !change.told.includes(personId)) return 'no';
  const { severity } = change.alert;
  if (quietUntil(settings.quiet, settings.zone, severity, now) !== undefined) return 'no';
  if (over.has(change.change)) return change.from === 'pending' ? 'no' : 'silent';
  if (!breaks.has(change.change)) return 'no';
  const { away } = settings;
  if (isAway(away, now) && (away.delegate !== null || severity !== 'critical')) return 'no';
  const alert = { ...change.alert, fields: change.alert.fields };
  if (silences.some((silence) => silenceCovers(silence, alert, now))) return 'no';
  return severity === 'info' ? 'silent' : 'sound';
}
