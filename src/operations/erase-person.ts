// Erase a person: they leave, or are sent away. What is theirs ends at once; what others rely on stays, without their name.
import type { Actor, Role } from '#core/actor.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { isGroup } from '#core/owner.ts';
import type { Rule } from '#core/rule.ts';
import { amendAudit } from '#store/audit-chain.ts';
import type { Tx } from '#store/connection.ts';
import { dropDigest, hasDigest, moveDigest, saveDigest } from '#store/digests.ts';
import {
  auditNaming,
  eraseOwned,
  erasePlaces,
  eraseWords,
  lockPerson,
  markLeft,
  wordsPending,
} from '#store/erasing.ts';
import { endUnfinished } from '#store/fates.ts';
import { stillBurningAt } from '#store/hearers.ts';
import { holdName, holdNames } from '#store/locks.ts';
import { addNote } from '#store/notes.ts';
import { findPerson, type Person, peopleHere } from '#store/people.ts';
import { type Receiver, receiversOf } from '#store/receivers.ts';
import { removeRule, rulesNaming, rulesOf, saveRule } from '#store/rules.ts';
import { goodKeysBy } from '#store/sources.ts';
import { atHome } from './home.ts';
import { authorise } from './may.ts';
import { without } from './remove-receiver.ts';
import { withdrawAlerts } from './withdraw-rule.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** Their last message may take so long; then they are forgotten in any case. */
const lastWords = 10 * 60_000;
const lookAgain = 15_000;
const timerOf = (personId: string) => `erase:${personId}`;

export interface Erased {
  personId: string;
  /** How many rules ended with them, and how many of others told them and no longer do. */
  rules: number;
  others: number;
  /** What still burns of what they were told. */
  burning: string[];
}

/** `why` is said to them: that they asked for it, or that they were removed. Nothing in the ledger names them afterwards. */
export async function erasePerson(
  world: World,
  actor: Actor,
  { personId }: { personId: string },
  now: number,
): Promise<Outcome<Erased>> {
  const themself = actor.is === 'person' && actor.personId === personId;
  return write(world, actor, 'erase-person', now, async (tx) => {
    const refused = await authorise(tx, actor, 'erase', personId);
    if (refused) return refused;
    const person = await lockPerson(tx, personId);
    if (!person || person.leftAt !== null) return refuse('not-found', 'There is nobody like that here.');
    const kept = themself || actor.is === 'operator' ? undefined : await mayNot(tx, actor, person);
    if (kept) return refuse('forbidden', kept);
    // Two owners who leave at once must not each count on the other.
    if (person.role === 'owner') await holdName(tx, 'the last owner');
    const owners = await peopleHere(tx, ['owner']);
    if (person.role === 'owner' && owners.length === 1) {
      const how = actor.is === 'operator' ? 'tocsin invite --role owner' : '/invite';
      return refuse('conflict', `Somebody has to own this Tocsin: let another owner in first (${how}).`);
    }
    const receivers = await receiversOf(tx, [personId]);
    const ids = receivers.map(({ id }) => id);
    const burning = await stillBurningAt(tx, ids);
    const rings: Doorbell[] = [];
    const own = await rulesOf(tx, [personId]);
    for (const rule of own) {
      await removeRule(tx, rule.id, now);
      rings.push(...(await withdrawAlerts(tx, rule, 'its owner has left', now)));
    }
    rings.push(...(await leaveKeys(tx, personId, now)));
    const others = await leaveOthers(tx, ids, personId, now);
    rings.push(...others.rings);
    await endUnfinished(tx, ids, 'not-at-home', 'The one to be told has left.', now);
    rings.push(...(await leaveAway(tx, await markLeft(tx, personId, now), now)));
    await eraseOwned(
      tx,
      person,
      ids,
      own.map(({ id }) => id),
    );
    rings.push(...(await farewell(tx, receivers, { themself, burning }, now)));
    await saveDigest(tx, {
      id: timerOf(personId),
      ownerId: personId,
      receiverId: '',
      cron: null,
      zone: null,
      sayQuiet: true,
      coveredUntil: now,
      nextAt: now + lookAgain,
    });
    const result = { personId, rules: own.length, others: others.rules, burning };
    const detail = { rules: own.length, others: others.rules };
    return { ok: true, result, target: personId, detail, rings };
  });
}

/** The timer: as soon as their last message has gone out, or cannot, nothing is left that names them. */
export async function finishErasing(world: World, tx: Tx, personId: string, now: number): Promise<void> {
  const person = await findPerson(tx, personId);
  // Who was let in again meanwhile stays; what was erased is gone.
  if (!person || person.leftAt === null) return void (await dropDigest(tx, timerOf(personId)));
  const ids = (await receiversOf(tx, [personId])).map(({ id }) => id);
  if (now < person.leftAt + lastWords && (await wordsPending(tx, ids)))
    return moveDigest(tx, timerOf(personId), now + lookAgain);
  // The trail forgets the name, and is bound anew without it.
  await amendAudit(tx, world, auditNaming(person), () => eraseWords(tx, person));
  await erasePlaces(tx, person, ids);
  await dropDigest(tx, timerOf(personId));
}

/** Whether they left and the rest of them is still to go. */
export async function beingErased(tx: Tx, personId: string): Promise<boolean> {
  return hasDigest(tx, timerOf(personId));
}

/** Somebody who left a moment ago and comes back: they come as somebody new, so the rest of them goes now. */
export async function eraseNow(world: World, tx: Tx, person: Person): Promise<boolean> {
  if (!(await dropDigest(tx, timerOf(person.id)))) return false;
  const ids = (await receiversOf(tx, [person.id])).map(({ id }) => id);
  await amendAudit(tx, world, auditNaming(person), () => eraseWords(tx, person));
  await erasePlaces(tx, person, ids);
  return true;
}

/** Whom such a timer is about; undefined for another one. */
export function erasedBy(timerId: string): string | undefined {
  return timerId.startsWith('erase:') ? timerId.slice('erase:'.length) : undefined;
}

const ranks: readonly Role[] = ['member', 'admin', 'owner'];

/** Nobody sends away somebody above them. */
async function mayNot(tx: Tx, actor: Actor, person: Person): Promise<string | undefined> {
  const role =
    actor.is === 'person' ? ((await findPerson(tx, actor.personId))?.role ?? 'member') : ('admin' as const);
  return ranks.indexOf(role) < ranks.indexOf(person.role)
    ? 'Only owners can do this to an owner.'
    : undefined;
}

/** Others' rules that told them tell the rest, or where their owner talks with us; these owners hear of it. */
async function leaveOthers(
  tx: Tx,
  ids: string[],
  personId: string,
  now: number,
): Promise<{ rules: number; rings: Doorbell[] }> {
  // Nobody edits them from a form in which those are still named.
  await holdNames(
    tx,
    (await rulesNaming(tx, ids)).map(({ id }) => id),
  );
  const named = (await rulesNaming(tx, ids)).filter(({ ownerId }) => ownerId !== personId);
  const told = new Map<string, string[]>();
  for (const { version: _version, ...rule } of named) {
    const home = atHome(await receiversOf(tx, [rule.ownerId])).map((one) => one.id);
    const left = ids.reduce<Omit<Rule, 'version'>>((form, id) => without(form, id, home), rule);
    await saveRule(tx, left, 'clock', now);
    told.set(rule.ownerId, [...(told.get(rule.ownerId) ?? []), rule.name]);
  }
  const rings: Doorbell[] = [];
  for (const [ownerId, names] of told) {
    const [home] = atHome(await receiversOf(tx, [ownerId]));
    const rules = names.map((name) => `“${name}”`).join(', ');
    const whose = isGroup(ownerId) ? 'this group’s rules' : 'your rules';
    const text = `Somebody who was told by ${whose} has left: ${rules}. The rest is told as before; where nobody else was named, it is told here.`;
    if (home) rings.push(...(await addNote(tx, home.id, text.slice(0, 2_000), 'info', now)));
  }
  return { rules: named.length, rings };
}

/** A key belongs to the house and stays good; those who can revoke it hear that who made it is gone. */
async function leaveKeys(tx: Tx, personId: string, now: number): Promise<Doorbell[]> {
  const keys = await goodKeysBy(tx, personId, now);
  if (keys.length === 0) return [];
  const named = keys.slice(0, 10).map(({ id, source }) => `${source} (…${id.slice(-4)})`);
  const more = keys.length > named.length ? ` and ${keys.length - named.length} more` : '';
  const text = `Somebody who has left made keys that are still good: ${named.join(', ')}${more}. What uses them goes on. /sources, “What pushes” shows and revokes them.`;
  const rings: Doorbell[] = [];
  for (const { id } of await peopleHere(tx, ['owner', 'admin'])) {
    if (id === personId) continue;
    const [home] = atHome(await receiversOf(tx, [id]));
    if (home) rings.push(...(await addNote(tx, home.id, text, 'info', now)));
  }
  return rings;
}

/** Who is away learns that nobody stands in for them any more. */
async function leaveAway(tx: Tx, personIds: string[], now: number): Promise<Doorbell[]> {
  const text =
    'Whoever was told instead of you while you are away has left. What is not critical waits until you are back; /away names somebody else.';
  const rings: Doorbell[] = [];
  for (const personId of personIds) {
    const places = (await receiversOf(tx, [personId])).filter(({ disabled }) => disabled === null);
    const home = atHome(places)[0] ?? places[0];
    if (home) rings.push(...(await addNote(tx, home.id, text, 'info', now)));
  }
  return rings;
}

/** Whoever heard that something burns hears now that they will not hear of its end. */
async function farewell(
  tx: Tx,
  receivers: Receiver[],
  { themself, burning }: { themself: boolean; burning: string[] },
  now: number,
): Promise<Doorbell[]> {
  const shown = burning.slice(0, 10).map((title) => `• ${title}`);
  const more = burning.length > shown.length ? [`and ${burning.length - shown.length} more`] : [];
  const text = [
    themself
      ? 'You have left, and what was yours is deleted. Nothing more is sent here.'
      : 'You were removed from this Tocsin, and what was yours is deleted. Nothing more is sent here.',
    ...(burning.length === 0
      ? []
      : ['', 'This still burns; you will not be told when it is over:', ...shown, ...more]),
  ].join('\n');
  const working = receivers.filter(({ disabled }) => disabled === null);
  const rings = await Promise.all(working.map(({ id }) => addNote(tx, id, text, 'info', now)));
  return rings.flat();
}
