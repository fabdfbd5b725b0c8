// The job `act`: one confirmed act, its intent committed before the first byte, at most once unless twice is as good.
import type { ActOutcome } from '#core/act.ts';
import type { Work } from '#core/doorbell.ts';
import { sayError } from '#core/say-error.ts';
import { endAct } from '#operations/end-act.ts';
import type { World } from '#operations/world.ts';
import type { Outbound } from '#outbound/fetch.ts';
import { actionPlace, findAction } from '#store/actions.ts';
import { type Act, beginCall, lockAbandoned } from '#store/acts.ts';
import { mustOpen } from '#store/secrets.ts';
import { actions } from './actions/index.ts';

/** More than the longest attempt, so that a caller that lives is never taken for dead. */
const leaseMs = 60_000;

export interface ActDeps {
  world: World;
  outbound: Outbound;
  /** Epoch milliseconds at this moment: an answer may take seconds. */
  clock: () => number;
}

/** Works one act by its id. What a crash left open is settled first. */
export function actWork({ world, outbound, clock }: ActDeps): Pick<Work, 'act'> {
  const { db } = world.database;
  return {
    async act(id, now) {
      await adopt(world, id, now);
      const act = await beginCall(db, id, now + leaseMs, now);
      if (!act) return;
      const { outcome, idempotent } = await perform(world, outbound, act, now);
      world.meter.count('acts', { action: act.action, outcome: outcome.is });
      const bells = await db.transaction((tx) => endAct(tx, act, outcome, idempotent, clock()));
      world.ring(bells);
    },
  };
}

/** Its caller was killed between the intent and the answer: nobody knows what came of it. */
async function adopt(world: World, id: string, now: number): Promise<void> {
  const bells = await world.database.db.transaction(async (tx) => {
    const act = await lockAbandoned(tx, id, now);
    if (!act) return [];
    const action = await findAction(tx, act.actionId);
    const outcome: ActOutcome = { is: 'unknown', text: 'we were interrupted before the answer' };
    return endAct(tx, act, outcome, action?.idempotent ?? false, now);
  });
  world.ring(bells);
}

async function perform(
  world: World,
  outbound: Outbound,
  act: Act,
  now: number,
): Promise<{ outcome: ActOutcome; idempotent: boolean }> {
  const action = await findAction(world.database.db, act.actionId);
  const kind = actions.find(({ name }) => name === action?.kind);
  if (!action || !kind)
    return { outcome: { is: 'failed', text: 'the action is not there any more' }, idempotent: false };
  const { idempotent, params } = action;
  try {
    const secret = mustOpen(world.keyring, action.secret, actionPlace(action.id));
    const doing = { id: act.id, attempt: act.attempts, params, secret, outbound, now };
    return { outcome: await kind.run(act.request, doing), idempotent };
  } catch (error) {
    world.log.error({ act: act.id, error: sayError(error) }, 'an action could not be done');
    return { outcome: { is: 'unknown', text: 'something went wrong on our side' }, idempotent: false };
  }
}
