// Take a browser link: whoever opens it is the person it was made for, once and for a quarter of an hour.
import type { Actor } from '#core/actor.ts';
import { claimMarker, findMarker } from '#store/markers.ts';
import { findPerson } from '#store/people.ts';
import { linkKey, readLink, type SignedLink } from './signed-link.ts';
import type { World } from './world.ts';

/** The link behind the token while nobody has used it. */
export async function openBrowserLink(
  world: World,
  token: string,
  now: number,
): Promise<SignedLink | undefined> {
  const link = readLink(await linkKey(world), token, now);
  if (link?.to !== 'browser') return undefined;
  return (await findMarker(world.database.db, markerOf(link))) ? undefined : link;
}

/** Uses it up. Undefined when somebody was first, or when its person has left. */
export async function takeBrowserLink(
  world: World,
  link: SignedLink,
): Promise<Extract<Actor, { is: 'person' }> | undefined> {
  const { db } = world.database;
  const person = await findPerson(db, link.who);
  if (!person || person.leftAt !== null) return undefined;
  const mine = Buffer.from(world.chance(4)).readUInt32BE();
  // Until when it has to be remembered that it was used.
  const detail = String(link.expiresAt);
  const claimed = await claimMarker(db, markerOf(link), { value: mine, detail });
  if (claimed.value !== mine) return undefined;
  return { is: 'person', personId: person.id, name: person.name, role: person.role };
}

const markerOf = ({ what }: SignedLink) => `browser:${what}`;
