// When so much comes at once that single messages help nobody: what goes on the board instead. Pure.
import type { Notification, Verdict } from '#core/notification.ts';

/** More than this in a minute at one receiver is a storm, unless the receiver says otherwise. */
export const stormAt = 10;
export const stormSpan = 60_000;
/** The board closes when nothing new came for this long. */
export const calmAfter = 60_000;
/** So many critical alerts in a minute are still told one by one beside the board. */
const mostCritical = 5;

export interface Weather {
  /** So many in a minute are no storm yet; 0: nothing ever is. */
  most: number;
  /** Messages about alerts on their way to or at this receiver within the last minute; critical ones among them. */
  recent: number;
  recentCritical: number;
  /** A board stands there and takes what comes. */
  open: boolean;
}

/** The ids of what passes the gates but is told on the board. */
export function foldStorm(
  undecided: readonly Notification[],
  decisions: readonly { id: number; verdict: Verdict }[],
  { most, recent, recentCritical, open }: Weather,
): Set<number> {
  const passing = new Set(decisions.filter(({ verdict }) => verdict.is === 'send').map(({ id }) => id));
  const single = undecided.filter(({ id, kind }) => passing.has(id) && aboutAlert.has(kind));
  if (!open && (most === 0 || recent + single.length <= most)) return new Set();
  let room = mostCritical - recentCritical;
  // A handful of critical ones among many others comes through; when all are critical, they are the storm.
  const critical = single.filter(({ severity, kind }) => severity === 'critical' && kind !== 'over');
  const spared = new Set<number>();
  if (critical.length <= mostCritical) for (const { id } of critical) if (room-- > 0) spared.add(id);
  return new Set(single.filter(({ id }) => !spared.has(id)).map(({ id }) => id));
}

const aboutAlert = new Set<Notification['kind']>(['firing', 'worse', 'over', 'reminder', 'notice']);
