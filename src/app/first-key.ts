// The first key: given by BOOTSTRAP_API_KEY, or made once and kept in DATA_DIR, so that a first event needs no other step.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBootstrapKey, ensureFirstKey } from '#ingest/bootstrap-key.ts';
import type { World } from '#operations/world.ts';

/**
 * The key, good from now on; undefined where a process beside this one has made it, in a DATA_DIR of its own: theirs stays good.
 * `alone`: nobody else has this database, so a file that is gone was taken away, and another key is made.
 */
export async function openFirstKey(
  world: World,
  { dataDir, given, alone }: { dataDir: string; given: string | undefined; alone: boolean },
  now: number,
): Promise<string | undefined> {
  const make = () => firstKey(dataDir, given, world.chance);
  if (given === undefined && !alone && readFirstKey(dataDir) === undefined)
    return ensureFirstKey(world, make, now);
  const key = make();
  await ensureBootstrapKey(world, key, now);
  return key;
}

/** The key's text. `chance` gives that many bytes. The file can be read by this user alone. */
function firstKey(dataDir: string, given: string | undefined, chance: (bytes: number) => Uint8Array): string {
  if (given !== undefined) return given;
  const kept = readFirstKey(dataDir);
  if (kept !== undefined) return kept;
  const key = `tk_first_${Buffer.from(chance(24)).toString('base64url')}`;
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(fileIn(dataDir), `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process was faster; its key is as good.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFirstKey(dataDir) ?? key;
}

/** The key kept in DATA_DIR, or undefined when none was made there. */
export function readFirstKey(dataDir: string): string | undefined {
  try {
    const key = readFileSync(fileIn(dataDir), 'utf8').trim();
    return key === '' ? undefined : key;
  } catch {
    return undefined;
  }
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'first-key');
}
