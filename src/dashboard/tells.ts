// Whether a change may make itself heard on a page that is open: what a person muted stays mute there, too.
import { isAway } from '#core/away.ts';
import type { Settings } from '#core/owner.ts';
import { quietUntil } from '#core/quiet.ts';
import { compareSeverity } from '#core/severity.ts';
import { type Silence, silenceCovers } from '#core/silence.ts';
import { cappedUntil, closedUntil, isUrgent, type Style } from '#core/style.ts';
import { topicMatches } from '#core/topic.ts';
import type { StreamedChange } from '#store/changes.ts';

/** How the person wants to be told in their chat: that holds here, too. `sent`: when messages went there lately. */
export interface AtHome {
  style: Style;
  optOuts: readonly string[];
  sent: readonly number[];
}

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
  { style, optOuts, sent }: AtHome,
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
  if (optOuts.some((pattern) => topicMatches(pattern, alert.topic))) return 'no';
  if (closedUntil(style, settings.zone, now) !== undefined) return 'no';
  if (style.least && compareSeverity(severity, style.least) < 0) return 'no';
  // The chat’s own message about this change is none that was there before it.
  const before = sent.filter((at) => at < change.at);
  const isMuch = style.digest === true || cappedUntil(style, before, now) !== undefined;
  if (isMuch && !isUrgent(style, severity)) return 'no';
  return severity === 'info' ? 'silent' : 'sound';
}
