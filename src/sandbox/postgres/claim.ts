// One running application per data folder: a file that names the owner, and can tell a dead owner from a living one.
import fs from 'node:fs';
import path from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { birthOf, isAlive } from './processes.ts';

/**
 * Takes the folder for this process and returns what gives it back. Throws an error naming the other process when a
 * living one has it. Processes in different containers cannot see each other and are not told apart.
 */
export function claim(folder: string): () => void {
  const file = path.join(folder, 'owner');
  const mine = `${process.pid}\n${birthOf(process.pid)}\n`;
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, mine, { mode: 0o644 });
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      try {
        appear(draft, file);
        removeLitter(folder);
        return () => {
          if (read(file) === mine) fs.rmSync(file, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const theirs = read(file);
      if (theirs === undefined) continue;
      if (livesOn(theirs)) throw new CannotStart(inUse(folder, theirs));
      takeAway(file, theirs);
    }
    throw new CannotStart(`The data folder ${folder} could not be claimed: another process keeps taking it.`);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

// Drafts of starts that were killed while they claimed.
function removeLitter(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const pid = /^owner\.(?:stale-)?(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) fs.rmSync(path.join(folder, name), { force: true });
  }
}

// A hard link appears complete or not at all; file systems without links get the next best thing.
function appear(draft: string, file: string): void {
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    fs.copyFileSync(draft, file, fs.constants.COPYFILE_EXCL);
  }
}

function inUse(folder: string, owner: string): string {
  return (
    `Another Tocsin (process ${owner.split('\n')[0]}) is already using the data in ${folder}. ` +
    'Stop it first, or give this one its own DATA_DIR.'
  );
}

function livesOn(owner: string): boolean {
  const [pid = '', birth = ''] = owner.split('\n');
  return isAlive(Number(pid)) && birthOf(Number(pid)) === birth;
}

// Moved aside before it is deleted: if a faster process has just taken the folder, its claim is put back.
function takeAway(file: string, stale: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (read(aside) !== stale) fs.linkSync(aside, file);
  } catch {
    // Somebody else took it away first.
  }
  fs.rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
