// How unattended alerts are followed up: reminders, acknowledgements that run out, and who is told next.
import type { Actor } from '#core/actor.ts';
import { type Care, careDocument } from '#core/care.ts';
import { refuse } from '#core/outcome.ts';
import { peopleHere } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { type SettingsOutcome, saveOneSetting } from './settings.ts';
import type { World } from './world.ts';

/**
 * Sets it from a document (`core/care.ts`); null: nothing is followed up. Whom to tell next is named by a person's name
 * or id, or by one of the owner's own receivers. It holds for what burns from now on.
 */
export async function setCare(
  world: World,
  actor: Actor,
  input: { ownerId: string; document: unknown },
  now: number,
): Promise<SettingsOutcome> {
  const { ownerId, document } = input;
  if (document === null)
    return saveOneSetting(world, actor, 'set-care', { ownerId, changes: { care: null } }, null, now);
  const read = careDocument.safeParse(document);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return refuse('invalid', `${faults.join('; ')}.`);
  }
  const care: Care = read.data;
  const { db } = world.database;
  const people = await peopleHere(db);
  const own = await receiversOf(db, [ownerId]);
  for (const level of care.escalate ?? [])
    for (const [at, name] of level.to.entries()) {
      const person = people.find(({ id, name: called, username }) => [id, called, username].includes(name));
      const receiver = own.find(({ id, label }) => [id, label].includes(name));
      const meant = person?.id ?? receiver?.id;
      if (meant === undefined) return refuse('invalid', `I know nobody here called “${name.slice(0, 60)}”.`);
      level.to[at] = meant;
    }
  const detail = JSON.parse(JSON.stringify(care));
  return saveOneSetting(world, actor, 'set-care', { ownerId, changes: { care } }, detail, now);
}
