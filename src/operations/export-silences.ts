// Export silences: the documents that make them again, here or where rules and owners are called the same.
import type { Actor } from '#core/actor.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Silence } from '#core/silence.ts';
import { type PrintedSilence, printSilence, stateOf } from '#core/silence-document.ts';
import type { Reader } from '#store/connection.ts';
import { namesOfOwners } from '#store/many-rules.ts';
import { namesOfRules } from '#store/rule-names.ts';
import { silencesAfter } from '#store/silences.ts';
import { authorise, roleOf } from './may.ts';
import type { World } from './world.ts';

export interface Which {
  ownerId?: string;
  /** Those that mute now, will, or are over; without it those that are not over. */
  state?: 'now' | 'later' | 'over';
}

const page = 1_000;

/** The silences of one owner, or of everybody for those who may see them all, in pages; a refusal comes before the first. */
export async function exportSilences(
  world: World,
  actor: Actor,
  which: Which,
  now: number,
): Promise<{ ok: true; pages: AsyncIterable<PrintedSilence[]> } | Refusal> {
  const { db } = world.database;
  if (which.ownerId !== undefined) {
    const refused = await authorise(db, actor, 'rule', which.ownerId);
    if (refused) return refused;
  } else {
    const role = await roleOf(db, actor);
    if (role !== 'admin' && role !== 'owner')
      return refuse('forbidden', 'Only admins see the silences of everybody.');
  }
  return { ok: true, pages: pagesOf(world, which, now) };
}

async function* pagesOf(
  { database: { db } }: World,
  { ownerId, state }: Which,
  now: number,
): AsyncIterable<PrintedSilence[]> {
  for (let after = ''; ; ) {
    const asked = {
      after,
      over: state === 'over',
      limit: page,
      ...(ownerId === undefined ? {} : { ownerId }),
    };
    const found = await silencesAfter(db, asked, now);
    const wanted = found.filter((one) => state === undefined || stateOf(one, now) === state);
    const documents = await printSilences(db, wanted, now);
    if (documents.length > 0) yield documents;
    if (found.length < page) return;
    after = found.at(-1)!.id;
  }
}

/** Their documents, with rules and owners as they are called outside. */
export async function printSilences(db: Reader, silences: Silence[], now: number): Promise<PrintedSilence[]> {
  const owners = await namesOfOwners(db, [...new Set(silences.map(({ ownerId }) => ownerId))]);
  const rules = await namesOfRules(db, [...new Set(silences.flatMap(({ ruleId }) => ruleId ?? []))]);
  return silences.map((one) =>
    printSilence(one, owners.get(one.ownerId) ?? one.ownerId, rules.get(one.ruleId ?? ''), now),
  );
}
