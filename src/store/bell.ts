// A bell that other processes ring by a commit (LISTEN/NOTIFY): one connection of its own, opened again when it is lost.
import postgres from 'postgres';
import type { Database } from './connection.ts';

const again = 1_000;

export interface Bell {
  close(): Promise<void>;
}

/**
 * Calls `heard` when the channel was rung, and whenever the listening begins (again): what happened before was not
 * heard. Behind a pooler that keeps no sessions nothing is heard; whoever listens looks by themselves, too.
 */
export function listenFor(database: Database, channel: string, heard: () => void): Bell {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let current = open();

  function open(): postgres.Sql {
    const given = database.sql.options as object;
    const lasting = { max: 1, idle_timeout: 0, max_lifetime: null, fetch_types: false };
    const own = postgres({ ...given, ...lasting, onnotify: heard, onclose: reopen } as never);
    own.unsafe(`listen "${channel}"`).then(heard, reopen);
    return own;
  }

  function reopen(): void {
    if (closed || timer) return;
    current.end({ timeout: 0 }).catch(() => {});
    timer = setTimeout(() => {
      timer = undefined;
      if (!closed) current = open();
    }, again);
  }

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await current.end({ timeout: 1 });
    },
  };
}
