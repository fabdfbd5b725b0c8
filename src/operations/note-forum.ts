// Note forum: what Telegram shows of a chat's forum topics, and that nothing is in the way of making them any more.
import type { Actor } from '#core/actor.ts';
import { tidyName } from '#core/forum.ts';
import { type Outcome, refuse } from '#core/outcome.ts';
import {
  forgetTrouble,
  knowsMany,
  topicAt,
  topicNamed,
  topicStands,
  tryTopicsAgain,
} from '#store/forum-topics.ts';
import { authorise } from './may.ts';
import type { World } from './world.ts';
import { write } from './write.ts';

/** `topic`: it stands with this name. `reopened`: it takes words again. `free`: what was in the way is gone. */
export type Found =
  | { is: 'topic'; thread: number; name: string; ours: boolean }
  | { is: 'reopened'; thread: number }
  | { is: 'free' };

/** Remembers it; `changed` is false for what was known. */
export function noteForum(
  world: World,
  actor: Actor,
  input: { chatId: number; found: Found },
  now: number,
): Promise<Outcome<{ changed: boolean }>> {
  const { chatId, found } = input;
  const chat = { channel: 'telegram', address: String(chatId) };
  return write(world, actor, 'note-forum', now, async (tx) => {
    const refused = await authorise(tx, actor, 'remove', '');
    if (refused) return refused;
    const known = {
      ok: true as const,
      result: { changed: false },
      target: chat.address,
      unchanged: true as const,
    };
    const noted = {
      ok: true as const,
      result: { changed: true },
      target: chat.address,
      detail: { ...found },
    };
    if (found.is === 'free') return (await tryTopicsAgain(tx, chat)) > 0 ? noted : known;
    const there = await topicAt(tx, chat, found.thread);
    if (found.is === 'reopened') {
      if (!there || there.status === 'open') return known;
      await topicStands(tx, chat, { name: there.name, thread: found.thread }, now);
      return noted;
    }
    if (there) return known;
    const name = tidyName(found.name);
    if (name === undefined) return refuse('invalid', 'A topic needs a name.');
    const { topic, whole } = await topicNamed(tx, chat, name);
    if (!topic && (await knowsMany(tx, chat))) return known;
    // Two topics may have one name; the second is known by its number.
    const taken = topic?.status === 'open' || topic?.status === 'away';
    const ours = !taken && found.ours;
    await topicStands(
      tx,
      chat,
      { name: taken ? `${name} #${found.thread}` : name, thread: found.thread, ours },
      now,
    );
    if (whole && /forum/i.test(whole.why ?? '')) await forgetTrouble(tx, chat);
    return noted;
  });
}
