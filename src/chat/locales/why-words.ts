// The words for why: what was told, what became of it, for which reason, in which hours.
import { capital } from '#core/sentence.ts';
import { type Html, html, short } from '../html.ts';
import { sayWhen } from '../rule-words.ts';

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

export function toldLine(
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

const endless = (text: string) => text.replace(/\.$/, '');
export const kinds: Record<string, string> = {
  firing: 'Alert',
  worse: 'Got worse',
  over: 'End',
  reminder: 'Reminder',
  notice: 'Notice',
  summary: 'Summary',
  digest: 'Digest',
  note: 'Note',
  broadcast: 'Broadcast',
  board: 'Storm board',
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

/** The hours of a band: as written where it is one, in words for the rest. */
export const bandWords = (when: string | undefined) =>
  when === undefined ? 'as the rule is written' : sayWhen(when);
