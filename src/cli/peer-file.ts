// What a watcher remembers over a restart: one small file, always whole.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { PeerState } from './peer.ts';
import { Misused } from './verb.ts';

export interface Remembered {
  peer: PeerState;
  /** By the name of whom it could not be told yet. */
  untold: Record<string, string>;
}

const instant = z.number().nullable();
const form = z.object({
  url: z.string(),
  peer: z.object({
    isDown: z.boolean(),
    against: z.number(),
    since: instant,
    downSince: instant,
    toldAt: instant,
  }),
  untold: z.record(z.string(), z.string()),
});

/** The file at `path`; what it says of another peer, or in another form, counts for nothing. */
export function openStateFile(path: string, url: string) {
  return {
    read(): Remembered | undefined {
      try {
        const read = form.safeParse(JSON.parse(readFileSync(path, 'utf8')));
        return read.success && read.data.url === url ? read.data : undefined;
      } catch {
        return undefined;
      }
    },
    write(remembered: Remembered): void {
      try {
        writeFileSync(`${path}.new`, `${JSON.stringify({ url, ...remembered })}\n`, { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new Misused(`The file ${path} cannot be written (${code}); give another with --state.`);
      }
    },
  };
}
