// Opt out: somebody does not want to hear of some topics on a channel, or on any, or only with the digest; and back in again.
import type { Actor } from '#core/actor.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import { patternFault } from '#core/topic.ts';
import { digestOf } from '#store/digests.ts';
import { addOptOut, dropOptOut, optOutsOf } from '#store/opt-outs.ts';
import type { ChannelBook } from './channel-book.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

export interface OptOutInput {
  ownerId: string;
  /** A topic pattern: `builds.**`. */
  topic: string;
  /** A channel's name, or `*` for all. */
  channel: string;
  /** True: not told any more; false: told again. */
  out: boolean;
  /** With `out`: told with the owner's digest, and what is urgent at once. */
  digest?: boolean | undefined;
}

const most = 100;

/** Whoever heard that something broke still hears that it is over. */
export async function optOut(
  world: World,
  book: ChannelBook,
  actor: Actor,
  { ownerId, topic, channel, out, digest = false }: OptOutInput,
  now: number,
): Promise<Outcome<{ changed: boolean }>> {
  const fault = patternFault(topic);
  if (fault !== undefined) return refuse('invalid', `This is no topic pattern: ${fault}.`);
  if (channel !== '*' && !book.find(channel)) {
    const names = book.all().map(({ name }) => name);
    return refuse(
      'invalid',
      `There is no channel “${channel.slice(0, 40)}”; there are ${names.join(', ')}, or * for all.`,
    );
  }
  return write(world, actor, 'opt-out', now, async (tx) => {
    const refused = await authorise(tx, actor, 'settings', ownerId);
    if (refused) return refused;
    if (out && (await optOutsOf(tx, [ownerId])).length >= most)
      return refuse(
        'conflict',
        `There are ${most} opt-outs already; a pattern such as builds.** says many at once.`,
      );
    if (out && digest && !(await digestOf(tx, ownerId)))
      return refuse('conflict', 'No digest comes yet: say with /digest when it shall.');
    const of = { ownerId, channel, topic };
    const changed = out ? await addOptOut(tx, { ...of, digest, createdAt: now }) : await dropOptOut(tx, of);
    const result = { changed };
    if (!changed) return { ok: true, result, target: ownerId, unchanged: true };
    return {
      ok: true,
      result,
      target: ownerId,
      detail: { topic, channel, out, ...(digest ? { digest } : {}) },
    };
  });
}
