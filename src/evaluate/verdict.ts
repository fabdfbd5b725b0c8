// What the answers of targets mean for the alerts that wait for them. Pure.
import { cut } from '#core/cut.ts';
import { answerWithinMs, believedMs } from '#core/verify.ts';
import type { Waiting } from '#store/verifications.ts';
import type { Verdict } from './evaluate.ts';

/** `ask`: again, the last answer is too old to be believed. `believe`: it answered, until then. */
export type Judged =
  | { is: 'wait' }
  | { is: 'ask'; until: number }
  | { is: 'believe'; until: number; verdict?: Verdict }
  | { is: 'tell'; verdict: Verdict };

/** What is known of it at `now`. Silence tells: no alert waits longer than `until` for an answer. */
export function judge({ target, found, answered, askedAt, until }: Waiting, now: number): Judged {
  const tell = (text: string): Judged => ({ is: 'tell', verdict: { answers: false, text: cut(text, 200) } });
  if (!found) return tell(`there is no target ${target} to ask`);
  if (found.paused) return tell(`${target} is not asked at present`);
  const { lastAt, up, error } = found;
  const since = lastAt !== null && lastAt >= askedAt;
  if (since && up === false) return tell(`verified: ${target}: ${error ?? 'it does not answer'}`);
  const believed = lastAt === null ? 0 : lastAt + believedMs;
  if (since && up === true && !answered) {
    const verdict = { answers: true, text: `${target} answers, so it is not told` };
    return { is: 'believe', until: believed, verdict };
  }
  if (until > now) return { is: 'wait' };
  if (!since) return tell(`${target} could not be asked within a minute`);
  return believed > now ? { is: 'believe', until: believed } : { is: 'ask', until: now + answerWithinMs };
}
