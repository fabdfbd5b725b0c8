// Save a pack: rules that the admins offer to everybody, or a new version of them.
import { type Actor, actorRef } from '#core/actor.ts';
import { sameJson } from '#core/json.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { fillPack, type Pack, packDocument } from '#core/pack.ts';
import { addPack, findPack } from '#store/packs.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { tellTakers } from './pack-news.ts';
import { draftRule, type Fault } from './rule-draft.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export type PackOutcome = Outcome<{ pack: Pack }> & { faults?: Fault[] };

const house = 'p_tocsin';

/**
 * Makes a pack, or the next version of the one named. Every fault of every rule is told, with the blanks filled in by
 * their usual answers (a number: 1).
 */
export function savePack(
  world: World,
  actor: Actor,
  input: { packId?: string; document: unknown; book: KindBook },
  now: number,
): Promise<PackOutcome> {
  return write(world, actor, 'save-pack', now, async (tx) => {
    const refused = await authorise(tx, actor, 'packs', house);
    if (refused) return refused;
    const read = packDocument.safeParse(input.document);
    if (!read.success) {
      const faults = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), text: message }));
      return { ...refuse('invalid', sentence(faults)), faults };
    }
    const before = input.packId === undefined ? undefined : await findPack(tx, input.packId);
    if (input.packId !== undefined && (!before || before.ownerId !== null))
      return refuse('not-found', 'There is no such pack of everybody’s.');
    const tried = Object.fromEntries(
      read.data.asks.map(({ name, input: kind, usual }) => [name, usual ?? (kind === 'number' ? 1 : 'x')]),
    );
    const faults: Fault[] = [];
    for (const [at, rule] of fillPack(read.data, tried).entries()) {
      const drafted = await draftRule(tx, input.book, house, rule);
      if (!drafted.ok)
        faults.push(...drafted.faults.map(({ path, text }) => ({ path: `rules.${at}.${path}`, text })));
    }
    if (faults.length > 0) return { ...refuse('invalid', sentence(faults)), faults };
    if (before && sameJson(plain(before), read.data))
      return { ok: true, result: { pack: before }, target: before.id, unchanged: true };
    const pack: Pack = {
      id: before?.id ?? world.id('k'),
      version: (before?.version ?? 0) + 1,
      ownerId: null,
      ruleId: null,
      createdAt: now,
      ...read.data,
    };
    await addPack(tx, pack, actorRef(actor));
    const rings = before ? await tellTakers(tx, pack, now) : [];
    return { ok: true, result: { pack }, target: pack.id, detail: { version: pack.version }, rings };
  });
}

function plain({ title, description, asks, rules }: Pack) {
  return { title, description, asks, rules };
}

function sentence(faults: Fault[]): string {
  return `${faults.map(({ path, text }) => (path === '' ? text : `${path}: ${text}`)).join('; ')}.`;
}
