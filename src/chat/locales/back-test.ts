// What a back-test says in a line or two, for whoever shows one.
import { sparkline } from '#core/sparkline.ts';
import type { BackTest } from '#operations/back-test-book.ts';
import { type Html, html } from '../html.ts';

/** “It would have told you 12 times in 14 days, 1 at night: ▁▁▂▁█”. Honest about what is not kept. */
export function backTestLine(test: BackTest): Html {
  const { told, atNight, events, days } = test;
  if (events === 0)
    return html`Nothing under this topic is kept from the last ${daysOf(days)}, so I cannot say what it would have told you.`;
  const span = test.whole ? daysOf(days) : `the ${lasted(test.to - test.from)} kept`;
  if (told === 0)
    return html`It would have told you nothing in ${span} (${events === 1 ? '1 event' : `${events.toLocaleString('en-US')} events`}).`;
  const night =
    atNight === 0 ? 'never at night' : atNight === told ? 'always at night' : `${atNight} at night`;
  const asked = test.verify === null ? '' : `, if ${test.verify} had never answered`;
  return html`It would have told you ${times(told)} in ${span}, ${night}${asked}: ${sparkline(test.perDay.map((day) => day.told))}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count.toLocaleString('en-US')} times`;
}

function daysOf(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

function lasted(ms: number): string {
  const hours = Math.max(1, Math.round(ms / 3_600_000));
  if (hours === 1) return 'one hour';
  return hours < 48 ? `${hours} h` : daysOf(Math.round(hours / 24));
}
