// The words of a digest: what happened in its time, read when it is sent.
import { tellCatchUp } from '#core/catch-up.ts';
import type { Notification } from '#core/notification.ts';
import { severitySign } from '#core/severity.ts';
import { type CatchUpAsked, readCatchUp } from '#store/catch-up.ts';
import type { Reader } from '#store/connection.ts';
import type { TellingButton, Told } from './channel.ts';
import { nameOf } from './wording.ts';

const mostButtons = 5;

/** Reads and words it, with a button for each of the worst and one that opens it all. */
export async function composeDigest(
  db: Reader,
  notification: Pick<Notification, 'body' | 'severity'>,
  { silent, mark }: { silent: boolean; mark: string | null },
): Promise<Told> {
  const asked = JSON.parse(notification.body ?? '{}') as CatchUpAsked;
  const facts = await readCatchUp(db, asked);
  const { title, lines, fields } = tellCatchUp(facts);
  const worst = facts.burning.shown[0];
  const open = facts.burning.shown.filter(({ status }) => status === 'firing').slice(0, mostButtons);
  return {
    sign: worst ? severitySign[worst.severity] : '🌙',
    severity: worst?.severity ?? 'info',
    title: `Your digest: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    lines: [['Since ', { instant: asked.since, show: 'clock' }], ...lines],
    fields,
    buttons: [
      ...open.map((alert): TellingButton[] => [
        {
          label: `Acknowledge ${nameOf(alert)}`,
          action: 'acknowledge-line',
          alertId: alert.id,
          rev: alert.rev,
        },
      ]),
      [{ label: 'Look through it', action: 'catchup', payload: `${asked.since} 0 0` }],
    ],
    silent: silent || !worst,
    mark,
  };
}
