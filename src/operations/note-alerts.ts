// Note at several alerts at once: the words that answer a message which is about all of them.
import type { Actor } from '#core/actor.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import { hasDone } from '#store/audit.ts';
import { readNote } from './note-alert.ts';
import { stepSeveralAlerts } from './step-alert.ts';
import type { World } from './world.ts';

export interface Noted {
  /** At so many it stands now. */
  noted: number;
  /** Why not at the others; null: there are none. */
  refusal: Refusal | null;
}

/**
 * In one transaction. `once` names the occasion, such as `update:123`: the same words of the same occasion are kept once,
 * however often they come.
 */
export async function noteAlerts(
  world: World,
  actor: Actor,
  input: { alertIds: string[]; text: string; once: string },
  now: number,
): Promise<Outcome<Noted>> {
  const read = readNote(input.text);
  if (!read.ok) return read;
  const { text } = read;
  const { once } = input;
  const outcomes = await stepSeveralAlerts(
    world,
    actor,
    'note-alert',
    input.alertIds,
    // The alert is held: whoever was first is in the trail.
    async (tx, { id }) =>
      (await hasDone(tx, { verb: 'note-alert', target: id, once }))
        ? 'done already'
        : { signal: { is: 'note', by: actor, text }, detail: { text, once } },
    now,
  );
  const refusal = outcomes.find((one): one is Refusal => !one.ok) ?? null;
  const noted = outcomes.filter(({ ok }) => ok).length;
  if (noted === 0) return refusal ?? refuse('not-found', 'There is no alert to note it at.');
  return { ok: true, noted, refusal };
}
