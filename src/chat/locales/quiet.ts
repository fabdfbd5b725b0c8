// Texts about quiet hours.
import { printWhen } from '#core/bands.ts';
import { sayClock, type Window } from '#core/hours.ts';
import type { Quiet } from '#core/quiet.ts';
import type { Severity } from '#core/severity.ts';
import { code, type Html, html, lines, short } from '../html.ts';

export function quietLine(quiet: Quiet | null): Html {
  if (!quiet) return html`No quiet hours.`;
  const { window, breakthrough } = quiet;
  return html`Quiet from ${sayClock(window.from)} to ${sayClock(window.to)}${quietDays(window)}; ${breakthrough ? (breakthrough === 'critical' ? 'critical alerts break through' : `${breakthrough} and worse break through`) : 'nothing breaks through'}.`;
}

/** Hours that pass midnight belong to the day on which they begin. */
function quietDays(window: Window): string {
  if (!window.days) return '';
  const dayOf = (day: number) => printWhen([{ ...window, days: [day] }]).replace(/ [^ ]*$/, '');
  const days = printWhen([window])
    .replace(/ [^ ]*$/, '')
    .replaceAll('-', '–');
  if (window.from < window.to) return `, on the days ${days}`;
  const nights = `, in the nights that begin ${days}`;
  if (days.includes(',') || window.days.length === 7) return nights;
  const [first, last] = [Math.min(...window.days), Math.max(...window.days)];
  const end = `${dayOf((last % 7) + 1)} ${sayClock(window.to)}`;
  return first === last
    ? `${nights} (until ${end})`
    : `${nights} (the first ${dayOf(first)} ${sayClock(window.from)}, the last until ${end})`;
}
export const quietScreen = (quiet: Quiet | null) =>
  lines(
    quietLine(quiet),
    html`What comes in quiet hours is kept and told at their end, in one message. ${quiet ? '' : html`Choose, or type for example ${code('/quiet 22-7')}.`}`,
  );
export const quietFault = (typed: string) =>
  lines(
    html`I don’t understand “${short(typed, 40)}”.`,
    html`An example: ${code('/quiet 22-7')}, ${code('/quiet weekdays 22-7')}, or ${code('/quiet off')}.`,
  );
export const breaks = (severity: Severity | null) =>
  severity === null
    ? 'Nothing breaks through'
    : severity === 'critical'
      ? 'Critical breaks through'
      : 'Warnings too';
export const quietOff = 'No quiet hours';
