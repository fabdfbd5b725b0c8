// The job `timetable`: what is told at its own time. A time that was missed is made up for once.
import { isQuiet } from '#core/catch-up.ts';
import { nextCron } from '#core/cron.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { sayDuration } from '#core/duration.ts';
import { erasedBy, finishErasing } from '#operations/erase-person.ts';
import type { World } from '#operations/world.ts';
import { readCatchUp } from '#store/catch-up.ts';
import type { Tx } from '#store/connection.ts';
import { type Digest, digestTold, dropDigest, lockDueDigest, moveDigest } from '#store/digests.ts';
import { addDigest, addNote } from '#store/notes.ts';
import { findPerson, settingsOf } from '#store/people.ts';
import { tellNextBroadcast } from './broadcast.ts';

const tryAgainMs = 5 * 60_000;

/** Everything whose time has come, each in a transaction of its own: told and counted as told together. */
export async function passTimetable(world: World, now: number): Promise<void> {
  while (!world.ending?.aborted && (await tellNextBroadcast(world, now)));
  while (!world.ending?.aborted && (await passDigest(world, now)));
}

/** False when none is due. One that fails is tried again later, so that it holds up nothing behind it. */
async function passDigest(world: World, now: number): Promise<boolean> {
  const { db } = world.database;
  let digest: Digest | undefined;
  try {
    const bells = await db.transaction(async (tx) => {
      digest = await lockDueDigest(tx, now);
      if (!digest) return undefined;
      const gone = erasedBy(digest.id);
      if (gone !== undefined) {
        await finishErasing(world, tx, gone, now);
        return [];
      }
      return digest.cron === null ? offer(tx, digest, now) : tell(tx, world, digest, now);
    });
    if (!bells) return false;
    world.ring(bells);
  } catch (error) {
    if (!digest) throw error;
    world.log.error({ err: error, digest: digest.id }, 'what was due could not be told');
    await db.transaction(async (tx) => {
      // Another process may have told it meanwhile.
      if ((await lockDueDigest(tx, now))?.id === digest?.id)
        await moveDigest(tx, digest!.id, now + tryAgainMs);
    });
  }
  return true;
}

async function tell(tx: Tx, world: World, digest: Digest, now: number): Promise<Doorbell[]> {
  const { id, ownerId, receiverId, coveredUntil: since } = digest;
  const { zone } = await settingsOf(tx, ownerId, world.defaultZone);
  const next = nextCron(digest.cron!, digest.zone ?? zone, now);
  if (next === undefined) await dropDigest(tx, id);
  else await digestTold(tx, id, next, now);
  const staff = ((await findPerson(tx, ownerId))?.role ?? 'member') !== 'member';
  const asked = { ownerId, staff, since, until: now };
  if (!digest.sayQuiet && isQuiet(await readCatchUp(tx, asked))) return [];
  return addDigest(tx, receiverId, asked, now);
}

async function offer(tx: Tx, { id, receiverId, coveredUntil }: Digest, now: number): Promise<Doorbell[]> {
  await dropDigest(tx, id);
  const text = `You are back after ${sayDuration(now - coveredUntil)} away. /catchup shows what you missed, in one message.`;
  return addNote(tx, receiverId, text, 'info', now);
}
