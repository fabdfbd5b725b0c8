// Note: somebody leaves words at an alert, for everybody who looks at it.
import type { Actor } from '#core/actor.ts';
import { cleanText } from '#core/clean.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { type AlertOutcome, stepOneAlert } from './step-alert.ts';
import type { World } from './world.ts';

export const longestNote = 1_000;

/** The words as they are kept. */
export function readNote(said: string): Outcome<{ text: string }> {
  const text = cleanText(said).trim();
  if (text === '') return refuse('invalid', 'A note has at least a word.');
  if ([...text].length > longestNote)
    return refuse('invalid', `A note has at most ${longestNote.toLocaleString('en-US')} characters.`);
  return { ok: true, text };
}

/** Its message shows the newest note, `/why` all of them. Also an alert that is over takes them. */
export async function noteAlert(
  world: World,
  actor: Actor,
  input: { alertId: string; text: string },
  now: number,
): Promise<AlertOutcome> {
  const read = readNote(input.text);
  if (!read.ok) return read;
  const { text } = read;
  return stepOneAlert(
    world,
    actor,
    'note-alert',
    { alertId: input.alertId },
    async () => ({ signal: { is: 'note', by: actor, text }, detail: { text } }),
    now,
  );
}
