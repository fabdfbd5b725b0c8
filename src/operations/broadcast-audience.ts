// Whom a broadcast concerns at this moment, and by which of their things.
import type { Audience } from '#core/broadcast.ts';
import { whoAsks } from '#core/cohort.ts';
import { holds } from '#core/condition.ts';
import { isGroup } from '#core/owner.ts';
import type { Rule } from '#core/rule.ts';
import { newestAbout, newestUnder, readEvents } from '#store/cohorts.ts';
import type { Reader } from '#store/connection.ts';
import { findGroup } from '#store/groups.ts';
import { rulesAfter } from '#store/many-rules.ts';
import { peopleHere } from '#store/people.ts';

export interface Concerned {
  ownerId: string;
  name: string;
  /** The first of their things in the cohort, and how many more there are. */
  things: string[];
  more: number;
}

const shown = 3;
const page = 2_000;

/**
 * Everyone: the people who are here. A group: its chat, so that everyone of it reads it. A cohort: the people and groups
 * who have a rule that asks about a thing in it, under whichever topic; paused rules ask nothing.
 */
export async function concernedBy(db: Reader, audience: Audience): Promise<Concerned[]> {
  if (audience.to === 'group') return named(db, new Map([[audience.groupId, []]]));
  if (audience.to === 'everyone')
    return (await peopleHere(db)).map(({ id, name }) => ({ ownerId: id, name, things: [], more: 0 }));
  const things = await thingsIn(db, audience);
  if (things.size === 0) return [];
  const asks = whoAsks(await everyRule(db));
  const watched = new Map<string, Set<string>>();
  await readEvents(db, await newestAbout(db, [...things]), (event) => {
    for (const ownerId of asks(event))
      watched.set(ownerId, (watched.get(ownerId) ?? new Set()).add(event.subject));
  });
  return named(db, new Map([...watched].map(([ownerId, own]) => [ownerId, [...own].sort()])));
}

/** The things under the topic whose newest event fulfils the conditions. */
export async function thingsIn(
  db: Reader,
  { topic, match }: Extract<Audience, { to: 'cohort' }>,
): Promise<Set<string>> {
  const things = new Set<string>();
  await readEvents(db, await newestUnder(db, topic), (event) => {
    if (event.subject !== '' && match.every((one) => holds(one, event))) things.add(event.subject);
  });
  return things;
}

async function everyRule(
  db: Reader,
): Promise<Pick<Rule, 'ownerId' | 'topic' | 'match' | 'lists' | 'paused'>[]> {
  const all = [];
  for (let after = ''; ; ) {
    const rules = await rulesAfter(db, after, undefined, page);
    for (const { ownerId, topic, match, lists, paused } of rules)
      all.push({ ownerId, topic, match, paused, ...(lists ? { lists } : {}) });
    if (rules.length < page) return all;
    after = rules.at(-1)!.id;
  }
}

/** Those of them who are here, by name. */
async function named(db: Reader, owners: Map<string, string[]>): Promise<Concerned[]> {
  const people = new Map((await peopleHere(db)).map(({ id, name }) => [id, name]));
  const found: Concerned[] = [];
  for (const [ownerId, things] of owners) {
    const group = isGroup(ownerId) ? await findGroup(db, ownerId) : undefined;
    const name = group && group.leftAt === null ? group.title : people.get(ownerId);
    if (name === undefined) continue;
    found.push({ ownerId, name, things: things.slice(0, shown), more: Math.max(0, things.length - shown) });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
