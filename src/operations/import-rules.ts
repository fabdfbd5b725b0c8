// Import rules: many documents become rules at once, all of them or none; the same file again changes nothing.
import { type Actor, actorRef } from '#core/actor.ts';
import { cleanJson } from '#core/clean.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { type Json, sameJson } from '#core/json.ts';
import { type Outcome, type Refusal, refuse } from '#core/outcome.ts';
import type { Rule } from '#core/rule.ts';
import { forgottenBy } from '#core/rule-edit.ts';
import type { Tx } from '#store/connection.ts';
import { holdNames } from '#store/locks.ts';
import { countRules, rulesBurning, rulesNamed, saveRules } from '#store/many-rules.ts';
import { ownerNamed } from '#store/named-owner.ts';
import { keepReceiversOf } from '#store/receivers.ts';
import { mostRules } from './create-rule.ts';
import type { FileFault, Written } from './document-text.ts';
import type { KindBook } from './kind-book.ts';
import { authorise } from './may.ts';
import { draftFor, type RuleDraft } from './rule-draft.ts';
import { because, withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface Imported {
  created: number;
  changed: number;
  unchanged: number;
}
export type ImportOutcome = Outcome<Imported & Earlier> & { faults?: FileFault[] };

/** What earlier pieces of the same file became: the names they gave, each with the ids that the file says, and the rules. */
export interface Earlier {
  names: ReadonlyMap<string, (string | undefined)[]>;
  ids: ReadonlySet<string>;
}

/** How many rules one owner may have when somebody who manages this Tocsin puts them there. */
const mostManaged = 100_000;

export interface ImportInput {
  rules: Written[];
  /** Whose they are when a document says no `owner`. */
  ownerId?: string;
  /** They are `ownerId`'s, whatever owner a document names. */
  allTheirs?: true;
  /** So that a later piece gives none of its rules to a line of its own that has the same name. */
  earlier?: Earlier;
  /** Says what would become of them, and changes nothing. */
  onlyLook?: true;
  book: KindBook;
}

/**
 * Takes all documents or none. A rule that its owner already has by this name gets the new form; one that says what it
 * said before is left alone. Every fault is told, with its path and line.
 */
export function importRules(
  world: World,
  actor: Actor,
  input: ImportInput,
  now: number,
): Promise<ImportOutcome> {
  return write(world, actor, 'import-rules', now, async (tx) => {
    const drafted = await draftAll(tx, input);
    if (!drafted.ok) return drafted;
    const { drafts, names } = drafted;
    const owners = [...new Set(drafts.map(({ draft }) => draft.ownerId))];
    for (const ownerId of owners) {
      const refused = await authorise(tx, actor, 'rule', ownerId);
      if (refused) return refused;
    }
    const { wanted, before, unchanged, ids } = await compare(tx, world, drafts, input.earlier?.ids);
    const isNew = wanted.filter(({ id }) => !before.has(id));
    const full = await tooMany(tx, actor, isNew, owners);
    if (full) return full;
    const { length: created } = isNew;
    const counted = { created, changed: wanted.length - created, unchanged };
    const result = { ...counted, names, ids };
    if (input.onlyLook) return { ok: true, result, target: 'rules', unchanged: true };
    await saveRules(tx, wanted, before, actorRef(actor), now);
    const rings = await withdraw(tx, actor, wanted, before, now);
    const detail = { ...counted, rules: wanted.map(({ id, name }) => ({ id, name })) };
    const nothing = wanted.length === 0 ? { unchanged: true as const } : {};
    return {
      ok: true,
      result,
      target: owners.length === 1 ? owners[0]! : 'rules',
      detail,
      rings,
      ...nothing,
    };
  });
}

/** A draft, and the id that an export gave it. */
interface Named {
  draft: RuleDraft;
  said: string | undefined;
}
type Drafts = { ok: true; drafts: Named[]; names: Earlier['names'] } | (Refusal & { faults: FileFault[] });

async function draftAll(tx: Tx, { rules, ownerId, allTheirs, book, earlier }: ImportInput): Promise<Drafts> {
  const drafts: Named[] = [];
  const faults: FileFault[] = [];
  // A copy: what is refused, or tried again, gave no names.
  const names = new Map(earlier?.names);
  const owners = new Map<
    string,
    { id: string; told: Awaited<ReturnType<typeof keepReceiversOf>> } | undefined
  >();
  const findOwner = async (said: string) => {
    if (owners.has(said)) return owners.get(said);
    const id = await ownerNamed(tx, said);
    const found = id === undefined ? undefined : { id, told: await keepReceiversOf(tx, [id]) };
    owners.set(said, found);
    return found;
  };
  for (const one of rules) {
    const fault = (path: string, text: string) => {
      const line = one.lineOf(path);
      const whole = [one.path, path].filter(Boolean).join('.');
      faults.push({ path: whole, text, ...(line === undefined ? {} : { line }) });
    };
    const { owner, id, document } = apart(one.document);
    const said = allTheirs ? ownerId : (owner ?? ownerId);
    const whose = typeof said === 'string' ? await findOwner(said) : undefined;
    if (!whose) {
      fault(
        'owner',
        said === undefined ? 'whose rule is it? such as telegram:7001' : 'nobody here is called that',
      );
      continue;
    }
    const drafted = draftFor(book, whose.id, whose.told, document);
    if (!drafted.ok) {
      for (const { path, text } of drafted.faults) fault(path, text);
      continue;
    }
    const { draft } = drafted;
    const above = names.get(nameOf(draft)) ?? [];
    // Exported rules may share a name; their ids tell them apart.
    if (above.length > 0 && (id === undefined || above.some((one) => one === undefined || one === id)))
      fault('name', `the same owner has “${draft.name}” further up; give each rule its own name`);
    else {
      names.set(nameOf(draft), [...above, id]);
      drafts.push({ draft, said: id });
    }
  }
  if (faults.length === 0) return { ok: true, drafts, names };
  const [first] = faults;
  const place = [first!.line && `line ${first!.line}`, first!.path].filter(Boolean).join(', ');
  const more = faults.length > 1 ? ` There are ${faults.length} faults.` : '';
  return {
    ...refuse('invalid', `Nothing was taken. ${place}: ${first!.text}.${more}`),
    faults: faults.slice(0, 100),
  };
}

/** The owner that a document names, the id that an export gave it, and the rest of it. */
function apart(given: unknown): { owner: unknown; id: string | undefined; document: unknown } {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    return { owner: undefined, id: undefined, document: given };
  const { owner, id, ...document } = given as Record<string, Json>;
  return { owner, id: typeof id === 'string' ? id : undefined, document: cleanJson(document) };
}

const nameOf = ({ ownerId, name }: { ownerId: string; name: string }) => `${ownerId} ${name}`;

/** What must be written, and what it replaces; rules of this name are held until the transaction ends. */
async function compare(tx: Tx, world: World, drafts: Named[], earlier: Earlier['ids'] = new Set()) {
  const named = drafts.map(({ draft }) => draft);
  await holdNames(
    tx,
    (await rulesNamed(tx, named)).map(({ id }) => id),
  );
  const known = new Map<string, Rule[]>();
  for (const rule of (await rulesNamed(tx, named)).filter(({ id }) => !earlier.has(id)))
    known.set(nameOf(rule), [...(known.get(nameOf(rule)) ?? []), rule]);
  const before = new Map<string, Rule>();
  const wanted: Omit<Rule, 'version'>[] = [];
  let unchanged = 0;
  const old = pairs(drafts, known);
  for (const one of drafts) {
    const { draft } = one;
    const rule = old.get(one);
    if (rule && isSame(rule, draft)) {
      unchanged++;
      continue;
    }
    if (rule) before.set(rule.id, rule);
    wanted.push({ id: rule?.id ?? world.id('r'), ...draft });
  }
  const become = [...[...old.values()].map(({ id }) => id), ...wanted.map(({ id }) => id)];
  return { wanted, before, unchanged, ids: new Set([...earlier, ...become]) };
}

/** Which rule each draft is: of those with its name the one with its id, else one that says the same, else the oldest. */
function pairs(drafts: Named[], known: ReadonlyMap<string, Rule[]>): Map<Named, Rule> {
  const found = new Map<Named, Rule>();
  const taken = new Set<Rule>();
  const ways: ((rule: Rule, one: Named) => boolean)[] = [
    ({ id }, { said }) => id === said,
    (rule, { draft }) => isSame(rule, draft),
    () => true,
  ];
  for (const way of ways)
    for (const one of drafts) {
      const left = found.has(one) ? [] : (known.get(nameOf(one.draft)) ?? []);
      const rule = left.find((rule) => !taken.has(rule) && way(rule, one));
      if (!rule) continue;
      found.set(one, rule);
      taken.add(rule);
    }
  return found;
}

function isSame(old: Rule, draft: RuleDraft): boolean {
  const { id: _id, version: _version, zone: _zone, lists: _lists, ...form } = old;
  return sameJson(form, draft);
}

async function tooMany(
  tx: Tx,
  actor: Actor,
  isNew: { ownerId: string }[],
  owners: string[],
): Promise<Refusal | undefined> {
  const most = actor.is === 'person' ? mostRules : mostManaged;
  const many = await countRules(tx, owners);
  for (const { ownerId } of isNew) many.set(ownerId, (many.get(ownerId) ?? 0) + 1);
  if ([...many.values()].every((count) => count <= most)) return undefined;
  return refuse('conflict', `Nothing was taken: an owner may have ${most.toLocaleString('en-US')} rules.`);
}

async function withdraw(
  tx: Tx,
  actor: Actor,
  wanted: Omit<Rule, 'version'>[],
  before: ReadonlyMap<string, Rule>,
  now: number,
): Promise<Doorbell[]> {
  const ends = wanted.filter((rule) => {
    const old = before.get(rule.id);
    return old && forgottenBy(old, rule) === 'everything';
  });
  const burning = await rulesBurning(
    tx,
    ends.map(({ id }) => id),
  );
  const rings: Doorbell[] = [];
  for (const { id, paused } of ends) {
    const old = before.get(id)!;
    const why = because(paused && !old.paused ? 'paused' : 'changed', actor);
    if (burning.has(id)) rings.push(...(await withdrawAlerts(tx, old, why, now)));
  }
  return rings;
}
