// Texts about what is watched: software that is asked, and heartbeats.
import { sayCron } from '#core/cron-words.ts';
import { sayDuration } from '#core/duration.ts';
import { asText } from '#core/field.ts';
import { type Expects, withGrace } from '#core/heartbeat.ts';
import { sayInstant } from '#core/hours.ts';
import { sentence } from '#core/sentence.ts';
import { shownAddress } from '#core/shown-address.ts';
import type { ListedHeartbeat } from '#operations/list-heartbeats.ts';
import type { ListedTarget } from '#operations/list-targets.ts';
import type { Shown } from '#operations/module-book.ts';
import { bold, code, type Html, html, lines, short } from '../html.ts';

export const watchSoftware = 'Watch software';
export const addHeartbeat = 'Wait for a job';
export const remove = 'Remove';
export const removeSurely = 'Yes, remove it';
export const newAddress = 'New address';
export const notNow = 'Not now';
export const skip = 'Leave out';
export const watchIt = 'Watch it';
export const otherName = 'Another name';
export const withLogin = 'It needs a password';
export const askAgain = 'Ask again';
export const allOf = (many: number) => `All ${many} rules`;
export const beatRule = ['When it is late', 'When it fails'];
export const resumed = 'It is asked again.';
export const pausedNow = 'It is left alone until you resume.';
export const ruleMade = 'The rule watches from now on.';
export const rulesMade = (many: number) => (many === 1 ? ruleMade : `${many} rules watch from now on.`);

export const sourcesTitle = (
  targets: ListedTarget[],
  beats: ListedHeartbeat[],
  { admin, group }: { admin: boolean; group: boolean },
  zone: string,
  now: number,
): Html =>
  lines(
    targets.length + beats.length === 0 &&
      html`${admin ? 'Nothing is watched by asking yet.' : `${group ? 'This group waits' : 'You wait'} for no job yet.`}`,
    admin && html`Software on this machine or another can be asked by me; a job can call me when it is done.`,
    targets.length > 0 && html`${bold('Asked:')}`,
    ...targets.slice(0, 12).map((one) => html`• ${short(one.name, 40)} · ${targetState(one, zone, now)}`),
    targets.length > 12 && html`and ${targets.length - 12} more.`,
    beats.length > 0 && html`${bold('Waited for:')}`,
    ...beats.slice(0, 12).map((one) => html`• ${short(one.name, 40)} · ${beatState(one, zone, now)}`),
    beats.length > 12 && html`and ${beats.length - 12} more.`,
  );

const targetState = (one: ListedTarget, zone: string, now: number): string => {
  const since = one.upSince === null ? '' : ` since ${sayInstant(one.upSince, zone, now)}`;
  return {
    waiting: 'is asked for the first time',
    up: 'answers',
    down: `does not answer well${since}`,
    late: 'was not asked for long; something here is stuck',
    paused: 'paused',
  }[one.state];
};

export const targetDetail = (one: ListedTarget, title: string, zone: string, now: number): Html => {
  const { url } = one.params as { url?: unknown };
  return lines(
    html`${bold(short(one.name, 60))} · ${title}`,
    // In a group everybody reads it.
    typeof url === 'string' && code(shownAddress(url), 120),
    html`${sentence(targetState(one, zone, now))}${one.lastAt === null ? '' : html` Last asked ${sayInstant(one.lastAt, zone, now)}, then every ${sayDuration(one.everyMs)}.`}`,
    one.state === 'up' && html`It told ${one.found} ${one.found === 1 ? 'thing' : 'things'}.`,
    one.error !== null && one.state !== 'up' && html`${sentence(short(one.error, 300))}`,
    one.login && html`A password is sent; it is kept sealed.`,
  );
};
export const rulesHere = (names: string[]): Html | undefined =>
  names.length === 0 ? undefined : html`Your rules about it: ${short(names.join(', '), 300)}.`;
export const offersTitle = () => html`What shall I tell you of?`;
export const offerLine = (title: string, does: string, wait: unknown): Html =>
  html`• ${title}${does === '' ? '' : html`: ${does}`}${typeof wait === 'string' && wait !== '0s' ? `, for ${wait}` : ''}`;
export const targetGone = () => html`This is not asked any more.`;
export const removeTargetAsk = (name: string, rules: string[]): Html =>
  lines(
    html`Stop asking ${bold(short(name, 60))}? What it told stays.`,
    rules.length > 0 &&
      html`Your rules about it stay, too, and hear nothing more: ${short(rules.join(', '), 200)}.`,
  );
export const removed = (name: string) => html`${short(name, 60)} is removed.`;

// ── adding software ─────────────────────────────────────────────────────────
export const whichModule = () => html`What shall be watched?`;
export const askField = (
  title: string,
  about: string,
  answers: [string, string][],
  field: { label: string; hint: string; required: boolean },
  problem?: string,
): Html =>
  lines(
    html`Watch: ${bold(title)}`,
    answers.length === 0 && html`${about}`,
    ...answers.map(([label, value]) => html`${label}: ${code(value, 100)}`),
    problem !== undefined && html`${sentence(problem)}`,
    html`${bold(field.label)}${field.required ? '' : ' (press or type)'}`,
    field.hint !== '' && html`${field.hint}`,
  );
export const askName = (problem?: string): Html =>
  lines(problem !== undefined && html`${sentence(problem)}`, html`How shall it be called in alerts?`);
export const askLogin = (problem?: string): Html =>
  lines(
    problem !== undefined && html`${sentence(problem)}`,
    html`Type ${code('user:password')}, or an access token. I delete your message and keep it sealed.`,
  );
export const noAnswer = (name: string, text: string): Html =>
  lines(
    html`${bold(short(name, 60))} could not be read: nothing is kept yet.`,
    html`${sentence(short(text, 400))}`,
  );
export const liveValues = (name: string, shown: Shown[], ms: number): Html => {
  const rows = shown.flatMap(({ subject, fields }) =>
    fields
      .filter(({ value }) => typeof value === 'number' || typeof value === 'string')
      .slice(0, 2)
      .map(({ title, value, unit }) => ({
        subject: subject === name ? '' : subject,
        title: title.replace(/^1 when /, 'whether '),
        value: title.startsWith('1 when ') ? (value === 1 ? 'yes' : 'no') : value,
        unit,
      })),
  );
  return lines(
    html`${bold(short(name, 60))} answers (${ms} ms). Now:`,
    ...rows
      .slice(0, 12)
      .map(
        ({ subject, title, value, unit }) =>
          html`• ${subject === '' ? '' : html`${short(subject, 40)} · `}${title}: ${bold(valueWords(value, unit))}`,
      ),
    rows.length > 12 && html`and ${rows.length - 12} more.`,
  );
};
const valueWords = (value: unknown, unit: string | undefined): string => {
  if (unit === 'bytes' && typeof value === 'number') return bytesWords(value);
  if (unit === 's' && typeof value === 'number' && value >= 120) return sayDuration(value * 1000);
  const text = short(asText(value as never) ?? '', 60);
  return unit === undefined || unit === 'UTC' ? text : `${text} ${unit}`;
};
const bytesWords = (value: number): string => {
  const step = value >= 1e9 ? 1e9 : value >= 1e6 ? 1e6 : 1e3;
  return `${Math.round((value / step) * 10) / 10} ${step === 1e9 ? 'GB' : step === 1e6 ? 'MB' : 'KB'}`;
};
export const notAdded = () => html`Closed. Nothing was added.`;
export const added = (name: string) => html`${bold(short(name, 60))} is asked from now on.`;

// ── heartbeats ──────────────────────────────────────────────────────────────
export const usualNames = ['Nightly backup', 'Certificate renewal', 'Import'];
export const askBeatName = (problem?: string): Html =>
  lines(
    html`A job calls an address when it is done; I tell you when it does not.`,
    problem !== undefined && html`${sentence(problem)}`,
    html`What is the job called? Press or type.`,
  );
export const askEvery = (name: string, problem?: string): Html =>
  lines(
    html`${bold(short(name, 60))}`,
    problem !== undefined && html`${sentence(problem)}`,
    html`How often does it call? Press, or type ${code('2h')} or a schedule such as ${code('0 3 * * *')}.`,
  );
export const everyLabel = (ms: number) => `Every ${sayDuration(ms)}`;
export const eachNight = 'Each night at 3:00';
export const noEvery = (typed: string) => `“${short(typed, 40)}” is neither a time span nor a schedule`;
export const beatMade = (name: string, secret: Html): Html =>
  lines(html`I wait for ${bold(short(name, 60))}.`, secret);
export const copyLine = 'Copy the line';
/** What a job calls when it is done. */
export const callOf = (address: string) => `curl -fsS -m 10 --retry 3 ${address}`;
export const curlLine = (address: string): Html =>
  lines(
    html`Put this line at the end of the job; it is shown only now:`,
    code(callOf(address), 300),
    html`With ${code('/fail')} behind the address it says that it failed, with ${code('/$?')} its exit code.`,
  );
export const heartbeatGone = () => html`This job is not waited for any more.`;
const expectsWords = (said: Expects): string => {
  const expects = withGrace(said);
  const grace = expects.grace === '0s' ? ', and may not be late' : `, with ${expects.grace} of grace`;
  return 'every' in expects
    ? `every ${expects.every}${grace}`
    : `${sayCron(expects.cron) ?? `by ${expects.cron}`}${expects.zone ? ` (${expects.zone})` : ''}${grace}`;
};
const beatState = (one: ListedHeartbeat, zone: string, now: number): string => {
  if (one.lastAt === null) return 'has not called yet';
  const word =
    { ok: 'well', fail: 'failed', start: 'began', log: 'wrote' }[one.lastStatus ?? 'ok'] ?? 'called';
  return `${word} ${sayInstant(one.lastAt, zone, now)}`;
};
export const heartbeatDetail = (one: ListedHeartbeat, zone: string, now: number): Html =>
  lines(
    html`${bold(short(one.name, 60))}`,
    html`Should call ${expectsWords(one.expects as Expects)}.`,
    html`${sentence(beatState(one, zone, now))}`,
  );
export const renewAsk = (name: string) =>
  html`A new address for ${bold(short(name, 60))}? The old one is good no longer from that moment.`;
export const renewSurely = 'Yes, a new one';
export const removeBeatAsk = (name: string) =>
  html`Wait no longer for ${bold(short(name, 60))}? Its address and its two rules are removed.`;
