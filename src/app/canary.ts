// Each minute: releases the canary (an event to evaluate, a note that is delivered to nowhere).
import { z } from 'zod';
import type { Log } from '#core/log.ts';
import { house } from '#core/owner.ts';
import type { Channel } from '#notify/channel.ts';
import type { World } from '#operations/world.ts';
import { type Chime, chime } from '#queue/clock.ts';
import { canary, markCanaryTold, releaseCanary } from '#store/canary.ts';
import { addNote } from '#store/notes.ts';
import { addReceiver } from '#store/receivers.ts';

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

/** Starts releasing: one at once, then at each full minute, by whichever process leads. Nothing else may keep it waiting. */
export async function startCanary(
  world: World,
  leads: () => boolean,
  now: () => number,
  log: Log = world.log,
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
      if (leads()) await release();
    },
    now,
  );
}
