// The digest: what happened, told to an owner at times they choose.
import type { Actor } from '#core/actor.ts';
import { cronFault, nextCron } from '#core/cron.ts';
import type { Doorbell } from '#core/doorbell.ts';
import { isZone } from '#core/hours.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { sentence } from '#core/sentence.ts';
import type { Tx } from '#store/connection.ts';
import { type Digest, digestOf, dropDigest, saveDigest } from '#store/digests.ts';
import { judgeAgain } from '#store/fates.ts';
import { settingsOf } from '#store/people.ts';
import { type Receiver, receiversOf, saveStyle } from '#store/receivers.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `cron` null: none. `zone`: another than the owner's. What is not named stays. */
export interface DigestInput {
  ownerId: string;
  cron?: string | null;
  zone?: string | null;
  /** Also told when nothing happened. */
  sayQuiet?: boolean;
  /** What is not urgent waits for it. */
  only?: boolean;
}

/** Sets when the digest comes, and what waits for it. The first one tells of the time from now on. */
export function setDigest(
  world: World,
  actor: Actor,
  input: DigestInput,
  now: number,
): Promise<Outcome<{ digest: Digest | null }>> {
  return write<{ digest: Digest | null }>(world, actor, 'set-digest', now, async (tx) => {
    const { ownerId } = input;
    const refused = await authorise(tx, actor, 'settings', ownerId);
    if (refused) return refused;
    const own = (await receiversOf(tx, [ownerId])).filter(({ everyChange }) => !everyChange);
    const before = await digestOf(tx, ownerId);
    const cron = input.cron === undefined ? before?.cron : input.cron;
    const place =
      own.find(({ id }) => id === before?.receiverId) ?? own.find(({ disabled }) => disabled === null);
    const only = cron == null ? false : input.only;
    const detail = { cron: cron ?? null, only: only ?? null };
    if (cron == null) {
      await dropDigest(tx, ownerId);
      return {
        ok: true,
        result: { digest: null },
        target: ownerId,
        detail,
        rings: await waiting(tx, own, only, now),
      };
    }
    const fault = cronFault(cron);
    if (fault) return refuse('invalid', sentence(fault));
    const zone = input.zone === undefined ? (before?.zone ?? null) : input.zone;
    if (zone !== null && !isZone(zone))
      return refuse('invalid', `I know no time zone “${zone.slice(0, 40)}”.`);
    if (!place) return refuse('invalid', 'There is nowhere to tell it.');
    const settings = await settingsOf(tx, ownerId, world.defaultZone);
    const nextAt = nextCron(cron, zone ?? settings.zone, now);
    if (nextAt === undefined) return refuse('invalid', 'That time never comes.');
    const sayQuiet = input.sayQuiet ?? before?.sayQuiet ?? false;
    const digest = {
      id: ownerId,
      ownerId,
      receiverId: place.id,
      cron,
      zone,
      sayQuiet,
      coveredUntil: before?.coveredUntil ?? now,
      nextAt,
    };
    await saveDigest(tx, digest);
    const rings = await waiting(tx, own, only, now);
    return { ok: true, result: { digest }, target: ownerId, detail, rings };
  });
}

/** Whether what is not urgent waits for it, undefined: as before. After all that can be refused: what is written stays. */
async function waiting(tx: Tx, own: Receiver[], only: boolean | undefined, now: number): Promise<Doorbell[]> {
  for (const { id, style } of only === undefined ? [] : own) {
    const { digest: _was, ...rest } = style;
    if ((style.digest ?? false) !== only) await saveStyle(tx, id, only ? { ...rest, digest: true } : rest);
  }
  return judgeAgain(
    tx,
    own.map(({ id }) => id),
    now,
  );
}
