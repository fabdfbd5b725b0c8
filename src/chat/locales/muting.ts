// What the chat says about muting: what, for how long, and that it is lifted.
import { printWhen } from '#core/bands.ts';
import { sayDuration } from '#core/duration.ts';
import { sayInstant } from '#core/hours.ts';
import type { Silence } from '#core/silence.ts';
import { code, html, lines, short } from '../html.ts';

export const mutedBoard = (topic: string, until: number, zone: string, now: number) =>
  `${topic === '**' ? 'Everything' : topic} is muted until ${sayInstant(until, zone, now)}.`;

export const silenceScreen = (
  silences: Silence[],
  name: (silence: Silence) => string,
  zone: string,
  now: number,
) =>
  silences.length === 0
    ? lines(html`Nothing is muted. What shall be muted?`)
    : lines(
        html`${silences.every((one) => one.startsAt <= now && !one.weekly) ? 'Muted now:' : 'Muted, now or later:'}`,
        ...silences.map(
          (one, i) =>
            html`${i + 1}. ${code(name(one), 100)} ${mutedWhen(one, zone, now)}, by ${short(one.by, 40)}`,
        ),
        silences.length > 1 && html`To lift all: ${code('/silence off')}`,
      );
export const lift = (number: number) => `Lift ${number}`;
export const muteMore = 'Mute …';
export const muteThisRule = 'Mute this rule …';
export const muteFor = (ms: number) => `mute ${sayDuration(ms)}`;
export const ruleMuted = (name: string, until: number, zone: string, now: number) =>
  `${short(name, 80)} is muted until ${sayInstant(until, zone, now)}. /silence lifts it.`;
export const everything = 'Everything';
export const muteWhat = () => html`What shall be muted?`;
export const muteHowLong = (what: string) =>
  html`Mute ${code(what, 100)} for how long? What happens meanwhile is not told.`;
export const askLiftAll = (count: number) =>
  count === 1 ? html`Shall it be lifted?` : html`Shall all ${count} be lifted?`;
export const liftAll = (count: number) => (count === 1 ? 'Lift it' : `Lift all ${count}`);
export const keepMuted = 'Keep';
export const muteLater = 'Later …';
export const muteWeekly = 'Every week …';
export const askMuteLater = (what: string) => html`When shall ${code(what, 100)} be muted?`;
export const askMuteWeekly = (what: string) =>
  html`In which hours of every week shall ${code(what, 100)} be muted?`;
export const askMuteTyped = (what: string, way: 'later' | 'weekly', problem?: string) =>
  lines(
    problem !== undefined && html`${problem}`,
    way === 'later'
      ? html`For how long, and from when, shall ${code(what, 100)} be muted? For example ${code('2h from 22:00')}, ${code('tomorrow 10-12')} or ${code('until monday 8')}.`
      : html`Type the hours of every week, for example ${code('Sat 2-4')} or ${code('Mon-Fri 22-6')}.`,
  );
export const notThatMute = 'I do not understand this. Say how long and from when.';
export const whichYear = (now: number) =>
  `Which year is meant? A date without one is at most ten months ahead; otherwise add it, such as 1 dec ${new Date(now).getUTCFullYear() + 1}.`;
/** `until 16:00`, `from 22:00 until tomorrow 0:00`, `every week Sat 02:00-04:00`, `Mon-Fri 09:00-17:00 from Mon 0:00 until Sat 0:00`. */
const fewWeeks = 60 * 86_400_000;
export const mutedWhen = ({ startsAt, endsAt, weekly }: Silence, zone: string, now: number) => {
  // Without an end of its own it holds for a year.
  if (weekly && endsAt - now > fewWeeks) return `every week ${printWhen(weekly.hours)}`;
  const until = `until ${sayInstant(endsAt, zone, now)}`;
  const span = startsAt > now ? `from ${sayInstant(startsAt, zone, now)} ${until}` : until;
  return weekly ? `${printWhen(weekly.hours)} ${span}` : span;
};
export const willBeMuted = (
  what: string,
  silence: Silence,
  was: 'longer' | 'so' | undefined,
  zone: string,
  now: number,
) => {
  const does =
    was === 'so'
      ? 'Nothing was added. Muted already'
      : `${was === 'longer' ? 'Made longer. ' : ''}${silence.startsAt > now || silence.weekly ? 'Will be muted' : 'Muted'}`;
  return html`${does}: ${code(what, 100)} ${mutedWhen(silence, zone, now)}.`;
};
/** `meant`: the whole command that surely was. */
export const silenceFault = (typed: string, meant?: string) =>
  lines(
    html`I don’t understand “${short(typed, 60)}”.`,
    meant !== undefined && html`Did you mean: ${code(`/${meant}`, 200)} ?`,
    html`An example: ${code('/silence disk.usage 2h')}, or only ${code('/silence')}.`,
    html`Later or each week: ${code('/silence disk.usage tomorrow 10-12')}, ${code('/silence disk.usage until monday 8')}, ${code('/silence disk.usage every Sat 2-4')}.`,
  );
export const nothingToMute = (topic: string, near: string | undefined) =>
  near === undefined
    ? html`Nothing has come under ${code(topic)} yet.`
    : html`Nothing has come under ${code(topic)} yet. There is ${code(near)}.`;
export const lifted = 'Lifted. It is told again.';
export const nothingToLift = (what: string | undefined) =>
  what === undefined ? html`Nothing is muted.` : html`${code(what, 100)} is not muted.`;
export const liftedAll = (names: string[]) =>
  html`Lifted: ${short(names.join(', '), 300)}. ${names.length === 1 ? 'It is' : 'All of it is'} told again.`;
