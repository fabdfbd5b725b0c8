// What the people who look have muted at this instant, read once for a batch of changes.
import { isHome } from '#operations/home.ts';
import type { World } from '#operations/world.ts';
import type { StreamedChange } from '#store/changes.ts';
import type { Reader } from '#store/connection.ts';
import { optOutsOf } from '#store/opt-outs.ts';
import { settingsOf } from '#store/people.ts';
import { receiversOf } from '#store/receivers.ts';
import { silencesFor } from '#store/silences.ts';
import { sentWithin } from '#store/told-lately.ts';
import { type AtHome, type Tells, tellsOf } from './tells.ts';
import type { Viewer } from './viewer.ts';

const day = 86_400_000;

/** How a change tells a viewer; nothing for keys, who decide for themselves. */
export type Hush = (viewer: Viewer, change: StreamedChange) => Tells | undefined;

/** What each of them has muted of these changes. */
export async function readHush(
  world: World,
  viewers: readonly Viewer[],
  rows: readonly StreamedChange[],
  now: number,
): Promise<Hush> {
  const { db } = world.database;
  const people = new Set(viewers.flatMap((viewer) => (viewer.is === 'person' ? [viewer.personId] : [])));
  if (people.size === 0 || rows.length === 0) return () => undefined;
  const owners = [...new Set(rows.map(({ alert }) => alert.ownerId))];
  const silences = await silencesFor(db, owners, now);
  const settings = new Map(
    await Promise.all(
      [...people].map(async (id) => [id, await settingsOf(db, id, world.defaultZone)] as const),
    ),
  );
  const homes = await homesOf(db, [...people], now);
  return (viewer, change) => {
    const own = viewer.is === 'person' ? settings.get(viewer.personId) : undefined;
    if (viewer.is !== 'person' || !own) return viewer.is === 'person' ? 'no' : undefined;
    const covering = silences.filter(({ ownerId }) => ownerId === change.alert.ownerId);
    const home = homes.get(viewer.personId) ?? { style: {}, optOuts: [], sent: [] };
    return tellsOf(change, viewer.personId, own, covering, home, now);
  };
}

/** How each of them wants to be told in their chat. */
async function homesOf(db: Reader, personIds: string[], now: number): Promise<Map<string, AtHome>> {
  const receivers = (await receiversOf(db, personIds)).filter(isHome);
  const capped = receivers.filter(({ style }) => style.caps).map(({ id }) => id);
  const [left, sent] = await Promise.all([optOutsOf(db, personIds), sentWithin(db, capped, now - day)]);
  return new Map(
    receivers.map(({ id, ownerId, channel, style }): [string, AtHome] => [
      ownerId,
      {
        style,
        optOuts: left
          .filter((one) => one.ownerId === ownerId && (one.channel === '*' || one.channel === channel))
          .map(({ topic }) => topic),
        sent: sent.get(id) ?? [],
      },
    ]),
  );
}
