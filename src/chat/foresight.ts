// Who speaks, where, and what was pressed: asked for as an update comes in, beside its being kept.
import type { Update } from 'grammy/types';
import type { World } from '#operations/world.ts';
import { gathered } from '#store/gathered.ts';
import { type Said, type Speaking, whoSpeaks } from '#store/speaking.ts';

export interface Foresight {
  /** Asks for it already. What is done for good goes by it only while all of it is still so. */
  look(update: Update): void;
  /** `clean` is the same update. */
  pass(update: Update, clean: Update): void;
  /** What was asked for a moment ago, when that was the same question; otherwise it is asked now. */
  whoSpeaks(update: Update, said: Said): Promise<Speaking>;
}

type Foreseen = { said: Said; at: number; found: Promise<Speaking | undefined> };

/** Later it is asked anew: what only shows something goes by this answer. */
const longestMs = 1_000;

/** One for the bot; what is asked at the same moment goes as one question. */
export function openForesight({ database: { db } }: World, now: () => number): Foresight {
  const ask = gathered((said: Said[]) => whoSpeaks(db, said));
  const foreseen = new WeakMap<Update, Foreseen>();
  return {
    look(update) {
      const said = likely(update);
      // Whoever handles the update asks anew.
      if (said) foreseen.set(update, { said, at: now(), found: ask(said).catch(() => undefined) });
    },
    pass(update, clean) {
      const before = foreseen.get(update);
      if (before) foreseen.set(clean, before);
    },
    async whoSpeaks(update, said) {
      const before = foreseen.get(update);
      const holds = before && isSame(before.said, said) && Math.abs(now() - before.at) <= longestMs;
      return (holds && (await before.found)) || ask(said);
    },
  };
}

/** A press, or what somebody wrote. */
function likely({ message, callback_query: press }: Update): Said | undefined {
  const chat = (press?.message ?? message)?.chat;
  const data: unknown = press?.data;
  if (!chat) return undefined;
  return {
    telegramId: (press ?? message)?.from?.id,
    groupChat: chat.type === 'group' || chat.type === 'supergroup' ? chat.id : undefined,
    button: typeof data !== 'string' || data.startsWith('w:') ? undefined : data,
  };
}

function isSame(one: Said, other: Said): boolean {
  return (
    one.telegramId === other.telegramId && one.groupChat === other.groupChat && one.button === other.button
  );
}
