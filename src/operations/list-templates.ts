// The words of every topic that has some, for those who may change them.
import type { Actor } from '#core/actor.ts';
import type { Outcome } from '#core/outcome.ts';
import { house } from '#core/owner.ts';
import type { TopicWording } from '#core/wording.ts';
import { templatesHere } from '#store/templates.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';

/** By topic. */
export async function listTemplates(
  world: World,
  actor: Actor,
): Promise<Outcome<{ templates: TopicWording[] }>> {
  const { db } = world.database;
  const refused = await authorise(db, actor, 'words', house);
  if (refused) return refused;
  return { ok: true, templates: await templatesHere(db) };
}
