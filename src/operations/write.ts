// How every verb writes: one transaction with its audit record, and the doorbells after the commit.

import type { Actor } from '#core/actor.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Json } from '#core/json.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { note } from '#store/audit.ts';
import { sqlState, type Tx } from '#store/connection.ts';
import type { World } from './world.ts';

/** What a verb did: the result for the caller, and what the audit trail keeps of it. */
export interface Done<T extends object> {
  ok: true;
  result: T;
  /** The id of what was changed. */
  target: string;
  detail?: Json;
  rings?: Doorbell[];
  /** Nothing changed, so there is nothing to note. */
  unchanged?: true;
  /** Who is noted, when it was not known before. */
  actor?: Actor;
}

/**
 * Runs the verb in a transaction. A refusal writes nothing that the verb did not write itself. Two transactions that
 * stand in each other's way are tried again, three times.
 */
export async function write<T extends object>(
  world: World,
  actor: Actor,
  verb: string,
  now: number,
  act: (tx: Tx) => Promise<Done<T> | Refusal>,
): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt++) {
    try {
      const done = await world.database.db.transaction(async (tx) => {
        const what = await act(tx);
        if (what.ok && !what.unchanged)
          await note(tx, what.actor ?? actor, verb, what.target, what.detail ?? null, now);
        failpoint('write.before_commit');
        return what;
      });
      failpoint('write.after_commit');
      world.meter.count('tocsin_operations_total', { verb, outcome: done.ok ? 'done' : done.code });
      if (!done.ok) return done;
      if (done.rings && done.rings.length > 0) world.ring(done.rings);
      return { ok: true, ...done.result };
    } catch (error) {
      // 40P01 deadlock, 40001 serialization, 23505: somebody else was first and is found the next time.
      if (attempt >= 3 || !['40P01', '40001', '23505'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}
