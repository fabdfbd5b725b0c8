// Why something was told, and why not: of an alert, for an ordinary person.
import type { Alert } from '#core/alert.ts';
import { sayClock, sayInstant } from '#core/hours.ts';
import type { Quiet } from '#core/quiet.ts';
import { code, fold, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';
import { type Told, toldLine } from './why-words.ts';

export const changeLimit = 'Change limit';
export const otherHours = 'Other time bands';

export const whyLabel = 'Why';

/** What was silenced until `at`; `liftedBy`: by whom that was ended. */
export interface Muted {
  what: string;
  at: number;
  liftedBy?: string;
}

export interface WhyFacts {
  alert: Alert;
  rule: { name: string; topic: string; match: string[]; does: string } | undefined;
  changes: {
    at: number;
    change: string;
    by: string | null;
    text: string;
    note: string | null;
    seq: number | null;
  }[];
  /** The event that it began with: where it came from, the hours that held, and what was there before. */
  first: { source: string; band: string | undefined; before: string | undefined } | undefined;
  /** What was in the way when the first message went out, and was not. */
  passed:
    | {
        quiet: Quiet | null;
        silenced: boolean;
        muted: Muted | undefined;
        told: number;
        cap: number | undefined;
      }
    | undefined;
  told: Told[];
  zone: string;
  now: number;
}

export function why({ alert, rule, changes, first, passed, told, zone, now }: WhyFacts): Html {
  const at = (instant: number) => sayInstant(instant, zone, now);
  const story = changes.map(
    ({ at: when, change: what, by, text, note, seq }, i) =>
      html`${at(when)} ${changeWord(what)}${by ? html` by ${short(by, 40)}` : ''}: ${short(toldText(what, text, note), 80)}${seq === null ? '' : html` (event ${seq}${i === 0 && first ? html` from ${short(first.source, 40)}` : ''})`}${i === 0 && first?.band !== undefined ? `; hours: ${first.band}` : ''}${i === 0 && first?.before !== undefined ? `. It was ${short(first.before, 40)} before.` : ''}`,
  );
  return lines(
    rule
      ? html`${heading(alert, told)}: the rule “${short(rule.name, 80)}” (topic ${code(rule.topic)}, ${short(rule.does, 80)}${rule.match.length > 0 ? html`, where ${code(rule.match.join(' and '), 120)}` : ''}).`
      : html`The rule behind this is deleted.`,
    html`It is about ${code(alert.subject)}; ${countOf(alert.count, 'reading', 'readings')} met it.`,
    story.length > 4 ? fold(story.slice(-25)) : lines(...story),
    passed && html`${passedSentence(passed, at)}`,
    ...told.slice(-8).map((one) => toldLine(one, at)),
  );
}

// Held back, on trial, opted out: nobody was told then, and the question is why not.
function heading({ status }: Alert, told: Told[]): string {
  if (told.some(({ sentAt }) => sentAt !== null)) return 'Why you were told';
  const waits = status === 'pending' || told.some((one) => !['suppressed', 'dead'].includes(one.status));
  return waits ? 'Why you were not told yet' : 'Why you were not told';
}

// Who is asked, and what came of it, says more than the reading at that time.
function toldText(change: string, text: string, note: string | null): string {
  return note !== null && ['asked', 'answered', 'acted', 'noted'].includes(change) ? note : text;
}

function passedSentence(
  { quiet, silenced, muted, told, cap }: NonNullable<WhyFacts['passed']>,
  at: (instant: number) => string,
): string {
  const hours = quiet && `${sayClock(quiet.window.from)}–${sayClock(quiet.window.to)}`;
  const parts = [
    hours === null ? 'No quiet hours are set.' : `Not held by quiet hours (${hours}).`,
    silenced ? 'A silence holds now.' : muted ? mutedSentence(muted, at) : 'Not silenced.',
    cap !== undefined
      ? `${told + 1} of the ${cap} that are told in an hour.`
      : told === 0
        ? 'It was the only message of its hour.'
        : `${countOf(told, 'other message', 'other messages')} in the hour before.`,
  ];
  return parts.join(' ');
}

function mutedSentence({ what, at: ended, liftedBy }: Muted, at: (instant: number) => string): string {
  return liftedBy === undefined
    ? `The silence on ${short(what, 60)} ended ${at(ended)}.`
    : `Lifted: the silence on ${short(what, 60)}, ${at(ended)} by ${short(liftedBy, 40)}.`;
}

export function whyShort({ alert, rule, changes, told, zone, now }: WhyFacts): string {
  const fired = changes.find(({ change: what }) => what === 'fired' || what === 'told') ?? changes[0];
  const sent = told.filter(({ sentAt }) => sentAt !== null).at(-1);
  const parts = [
    rule ? `Rule “${short(rule.name, 60)}”.` : 'The rule is deleted.',
    fired && `${sayInstant(fired.at, zone, now)} ${short(alert.subject, 30)}: ${short(fired.text, 50)}.`,
    sent && `Sent ${sayInstant(sent.sentAt!, zone, now)}.`,
  ];
  return parts.filter(Boolean).join(' ');
}

function changeWord(change: string): string {
  return (
    {
      began: 'began',
      asked: 'asked first',
      answered: 'held back',
      fired: 'fired',
      told: 'happened',
      worse: 'got worse',
      reached: 'told by other hours',
      acknowledged: 'acknowledged',
      released: 'released',
      snoozed: 'snoozed',
      woke: 'snooze over',
      resolved: 'over',
      cancelled: 'did not last',
      withdrawn: 'withdrawn',
      acted: 'acted upon',
      noted: 'noted',
    }[change] ?? change
  );
}
