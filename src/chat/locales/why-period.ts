// Why something was told in a stretch of time, and why not; and what to ask instead.
import { sayInstant } from '#core/hours.ts';
import type { PastSpan } from '#core/past-span.ts';
import { capital } from '#core/sentence.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';
import { kinds, reasonWord } from './why-words.ts';

export const lastNight = 'Last night';
export const today = 'Today';

export interface PeriodFacts {
  span: PastSpan;
  search: string;
  /** Newest first; without a title: several together. */
  sent: { at: number; kind: string; title: string; subject: string }[];
  sentCount: number;
  /** By reason, the most first; `until`: the end of those still held. */
  held: { reason: string; count: number; until: number | null; example: string }[];
  /** `example` is empty where none is among the newest. */
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
    html`${bold(capital(span.name))}${about}, ${at(span.from)} ${span.until < now ? `– ${at(span.until)}` : 'until now'}.`,
    nothing &&
      html`Nothing was told or held back, and nothing came near a limit. ${countOf(watching, 'rule is', 'rules are')} watching.`,
    sentCount > 0 && html`Told: ${countOf(sentCount, 'message', 'messages')}.`,
    ...sent.map(
      ({ at: when, kind, title, subject }) =>
        html`• ${at(when)} ${kinds[kind] ?? kind}${title === '' ? '' : html`: ${short(title, 60)}`}${subject === '' ? '' : html` ${code(subject)}`}`,
    ),
    sentCount > sent.length && sent.length > 0 && html`and ${sentCount - sent.length} more.`,
    heldLines.length > 0 && html`Held back:`,
    ...heldLines,
    ...ended('Told in one message with others:', dropped.filter(isGathered)),
    ...ended(
      'Not told:',
      dropped.filter((one) => !isGathered(one)),
    ),
    near.length > 0 && html`Came near, and was not enough:`,
    ...near.map(
      ({ ruleName, subject, text, at: when, times }) =>
        html`• ${code(subject === '' ? '·' : subject)} ${short(text, 60)} at ${at(when)}${times > 1 ? `, ${times} readings` : ''} (${short(ruleName, 40)})`,
    ),
  );
}

type Dropped = PeriodFacts['dropped'][number];
const isGathered = ({ reason }: Dropped) => ['in-summary', 'storm'].includes(reason);

function ended(heading: string, dropped: Dropped[]): Html[] {
  if (dropped.length === 0) return [];
  return [
    html`${heading}`,
    ...dropped.map(({ reason, count, example }) => {
      const named = example === '' ? '' : html`: ${short(example, 60)}${count > 1 ? ' …' : ''}`;
      return html`• ${count.toLocaleString('en-US')}, ${reasonWord(reason)}${named}`;
    }),
  ];
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
