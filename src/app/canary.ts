// Each minute: releases the canary (an event to evaluate, a note that is delivered to nowhere), and forgets what is old.
import { z } from 'zod';
import type { Log } from '#core/log.ts';
import { house } from '#core/owner.ts';
import { kindBook } from '#evaluate/kind-book.ts';
import type { Channel } from '#notify/channel.ts';
import { noteUnfit } from '#operations/note-unfit.ts';
import type { World } from '#operations/world.ts';
import { type Chime, chime } from '#queue/clock.ts';
import { bindAudit } from '#store/audit-chain.ts';
import { canary, forgetCanaries, forgetNotes, markCanaryTold, releaseCanary } from '#store/canary.ts';
import { addNote } from '#store/notes.ts';
import { addReceiver } from '#store/receivers.ts';
import { forgetOld } from '#store/retention.ts';
import { trimChat } from '#store/trim.ts';
import { rememberAuditHead } from './audit-head.ts';

/** The channel of the canary's note: always reached, seen by nobody. */
export const canaryChannel = ({ database }: World): Channel => ({
  name: canary.channel,
  title: 'the canary',
  address: z.literal(canary.channel),
  example: canary.channel,
  pace: () => ({ everyMs: 0, burst: 1 }),
  whole: null,
  edits: false,
  deliver: async (_message, _address, { now }) => {
    await markCanaryTold(database.db, now);
    return { is: 'sent', messageId: null };
  },
});

/** Starts releasing: one at once, then at each full minute, by whichever process leads. `dataDir`: where the end of the trail is remembered. */
export async function startCanary(
  world: World,
  leads: () => boolean,
  now: () => number,
  log: Log = world.log,
  dataDir?: string,
): Promise<Chime> {
  const { db } = world.database;
  const release = async () => {
    const at = now();
    const lane = await releaseCanary(db, at);
    const notes = await addNote(db, canary.receiver, 'canary', 'info', at);
    world.ring([{ job: 'evaluate', id: String(lane) }, ...notes]);
  };
  await addReceiver(db, {
    id: canary.receiver,
    ownerId: house,
    channel: canary.channel,
    address: canary.channel,
    label: 'canary',
    createdAt: now(),
  });
  await release();
  return chime(
    '0 * * * * *',
    'canary',
    log,
    async () => {
      if (!leads()) return;
      await release();
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
