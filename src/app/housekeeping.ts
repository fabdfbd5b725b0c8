// Each minute what is to be forgotten goes, and the trail is bound; apart from the canary, which must not wait for that.
import type { Log } from '#core/log.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { noteUnfit } from '#operations/note-unfit.ts';
import type { World } from '#operations/world.ts';
import { type Chime, chime } from '#queue/clock.ts';
import { bindAudit } from '#store/audit-chain.ts';
import { forgetCanaries, forgetNotes } from '#store/canary.ts';
import { findMarker, putMarker } from '#store/markers.ts';
import { forgetting } from '#store/retention.ts';
import { trimChat } from '#store/trim.ts';
import { rememberAuditHead } from './audit-head.ts';

// The hour whose forgetting is done, counted from 1970: whoever is restarted each few minutes goes on from it.
const marker = 'forgotten';

/** Starts it, by whichever process leads. `dataDir`: where the end of the trail is remembered. */
export function startHousekeeping(
  world: World,
  leads: () => boolean,
  now: () => number,
  log: Log = world.log,
  dataDir?: string,
): Chime {
  const { db } = world.database;
  const part = (name: string, work: () => Promise<unknown>): [string, () => Promise<unknown>] => [name, work];
  const again = async (work: () => Promise<number>) => {
    while (leads() && (await work()) > 0);
  };
  const hourly = (hour: number) => [
    part('canaries', () => forgetCanaries(db, now())),
    part('notes', () => forgetNotes(db, now())),
    ...Object.entries(forgetting).map(([what, forget]) => part(what, () => again(() => forget(db, now())))),
    part('rules that look at nothing', () => noteUnfit(world, kindBook, now())),
    // Last, and not when another leads meanwhile: what broke off is begun again.
    part('the hour', async () => {
      if (leads()) await putMarker(db, marker, hour);
    }),
  ];
  // Of the hour whose forgetting was begun last: a round that takes longer than to the full hour leaves none out.
  const hourOf = (ms: number) => Math.floor(ms / 3_600_000);
  let begun: number | undefined;
  return chime(
    '0 * * * * *',
    'housekeeping',
    log,
    async () => {
      if (!leads()) return;
      // Looks through all notifications, so not each minute.
      const hour = hourOf(now());
      begun ??= (await findMarker(db, marker).catch(() => undefined))?.value;
      const isNewHour = hour !== begun;
      begun = hour;
      const parts = [
        ...(isNewHour ? hourly(hour) : []),
        part('chat', () => trimChat(db, now())),
        part('trail', async () => {
          await again(() => db.transaction((tx) => bindAudit(tx, world)));
          if (dataDir !== undefined) await rememberAuditHead(world, dataDir, log, isNewHour);
        }),
      ];
      // One that cannot be done stops none of the others.
      for (const [name, work] of parts)
        await work().catch((error) =>
          log.warn({ err: error, part: name }, 'housekeeping left a part undone'),
        );
    },
    now,
  );
}
