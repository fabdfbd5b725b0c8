// Each minute what is to be forgotten goes, and the trail is bound; apart from the canary, which must not wait for that.
import type { Log } from '#core/log.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import { noteUnfit } from '#operations/note-unfit.ts';
import type { World } from '#operations/world.ts';
import { type Chime, chime } from '#queue/clock.ts';
import { bindAudit } from '#store/audit-chain.ts';
import { forgetCanaries, forgetNotes } from '#store/canary.ts';
import { forgetOld } from '#store/retention.ts';
import { trimChat } from '#store/trim.ts';
import { rememberAuditHead } from './audit-head.ts';

/** Starts it, by whichever process leads. `dataDir`: where the end of the trail is remembered. */
export function startHousekeeping(
  world: World,
  leads: () => boolean,
  now: () => number,
  log: Log = world.log,
  dataDir?: string,
): Chime {
  const { db } = world.database;
  return chime(
    '0 * * * * *',
    'housekeeping',
    log,
    async () => {
      if (!leads()) return;
      // Looks through all notifications, so not each minute.
      const isFullHour = now() % 3_600_000 < 60_000;
      if (isFullHour) {
        await forgetCanaries(db, now());
        await forgetNotes(db, now());
        await noteUnfit(world, kindBook, now());
        while (leads() && (await forgetOld(db, now())) > 0);
      }
      await trimChat(db, now());
      // Last, so that a trail that cannot be bound stops nothing else.
      while (leads() && (await db.transaction((tx) => bindAudit(tx, world))) > 0);
      if (dataDir !== undefined) await rememberAuditHead(world, dataDir, log, isFullHour);
    },
    now,
  );
}
