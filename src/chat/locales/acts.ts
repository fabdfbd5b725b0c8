// Texts about actions that are pressed.
import { confirmMs } from '#core/act.ts';
import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import { capital } from '#core/sentence.ts';
import type { Act } from '#store/acts.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';

export const yes = 'Yes, do it';
export const no = 'No';
export const onItsWay = 'On its way.';
export const nothingDone = 'Nothing was done.';

interface Asked {
  act: Act;
  last: Act | undefined;
  alert: Pick<Alert, 'title' | 'subject'> | undefined;
  zone: string;
  now: number;
}

/** What is asked once more: the target and all that is sent. */
export function ask({ act, last, alert, zone, now }: Asked): Html {
  return lines(
    html`${bold(act.title)} for ${code(alert?.subject ?? '')}: shall it happen?`,
    html`${act.request.method} ${code(act.request.url, 500)}`,
    last?.status === 'unknown' &&
      html`Nobody knows whether it was done the last time (${last.by}, ${sayInstant(last.confirmedAt ?? now, zone, now)}): once more may be twice.`,
    act.request.body !== null && fold([code(act.request.body, 1500)]),
    html`${short(act.by, 40)} can say so within ${sayDuration(confirmMs)}.`,
  );
}

const words: Record<Act['status'], string> = {
  asked: 'It waits for a confirmation.',
  dropped: nothingDone,
  confirmed: 'It is on its way.',
  calling: 'It is being done; there is no answer yet.',
  done: 'Done.',
  failed: 'It was not done.',
  unknown: 'Nobody knows whether it was done.',
};

export function screen({ act, alert, zone, now }: Omit<Asked, 'last'>): Html {
  const { title, status, detail, answer, by, confirmedAt, attempts } = act;
  return lines(
    html`${bold(title)} for ${code(alert?.subject ?? '')}`,
    html`${words[status]}${detail === null || status === 'calling' ? '' : ` ${capital(detail)}.`}`,
    confirmedAt !== null &&
      html`${short(by, 40)}, ${sayInstant(confirmedAt, zone, now)}${attempts > 1 ? `, ${attempts} attempts` : ''}${answer ? `, ${answer.ms} ms` : ''}.`,
    answer !== null && answer.body !== '' && fold([code(answer.body, 500)]),
  );
}
export const again = 'Try again';
