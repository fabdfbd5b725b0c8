// Keeps the catalogue of topics beside the evaluation: written at once for a topic or field never seen, otherwise once a second.
import type { Event } from '#core/event.ts';
import { sayError } from '#core/say-error.ts';
import type { World } from '#operations/world.ts';
import { openTopicBook } from '#store/topics.ts';

export interface Catalogue {
  /** Remembers what these events showed; nobody waits until it is written. */
  note(events: Event[]): void;
  /** Writes now what would be written within the second. */
  settle(): Promise<void>;
  /** Writes what is still in memory; no timer of ours runs afterwards. */
  close(): Promise<void>;
}

const everyMs = 1_000;
/** Where writing takes long, it is given a twentieth of the time; but nobody waits longer than this. */
const [restTimes, mostMs] = [20, 5_000];

/** Opens it; nothing is read before the first event. */
export function keepCatalogue(world: World): Catalogue {
  const book = openTopicBook();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let restMs = everyMs;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing
      .then(write)
      .catch((error) =>
        world.log.warn({ error: sayError(error) }, 'the catalogue of topics could not be written'),
      );
    return writing;
  }

  async function write(): Promise<void> {
    if (book.waiting === 0) return;
    const began = performance.now();
    // What a crash of the database undoes here is no more than what one of ours has not written yet.
    await book.flush(world.database.soft);
    restMs = Math.max(everyMs, Math.min(restTimes * (performance.now() - began), mostMs));
  }

  return {
    note(events) {
      if (book.noteSeen(events)) void flush();
      else if (!closed) timer ??= setTimeout(() => void flush(), restMs).unref();
    },
    settle: () => (timer ? flush() : writing),
    close() {
      closed = true;
      return flush();
    },
  };
}
