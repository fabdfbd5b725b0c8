// What the people who look have muted at this instant, read once for a batch of changes.
import type { World } from '#operations/world.ts';
import type { StreamedChange } from '#store/changes.ts';
import { settingsOf } from '#store/people.ts';
import { silencesFor } from '#store/silences.ts';
import { type Tells, tellsOf } from './tells.ts';
import type { Viewer } from './viewer.ts';

/** How a change tells a viewer; nothing for keys, who decide for themselves. */
export type Hush = (viewer: Viewer, change: StreamedChange) => Tells | undefined;

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
  return (viewer, change) => {
    const own = viewer.is === 'person' ? settings.get(viewer.personId) : undefined;
    if (viewer.is !== 'person' || !own) return viewer.is === 'person' ? 'no' : undefined;
    const covering = silences.filter(({ ownerId }) => ownerId === change.alert.ownerId);
    return tellsOf(change, viewer.personId, own, covering, now);
  };
}
