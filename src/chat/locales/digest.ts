// Texts about the digest.
import { sayCron } from '#core/cron-words.ts';
import { sayInstant } from '#core/hours.ts';
import { code, type Html, html, lines, short } from '../html.ts';

export const digestLabel = 'Digest';
export const off = 'No digest';
export const daily = 'Every day';
export const weekly = 'Mondays';
export const quietToo = (says: boolean) => (says ? 'Nothing when quiet' : 'Say so when quiet');
export const onlyUrgent = (only: boolean) => (only ? 'Everything at once' : 'Only urgent at once');

export const noTime = (typed: string) =>
  html`“${short(typed.trim(), 40)}” is no time for a digest. Try ${code('/digest fridays 18:00')}, ${code('/digest weekdays')}, ${code('/digest monthly')} or ${code('/digest 0 18 * * 1-5')}.`;

export interface Shown {
  nextAt: number;
  cron: string;
  place: string;
  sayQuiet: boolean;
  only: boolean;
}

export const screen = (digest: Shown | undefined, zone: string, now: number): Html =>
  digest === undefined
    ? lines(
        html`No digest comes. It would tell in one message what still burns, what was changed and what was loud.`,
        html`Choose when, or type it: ${code('/digest daily')}, ${code('/digest fridays 18:00')}, ${code('/digest 0 18 * * 1-5 Europe/London')}.`,
      )
    : lines(
        html`Your digest comes next ${sayInstant(digest.nextAt, zone, now)} (${sayCron(digest.cron) ?? code(digest.cron)}${digest.place === zone ? '' : html` in ${digest.place}`}), ${digest.sayQuiet ? 'also when nothing happened' : 'unless nothing happened'}.`,
        digest.only
          ? html`Only what is urgent is told at once; the rest waits for it.`
          : html`Alerts are told at once all the same.`,
      );
