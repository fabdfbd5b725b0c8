// What became of an event, for an ordinary person.
import { sayInstant } from '#core/hours.ts';
import { code, type Html, html, lines, short } from '../html.ts';
import { type Told, toldLine } from './why-words.ts';

export const isAskedFirst = (target: string) => `${short(target, 40)} is asked first`;
export const answersFirst = (target: string) => `${short(target, 40)} answers; I tell it when that ends`;

export interface EventFacts {
  seq: number;
  topic: string;
  subject: string;
  source: string;
  at: number;
  quarantined: string | null;
  processed: boolean;
  looked: { ruleName: string; is: string; text: string; band: string | undefined }[];
  passed: { ruleName: string; madeLater: boolean; paused: boolean; failed: string[] }[];
  more: number;
  told: Told[];
  zone: string;
  now: number;
}

export function whyEvent(facts: EventFacts): Html {
  const { seq, topic, subject, source, looked, passed, more, told, zone, now } = facts;
  const at = (instant: number) => sayInstant(instant, zone, now);
  const readings = looked.map(
    ({ ruleName, is, text, band }) =>
      html`• ${short(ruleName, 60)}: ${short(text, 100)} (${readWord(is)})${band === undefined ? '' : `; hours: ${band}`}`,
  );
  const others = passed.map(
    ({ ruleName, madeLater, paused, failed }) =>
      html`• ${short(ruleName, 60)}: ${
        madeLater
          ? 'it was made later'
          : failed.length > 0
            ? html`${code(failed.join(' and '), 120)} does not hold`
            : paused
              ? 'it is paused'
              : 'it slept: nothing near its limit'
      }`,
  );
  return lines(
    html`Event ${seq}: ${code(topic, 100)}, ${code(subject === '' ? '·' : subject)} from ${short(source, 60)}, ${at(facts.at)}.`,
    facts.quarantined !== null && html`It was put aside: ${short(facts.quarantined, 200)}.`,
    !facts.processed && html`It has not been looked at yet.`,
    readings.length > 0 && html`Your rules that looked at it:`,
    ...readings.slice(0, 15),
    more > 0 && html`and ${more} more, of others too.`,
    others.length > 0 &&
      (readings.length > 0
        ? html`Your rules on its topic that did not:`
        : html`Your rules on its topic did not look at it:`),
    ...others.slice(0, 10),
    facts.processed &&
      readings.length + others.length === 0 &&
      html`None of your rules is about ${code(topic, 100)}.`,
    ...told.slice(-8).map((one) => toldLine(one, at)),
  );
}
function readWord(is: string): string {
  return is === 'met' ? 'met' : is === 'unmet' ? 'not enough' : 'says nothing';
}
export const noEvent = (seq: number) => html`There is no event ${seq}, or it is forgotten by now.`;
