// Keeps the catalogue of topics beside the evaluation: written at once for a topic never seen, otherwise once a second.
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

export function keepCatalogue(world: World): Catalogue {
  const book = openTopicBook();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing
      // What a crash of the database undoes here is no more than what one of ours has not written yet.
      .then(() => book.flush(world.database.soft))
      .catch((error) =>
        world.log.warn({ error: sayError(error) }, 'the catalogue of topics could not be written'),
      );
    return writing;
  }

  return {
    note(events) {
      if (book.noteSeen(events)) void flush();
      else if (!closed) timer ??= setTimeout(() => void flush(), everyMs).unref();
    },
    settle: () => (timer ? flush() : writing),
    close() {
      closed = true;
      return flush();
    },
  };
}
