// How unattended alerts are followed up: reminders, acknowledgements that run out, and who is told next.
import type { Actor } from '#core/actor.ts';
import { type Care, careDocument } from '#core/care.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Reader } from '#store/connection.ts';
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
  const read = await careOf(world.database.db, ownerId, document);
  if (!read.ok) return read;
  const { care } = read;
  const detail = JSON.parse(JSON.stringify(care));
  return saveOneSetting(world, actor, 'set-care', { ownerId, changes: { care } }, detail, now);
}

/** The document with whom it names by id, or what is wrong with it, each with its path. */
export async function careOf(
  db: Reader,
  ownerId: string,
  document: unknown,
): Promise<{ ok: true; care: Care } | (Refusal & { faults: { path: string; text: string }[] })> {
  const read = careDocument.safeParse(document);
  if (!read.success) return faulty(read.error.issues.map((one) => [one.path.join('.'), one.message]));
  const care: Care = read.data;
  const people = await peopleHere(db);
  const own = await receiversOf(db, [ownerId]);
  for (const [i, level] of (care.escalate ?? []).entries())
    for (const [at, name] of level.to.entries()) {
      const person = people.find(({ id, name: called, username }) => [id, called, username].includes(name));
      const receiver = own.find(({ id, label }) => [id, label].includes(name));
      const meant = person?.id ?? receiver?.id;
      if (meant === undefined)
        return faulty([[`escalate.${i}.to.${at}`, `I know nobody here called “${name.slice(0, 60)}”`]]);
      level.to[at] = meant;
    }
  return { ok: true, care };
}

function faulty(found: [path: string, text: string][]) {
  const text = `${found.map(([path, why]) => `${path}: ${why}`).join('; ')}.`;
  return { ...refuse('invalid', text), faults: found.map(([path, why]) => ({ path, text: why })) };
}
