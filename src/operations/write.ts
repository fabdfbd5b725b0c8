// How every verb writes: one transaction with its audit record, and the doorbells after the commit.
import type { Actor } from '#core/actor.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { failpoint } from '#core/failpoint.ts';
import type { Json } from '#core/json.ts';
import type { Outcome, Refusal } from '#core/outcome.ts';
import { type Deed, noteAll, noting } from '#store/audit.ts';
import { sqlState, type Tx } from '#store/connection.ts';
import type { LastWritten } from '#store/deeds-written.ts';
import { lastly } from '#store/lastly.ts';
import { together } from '#store/together.ts';
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

/** Who wants to do what. */
export interface Wish {
  actor: Actor;
  verb: string;
}

/** What was done of each wish; undefined: not here. */
export interface Written<T extends object> {
  done: (Done<T> | Refusal | undefined)[];
  /** What is rung for all of them; as long as it is on its way, the audit goes out beside it. */
  rings?: Doorbell[] | Promise<Doorbell[]>;
  /** Instead: what is still to be written. It goes out with the audit and the commit. */
  last?: LastWritten;
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
  const [outcome] = await writeAll(world, [{ actor, verb }], now, async (tx) => {
    const what = await act(tx);
    return { done: [what], rings: (what.ok && what.rings) || [] };
  });
  return outcome!;
}

/** The same for many wishes in one transaction; undefined for those that were left out. */
export async function writeAll<T extends object>(
  world: World,
  wishes: Wish[],
  now: number,
  act: (tx: Tx) => Promise<Written<T>>,
): Promise<(Outcome<T> | undefined)[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { done, rings } = await world.database.db.transaction(async (tx) => {
        const written = await act(tx);
        const { done, last } = written;
        const deeds = deedsOf(wishes, written);
        if (last) {
          failpoint('write.before_commit');
          const noted = deeds.length > 0 ? [noting(tx, deeds, now)] : [];
          const answers = await lastly(tx, [...last.statements, ...noted]);
          return { done, rings: last.rings(answers) };
        }
        const [rung] = await together([written.rings ?? [], noteAll(tx, deeds, now)]);
        failpoint('write.before_commit');
        return { done, rings: rung };
      });
      failpoint('write.after_commit');
      if (rings.length > 0) world.ring(rings);
      return done.map((one, i) => {
        if (!one) return undefined;
        const { verb } = wishes[i]!;
        world.meter.count('tocsin_operations_total', { verb, outcome: one.ok ? 'done' : one.code });
        return one.ok ? { ok: true, ...one.result } : one;
      });
    } catch (error) {
      // 40P01 deadlock, 40001 serialization, 23505: somebody else was first and is found the next time.
      if (attempt >= 3 || !['40P01', '40001', '23505'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}

function deedsOf<T extends object>(wishes: Wish[], { done }: Written<T>): Deed[] {
  return done.flatMap((one, i) => {
    if (!one?.ok || one.unchanged) return [];
    const { verb } = wishes[i]!;
    const actor = one.actor ?? wishes[i]!.actor;
    return [{ actor, verb, target: one.target, detail: withPerson(actor, one.detail ?? null) }];
  });
}

/** The trail names the key, and beside it the person for whom it was done. */
function withPerson(actor: Actor, detail: Json): Json {
  if (actor.is !== 'key' || actor.forPerson === undefined) return detail;
  const said = detail !== null && typeof detail === 'object' && !Array.isArray(detail) ? detail : null;
  return { ...(said ?? (detail === null ? {} : { detail })), for: `person:${actor.forPerson}` };
}
