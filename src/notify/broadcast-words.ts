// The words of a broadcast: what somebody here wrote, whom it concerns and why, and that it can be ended.
import type { Audience, Fate } from '#core/broadcast.ts';
import { printCondition } from '#core/condition.ts';
import { cut } from '#core/cut.ts';
import type { Line } from '#core/message.ts';
import type { Notification } from '#core/notification.ts';
import { ordinal } from '#core/ordinal.ts';
import { severitySign } from '#core/severity.ts';
import { findBroadcast } from '#store/broadcasts.ts';
import type { Reader } from '#store/connection.ts';
import type { Told } from './channel.ts';

/** The body of such a notification. */
export interface Telling {
  broadcast: string;
  round: number;
  /** The first of what is theirs in the cohort, and how many more. */
  things: string[];
  more: number;
}

/** Undefined: it is forgotten. */
export async function composeBroadcast(
  db: Reader,
  { body }: Pick<Notification, 'body'>,
  mark: string | null,
): Promise<Told | undefined> {
  const telling = JSON.parse(body ?? '{}') as Telling;
  const broadcast = await findBroadcast(db, telling.broadcast);
  if (!broadcast) return undefined;
  const { id, text, severity, by, audience } = broadcast;
  const about = aboutThings(telling);
  const again = telling.round > 1 ? ` Told for the ${ordinal(telling.round)} time.` : '';
  return {
    sign: severity === 'info' ? '' : severitySign[severity],
    severity,
    title: '',
    lines: [
      ...text.split('\n').map((line): Line => [line]),
      ...(about === '' ? [] : [[about]]),
      [`From ${by}, to ${sayAudience(audience)}.${again}`],
    ],
    fields: [],
    buttons: [
      [
        { label: 'Seen', action: 'broadcast-seen', payload: id },
        { label: 'No more of these', action: 'broadcast-out', payload: id },
      ],
    ],
    silent: severity === 'info',
    mark,
  };
}

function aboutThings({ things, more }: Telling): string {
  if (things.length === 0) return '';
  return `It concerns ${things.map((thing) => cut(thing, 60)).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function sayAudience(audience: Audience): string {
  if (audience.to === 'everyone') return 'everyone here';
  if (audience.to === 'group') return 'this group';
  const where = audience.match.map(printCondition).join(' and ');
  return `everybody who watches what is in ${audience.topic}${where === '' ? '' : ` with ${cut(where, 200)}`}`;
}

/** How a repeated one ended, for who made it. */
export function sayResult(text: string, counts: Partial<Record<Fate, number>>): string {
  const parts = (
    [
      ['left', 'no longer concerned'],
      ['seen', 'seen'],
      ['told', 'told and not confirmed'],
      ['held', 'held back'],
      ['opted-out', 'opted out'],
      ['unreachable', 'could not be reached'],
    ] as const
  ).flatMap(([fate, words]) => (counts[fate] ? [`${counts[fate]} ${words}`] : []));
  const first = cut(text.split('\n')[0] ?? '', 80);
  return `Your broadcast “${first}” has ended: ${parts.join(', ') || 'it concerned nobody'}. /broadcast shows the receipts.`;
}
