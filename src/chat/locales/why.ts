// Why something was told, and why not: of an alert, an event and a stretch of time, for an ordinary person.

import type { Alert } from '#core/alert.ts';
import { sayDuration } from '#core/duration.ts';
import { sayClock, sayInstant } from '#core/hours.ts';
import type { PastSpan } from '#core/past-span.ts';
import type { Quiet } from '#core/quiet.ts';
import { severitySign } from '#core/severity.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';
import { sayWhen } from '../rule-words.ts';
import { countOf } from './count-of.ts';

export const changeLimit = 'Change limit';
export const otherHours = 'Other time bands';
export const lastNight = 'Last night';
export const today = 'Today';
export const whyLabel = 'Why';
export const isAskedFirst = (target: string) => `${short(target, 40)} is asked first`;
export const answersFirst = (target: string) => `${short(target, 40)} answers; I tell it when that ends`;
export const historyLabel = 'History';

export interface Told {
  kind: string;
  status: string;
  reason: string | null;
  detail: string | null;
  at: number;
  /** While it is held back: until when. */
  until: number | null;
  sentAt: number | null;
  where: string;
  repeats: number;
}

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

function toldLine(
  { kind, status, reason, detail, until, sentAt, where, repeats, at: made }: Told,
  at: (instant: number) => string,
): Html {
  const what = kinds[kind] ?? kind;
  if (sentAt !== null)
    return html`${what}: sent ${at(sentAt)} to ${short(where, 40)}${repeats > 1 ? html`, ${repeats} attempts` : ''}.`;
  const word = fates[status] ?? 'waiting';
  const ends = until === null ? '' : ` until ${at(until)}`;
  // A gate's and a channel's own words are a sentence.
  const because =
    detail === null ? `, ${reason ? reasonWord(reason) : 'on its way'}` : `. ${capital(detail)}`;
  return html`${what} (${at(made)}): ${word}${ends}${short(endless(because), 120)}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const endless = (text: string) => text.replace(/\.$/, '');
const kinds: Record<string, string> = {
  firing: 'Alert',
  worse: 'Got worse',
  over: 'End',
  reminder: 'Reminder',
  notice: 'Notice',
  summary: 'Summary',
  digest: 'Digest',
  note: 'Note',
  broadcast: 'Broadcast',
};
const fates: Record<string, string> = {
  held: 'held back',
  suppressed: 'not told',
  dead: 'could not be told',
};
const reasons: Record<string, string> = {
  silenced: 'silenced',
  snoozed: 'snoozed',
  'quiet-hours': 'quiet hours',
  repeat: 'nothing new since the last message',
  'not-at-home': 'told elsewhere',
  'never-told': 'its beginning was never told',
  superseded: 'something newer took its place',
  'in-summary': 'told together with others',
  refused: 'refused by the channel',
  grouped: 'gathered with others',
  cap: 'enough was told for the time',
  inhibited: 'explained by another alert',
  shadow: 'the rule is on trial',
  'opted-out': 'opted out',
  'off-hours': 'outside the hours of this receiver',
  'too-mild': 'milder than is told here',
  away: 'you were away',
  storm: 'on the board of a storm',
  digest: 'kept for the digest',
  stopped: 'the broadcast was stopped',
};
/** A gate's reason, as people say it. */
export const reasonWord = (reason: string) => reasons[reason] ?? reason.replaceAll('-', ' ');

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

/** The hours of a band: as written where it is one, in words for the rest. */
export const bandWords = (when: string | undefined) =>
  when === undefined ? 'as the rule is written' : sayWhen(when);

// ── an event ────────────────────────────────────────────────────────────────
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

// ── a stretch of time ───────────────────────────────────────────────────────
export interface PeriodFacts {
  span: PastSpan;
  search: string;
  /** Newest first. */
  sent: { at: number; kind: string; title: string; subject: string }[];
  sentCount: number;
  /** By reason, the most first; `until`: the end of those still held. */
  held: { reason: string; count: number; until: number | null; example: string }[];
  dropped: { reason: string; count: number; example: string }[];
  near: { ruleName: string; subject: string; text: string; at: number; times: number }[];
  watching: number;
  zone: string;
  now: number;
}

export function whyPeriod(facts: PeriodFacts): Html {
  const { span, search, sent, sentCount, held, dropped, near, watching, zone, now } = facts;
  const at = (instant: number) => sayInstant(instant, zone, now);
  const about = search === '' ? '' : ` about “${short(search, 40)}”`;
  const heldLines = held.map(
    ({ reason, count, until, example }) =>
      html`• ${count} by ${reasonWord(reason)}${until === null ? '' : `, until ${at(until)}`}: ${short(example, 60)}${count > 1 ? ' …' : ''}`,
  );
  const nothing = sentCount + held.length + dropped.length + near.length === 0;
  return lines(
    html`${bold(`${span.name.charAt(0).toUpperCase()}${span.name.slice(1)}`)}${about}, ${at(span.from)} ${span.until < now ? `– ${at(span.until)}` : 'until now'}.`,
    nothing &&
      html`Nothing was told or held back, and nothing came near a limit. ${countOf(watching, 'rule is', 'rules are')} watching.`,
    sentCount > 0 && html`Told: ${countOf(sentCount, 'message', 'messages')}.`,
    ...sent.map(
      ({ at: when, kind, title, subject }) =>
        html`• ${at(when)} ${kinds[kind] ?? kind}: ${short(title, 60)}${subject === '' ? '' : html` ${code(subject)}`}`,
    ),
    sentCount > sent.length && sent.length > 0 && html`and ${sentCount - sent.length} more.`,
    heldLines.length > 0 && html`Held back:`,
    ...heldLines,
    dropped.length > 0 && html`Not told:`,
    ...dropped.map(
      ({ reason, count, example }) =>
        html`• ${count}, ${reasonWord(reason)}: ${short(example, 60)}${count > 1 ? ' …' : ''}`,
    ),
    near.length > 0 && html`Came near, and was not enough:`,
    ...near.map(
      ({ ruleName, subject, text, at: when, times }) =>
        html`• ${code(subject === '' ? '·' : subject)} ${short(text, 60)} at ${at(when)}${times > 1 ? `, ${times} readings` : ''} (${short(ruleName, 40)})`,
    ),
  );
}
/** `more`: for which there is no button. */
export const whichName = (typed: string, names: number, more: number) =>
  lines(
    html`“${short(typed, 40)}” stands in ${countOf(names, 'name', 'names')}. Which one?`,
    more > 0 && html`${more} more are not shown here: type more of the name behind ${code('/why')}.`,
  );
export const nothingToExplain = () =>
  html`Nothing was told here yet. Ask ${code('/why last night')}, ${code('/why disk')} or ${code('/why 4711')} for an event.`;

export const noSuchName = (name: string) =>
  html`I know no topic, subject or rule called “${short(name, 60)}”; /topics shows what comes here.`;

// ── what is held, and what was ──────────────────────────────────────────────
export interface HeldFacts {
  /** A gate's reason, or a sentence (`said`). */
  groups: { reason: string; said?: true; until: number | null; items: string[] }[];
  count: number;
  zone: string;
  now: number;
}
export function held({ groups, count, zone, now }: HeldFacts): Html {
  if (count === 0) return html`Nothing is held back now.`;
  return lines(
    html`${countOf(count, 'message is', 'messages are')} held back:`,
    ...groups.flatMap(({ reason, said, until, items }) => [
      html`${bold(said ? reason : reasonWord(reason))}${until === null ? '' : `, until ${sayInstant(until, zone, now)}`}: ${items.length}`,
      ...items.slice(0, 6).map((item) => html`• ${short(item, 100)}`),
      ...(items.length > 6 ? [html`and ${items.length - 6} more.`] : []),
    ]),
  );
}

export interface HistoryFacts {
  alerts: Alert[];
  count: number;
  page: number;
  pages: number;
  search: string;
  zone: string;
  now: number;
}
export function history({ alerts, count, page, pages, search, zone, now }: HistoryFacts): Html {
  const about = search === '' ? '' : ` about “${short(search, 40)}”`;
  if (count === 0) return html`No alert${about} so far. What is over is kept for a month.`;
  return lines(
    html`${countOf(count, 'alert', 'alerts')}${about}, newest first${pages > 1 ? `, page ${page + 1} of ${pages}` : ''}:`,
    ...alerts.map((alert, i) => html`${i + 1}. ${historyLine(alert, zone, now)}`),
  );
}
function historyLine(alert: Alert, zone: string, now: number): Html {
  const { status, severity, title, subject, reading, since, resolvedAt } = alert;
  const sign = status === 'resolved' ? '✅' : severitySign[severity];
  const took =
    resolvedAt === null
      ? 'still burning'
      : resolvedAt - since < 1000
        ? ''
        : `for ${sayDuration(resolvedAt - since)}`;
  const parts = [sayInstant(since, zone, now), took].filter(Boolean).join(', ');
  return html`${sign} ${short(title, 50)}: ${code(subject)} ${short(reading.text, 50)} · ${parts}`;
}
