// Texts about broadcasts.
import { type Audience, type Fate, fates } from '#core/broadcast.ts';
import { printCondition } from '#core/condition.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import type { Made } from '#operations/list-broadcasts.ts';
import type { ReadReceipt } from '#store/broadcast-receipts.ts';
import { bold, code, fold, type Html, html, lines, short } from '../html.ts';
import { countOf } from './count-of.ts';

const day = 86_400_000;

// ── to whom, and what ───────────────────────────────────────────────────────
export const askWhom = (problem?: string) =>
  lines(problem !== undefined && html`${problem}`, html`Who shall be told?`);
export const everyoneLabel = (count: number) => `Everyone here · ${count}`;
export const groupLabel = (title: string) => `Group ${short(title, 30)}`;
export const cohortLabel = 'Those who run something …';
export const madeLabel = 'Earlier ones';
export const askTopic = (problem?: string) =>
  lines(
    problem !== undefined && html`${problem}`,
    html`By what they run: in which topic does it say so? Press one, or type it.`,
  );
export const askMatch = (topic: string, problem?: string) =>
  lines(
    problem !== undefined && html`${problem}`,
    html`${code(topic)}: whose newest event must say what? Type it, such as ${code('version < 1.4')}.`,
    html`Told are those who have a rule about such a thing, under any topic.`,
  );
export const everyThing = 'All of them';
/** `later`: repeated, it reaches those whom it concerns by then. */
export const askText = (to: string, reach: Reach, later: boolean, problem?: string) =>
  reach.count > 0
    ? lines(
        problem !== undefined && html`${problem}`,
        html`To ${to}: ${reachWords(reach)}`,
        html`What shall they read? Type it.`,
      )
    : lines(
        problem !== undefined && html`${problem}`,
        html`This would reach nobody at this moment. To: ${to}.`,
        later
          ? html`Go back for others, or type what they shall read and repeat it: it reaches whoever it concerns by then.`
          : html`It can be sent once somebody is there.`,
      );

interface Reach {
  count: number;
  names: string[];
  things: string[];
  moreThings: boolean;
}
export function reachWords({ count, names, things, moreThings }: Reach): string {
  if (count === 0) return 'nobody at this moment.';
  const others = count - names.length;
  const who = `${names.map((name) => short(name, 30)).join(', ')}${others > 0 ? ` and ${others.toLocaleString('en-US')} more` : ''}`;
  const some = things.map((thing) => short(thing, 30)).join(', ');
  const what = things.length === 0 ? '' : `, who watch ${some}${moreThings ? ' and more' : ''}`;
  return count === 1
    ? `${who}${what.replace('who watch', 'who watches')}.`
    : `${count.toLocaleString('en-US')}, ${who}${what}.`;
}

export const preview = (
  {
    to,
    text,
    reach,
    everyMs,
    canSend,
    later,
  }: {
    to: string;
    text: string;
    reach: Reach;
    everyMs: number | undefined;
    canSend: boolean;
    /** Repeated, it reaches those whom it concerns by then. */
    later: boolean;
  },
  problem?: string,
) =>
  lines(
    problem !== undefined && html`${problem}`,
    html`To ${to}: ${reachWords(reach)}`,
    html`<blockquote>${short(text, 700)}</blockquote>`,
    everyMs === undefined
      ? html`Told once.`
      : html`Told every ${sayDuration(everyMs)}, for 30 days, to those who have neither pressed Seen nor left.`,
    !canSend &&
      (later
        ? html`It cannot be sent once, as it would reach nobody. Repeated, it reaches whoever it concerns by then.`
        : html`It cannot be sent, as it would reach nobody. It can be once somebody is there.`),
  );
export const sendLabel = (count: number) =>
  count <= 1 ? 'Send it' : `Send to all ${count.toLocaleString('en-US')}`;
export const onlyAdmins = 'Only admins can broadcast.';
export const firstLabel = (count: number) => `10 % first · ${count}`;
export const repeatLabel = (everyMs: number | undefined) =>
  everyMs === undefined
    ? 'Repeat: no'
    : `Repeat: every ${everyMs === day ? 'day' : everyMs === 7 * day ? 'week' : sayDuration(everyMs)}`;
export const otherText = 'Other text';
export const othersLabel = 'Others';
export const notSent = () => html`Nothing was sent.`;

export function audience(to: Audience): string {
  if (to.to === 'everyone') return 'everyone here';
  if (to.to === 'group') return 'this group';
  const where = to.match.map(printCondition).join(' and ');
  return `those who watch what is in ${short(to.topic, 60)}${where === '' ? '' : ` with ${short(where, 120)}`}`;
}
export const toGroup = (title: string) => `the group ${short(title, 40)}`;

// ── how far it has come ─────────────────────────────────────────────────────
const words: Record<Fate, string> = {
  waiting: 'not told yet',
  'on-its-way': 'on its way',
  held: 'held back',
  told: 'told, not confirmed',
  seen: 'seen',
  left: 'no longer concerned',
  'opted-out': 'opted out of broadcasts',
  unreachable: 'not reachable',
  stopped: 'not told, it was stopped',
};

export interface Facts {
  broadcast: Made;
  to: string;
  receipts: ReadReceipt[];
  waits: boolean;
  zone: string;
  now: number;
}

export function screen({ broadcast, to, receipts, waits, zone, now }: Facts): Html {
  const { text, by, createdAt, counts, round, everyMs } = broadcast;
  const at = (instant: number) => sayInstant(instant, zone, now);
  const sums = fates.filter((fate) => counts[fate]).map((fate) => `${counts[fate]} ${words[fate]}`);
  const shown = receipts.filter(({ fate }) => fate !== 'waiting').slice(0, 40);
  return lines(
    html`${bold(short(text, 200))}`,
    html`From ${short(by, 40)}, ${at(createdAt)}, to ${to}.`,
    html`${sums.length === 0 ? 'The first are told in a moment.' : `${sums.join(', ')}.`}${everyMs !== null && round > 1 ? ` Round ${round}.` : ''}`,
    html`${state(broadcast, waits, at)}`,
    shown.length > 0 && fold(shown.map((one) => receipt(one, at))),
    receipts.length > shown.length &&
      shown.length === 40 &&
      html`All receipts: ${code(`GET /v1/broadcasts/${broadcast.id}`, 100)}.`,
  );
}

function state(
  { status, next, nextAt, endsAt, everyMs }: Made,
  waits: boolean,
  at: (instant: number) => string,
) {
  if (status === 'stopped') return 'It was stopped.';
  if (status === 'done') return everyMs === null ? 'Everybody’s turn has come.' : 'It has ended.';
  if (waits) return `The others are told when you say so, until ${at(endsAt)}.`;
  if (next === 'rest') return `The others are told ${at(nextAt)}.`;
  if (next === 'first') return 'It begins now.';
  return nextAt >= endsAt ? `It ends ${at(endsAt)}.` : `Again ${at(nextAt)} to those who have not confirmed.`;
}

function receipt(
  { name, fate, detail, until, toldAt, seenAt, leftAt, things, more, seenBy }: ReadReceipt,
  at: (instant: number) => string,
): Html {
  const when = { seen: seenAt, left: leftAt, told: toldAt }[fate as string] ?? null;
  const because =
    ['held', 'unreachable', 'opted-out'].includes(fate) && detail
      ? `: ${short(detail, 80).replace(/\.$/, '')}`
      : '';
  const what =
    things.length === 0
      ? ''
      : ` (${things.map((thing) => short(thing, 30)).join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
  const by =
    fate === 'seen' && seenBy.length > 1
      ? ` by ${seenBy
          .slice(0, 3)
          .map((one) => short(one, 30))
          .join(', ')}${seenBy.length > 3 ? ` and ${seenBy.length - 3} more` : ''}`
      : '';
  return html`• ${short(name, 40)}${what}: ${words[fate]}${by}${when === null ? '' : ` ${at(when)}`}${because}${until === null ? '' : `, until ${at(until)}`}`;
}

export const tellRest = (count: number) => `Tell the other ${count}`;
export const stop = 'Stop';
export const all = 'All broadcasts';
export const anew = 'New broadcast';
export const noted = 'Noted.';
export const seenHere = (seenBy: string[]) =>
  `Noted. Seen by ${seenBy
    .slice(0, 3)
    .map((one) => short(one, 30))
    .join(', ')}${seenBy.length > 3 ? ` and ${seenBy.length - 3} more` : ''}.`;
export const optedOut = 'No broadcasts any more. Settings, Channels, Topics left out takes it back.';
export const goesOn = (changed: boolean) => (changed ? 'The others are told now.' : 'They are told already.');
export const stopped = ({ changed, unsent }: { changed: boolean; unsent: number }) =>
  !changed
    ? 'It had ended already.'
    : unsent > 0
      ? `Stopped. ${countOf(unsent, 'message', 'messages')} did not go out.`
      : 'Stopped.';

export const made = (broadcasts: Made[], zone: string, now: number): Html =>
  broadcasts.length === 0
    ? html`No broadcast was made yet.`
    : lines(
        html`Broadcasts, newest first:`,
        ...broadcasts.map(({ text, createdAt, status, counts }, i) => {
          const sums = fates.filter((fate) => counts[fate]).map((fate) => `${counts[fate]} ${words[fate]}`);
          const ended = status === 'running' ? '' : status === 'stopped' ? ' · stopped' : ' · ended';
          return html`${i + 1}. ${short(text, 60)} · ${sayInstant(createdAt, zone, now)} · ${sums.join(', ') || 'nobody yet'}${ended}`;
        }),
      );
