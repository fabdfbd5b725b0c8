// Export rules: the documents that make them again, here or elsewhere.
import type { Actor } from '#core/actor.ts';
import { type Refusal, refuse } from '#core/outcome.ts';
import type { Rule, RuleDocument } from '#core/rule.ts';
import { namesOfOwners, rulesAfter } from '#store/many-rules.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { atHome } from './home.ts';
import { authorise, roleOf } from './may.ts';
import { documentOf } from './rule-draft.ts';
import type { World } from './world.ts';

/** A rule's document with its id and whose it is (`telegram:7001`). */
export type Exported = { id: string; owner: string } & RuleDocument;

const page = 1_000;

/**
 * The rules of one owner, or of everybody for those who may see them all, in pages; a refusal comes before the first. A
 * receiver is named as its owner names it when that is clear; those that a rule has by itself are left out.
 */
export async function exportRules(
  world: World,
  actor: Actor,
  { ownerId }: { ownerId?: string },
): Promise<{ ok: true; pages: AsyncIterable<Exported[]> } | Refusal> {
  const { db } = world.database;
  if (ownerId !== undefined) {
    const refused = await authorise(db, actor, 'rule', ownerId);
    if (refused) return refused;
  } else {
    const role = await roleOf(db, actor);
    if (role !== 'admin' && role !== 'owner')
      return refuse('forbidden', 'Only admins see the rules of everybody.');
  }
  return { ok: true, pages: pagesOf(world, ownerId) };
}

async function* pagesOf({ database: { db } }: World, ownerId: string | undefined): AsyncIterable<Exported[]> {
  for (let after = ''; ; ) {
    const rules = await rulesAfter(db, after, ownerId, page);
    if (rules.length > 0) {
      const owners = [...new Set(rules.map((rule) => rule.ownerId))];
      const names = await namesOfOwners(db, owners);
      const receivers = await receiversOf(db, owners);
      yield rules.map((rule) => ({
        id: rule.id,
        owner: names.get(rule.ownerId) ?? rule.ownerId,
        ...portable(
          rule,
          receivers.filter((one) => one.ownerId === rule.ownerId),
        ),
      }));
    }
    if (rules.length < page) return;
    after = rules.at(-1)!.id;
  }
}

/** The document with names in place of receivers’ ids. */
export function portable(rule: Rule, told: Receiver[]): RuleDocument {
  const { to, bands, pilot, ...document } = documentOf(rule);
  const nameOf = (id: string) => {
    const label = told.find((one) => one.id === id)?.label;
    const known =
      label === undefined ? 0 : told.filter((one) => [one.label, one.channel].includes(label)).length;
    return known === 1 ? label! : id;
  };
  const usual = atHome(told).map(({ id }) => id);
  const isUsual = usual.length === to?.length && usual.every((id) => to.includes(id));
  return {
    ...document,
    ...(isUsual || !to ? {} : { to: to.map(nameOf) }),
    ...(bands ? { bands: bands.map((band) => (band.to ? { ...band, to: band.to.map(nameOf) } : band)) } : {}),
    ...(pilot ? { pilot: pilot.map(nameOf) } : {}),
  };
}
