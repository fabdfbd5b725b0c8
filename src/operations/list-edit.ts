// The common course of every verb that changes a personal list: check, lock, write, and ground the owner's rules anew.
import { type Actor, actorName } from '#core/actor.ts';
import { cleanText } from '#core/clean.ts';
import { listsOf as listsIn } from '#core/condition.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { Tx } from '#store/connection.ts';
import { findList, listNames, saveList } from '#store/lists.ts';
import { holdName } from '#store/locks.ts';
import { groundRules, rulesWithLists } from '#store/rules.ts';
import { endUnasked } from './end-unasked.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** The list as it is now, and the names of the owner's rules that ask for it. */
export type ListOutcome = Outcome<{ name: string; items: string[]; usedBy: string[] }>;

export interface ListInput {
  ownerId: string;
  /** Without `$me.`. */
  name: string;
  items: string[];
}

const mostLists = 100;
const mostItems = 1000;
const longestItem = 256;
const listName = /^[a-z][a-z0-9_-]{0,39}$/;

/** Makes of the items that are there (undefined: no such list) those that shall be; the same ones: nothing changes. */
export type Edit = (items: string[] | undefined, given: string[]) => string[] | Refusal;

/** Changes one list. What burns for an entry that is gone ends with it. */
export function editList(
  world: World,
  actor: Actor,
  verb: string,
  { ownerId, name, items }: ListInput,
  edit: Edit,
  now: number,
): Promise<ListOutcome> {
  return write(world, actor, verb, now, async (tx) => {
    const refused = await authorise(tx, actor, 'rule', ownerId);
    if (refused) return refused;
    const fault = listName.test(name) ? faultOf(items) : nameFault(name);
    if (fault) return refuse('invalid', fault);
    await holdName(tx, `list ${ownerId} ${name}`);
    const before = await findList(tx, ownerId, name);
    const after = edit(before?.items, cleaned(items));
    if (!Array.isArray(after)) return after;
    if (after.length > mostItems)
      return refuse('invalid', `A list has at most ${mostItems.toLocaleString('en-US')} entries.`);
    if (!before && (await listNames(tx, ownerId)).length >= mostLists)
      return refuse('conflict', `There are ${mostLists} lists here already. Delete one first.`);
    const usedBy = await namesOfUsers(tx, ownerId, name);
    const result = { name, items: after, usedBy };
    const same = before?.items.length === after.length && after.every((item, i) => item === before.items[i]);
    if (same) return { ok: true, result, target: ownerId, unchanged: true };
    await saveList(tx, ownerId, name, after, now);
    const rings = await endUnasked(tx, await groundRules(tx, ownerId, now), changedBy(name, actor), now);
    return { ok: true, result, target: ownerId, detail: { list: name, items: after.length }, rings };
  });
}

/** “the list “blocks” was changed by Ana”: for the closing message. */
export function changedBy(name: string, actor: Actor): string {
  return `the list “${name}” was changed by ${actorName(actor)}`;
}

/** The owner's rules that ask for the list. */
export async function namesOfUsers(tx: Tx, ownerId: string, list: string): Promise<string[]> {
  const rules = await rulesWithLists(tx, ownerId);
  return rules.filter(({ match }) => listsIn(match).includes(list)).map(({ name }) => name);
}

/** “blocks”: what a list may be called. */
export function nameFault(name: string): string {
  return `“${name.slice(0, 40)}” is no name for a list: small letters, digits, - and _, beginning with a letter, at most 40.`;
}

function faultOf(items: string[]): string | undefined {
  const long = items.find((item) => item.length > longestItem);
  return long === undefined
    ? undefined
    : `“${long.slice(0, 30)}…” is too long: an entry has at most ${longestItem} characters.`;
}

function cleaned(items: string[]): string[] {
  return [...new Set(items.map((item) => cleanText(item.trim())).filter((item) => item !== ''))];
}
