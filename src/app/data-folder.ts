// DATA_DIR is there and takes files, before anything is begun in it.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StartRefused } from '#core/start-refused.ts';

/** Makes the folder where it is missing. Throws `StartRefused` when it cannot be one, or takes nothing. */
export function readyDataFolder(dataDir: string): void {
  const folder = path.resolve(dataDir);
  try {
    // One by one: Node's own way of making the parents, too, never ends where the system says ENOENT to a new folder.
    for (const missing of missingIn(folder)) makeOne(missing);
    if (!statSync(folder).isDirectory())
      throw new StartRefused(`DATA_DIR (${dataDir}) is a file, not a folder.`);
    // Asking for the right to write is not enough: root has it everywhere, also where nothing can be made.
    rmdirSync(mkdtempSync(path.join(folder, '.tocsin-')));
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    throw new StartRefused(`${sayWhy(dataDir, folder, error)} Choose another DATA_DIR.`);
  }
}

/** The folders that have to be made, the outermost first. */
function missingIn(folder: string): string[] {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && path.dirname(at) !== at; at = path.dirname(at))
    missing.unshift(at);
  return missing;
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    // Another process was faster; its folder is as good.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'that disk can only be read',
  ENOSPC: 'that disk is full',
  ENOTDIR: 'a part of that path is a file',
  ENOENT: 'nothing can be made there',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
};

function sayWhy(dataDir: string, folder: string, error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [first] = missingIn(folder);
  const what =
    first === undefined
      ? `The folder DATA_DIR (${dataDir}) takes no files`
      : `The folder DATA_DIR (${dataDir}) cannot be made in ${path.dirname(first)}`;
  return `${what}: ${reasons[code] ?? message}.`;
}
