// The short private folder with the server's socket, and the removal of folders that dead servers left.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Account, give } from './account.ts';
import { CannotStart } from './cannot-start.ts';
import { isAlive } from './processes.ts';

const PREFIX = 'tocsin-socket-';
// Kernels cut a socket's path at 103 (macOS) or 107 (Linux) bytes; PostgreSQL adds 18 to the folder's own length.
const LONGEST_FOLDER = 85;

/** Makes the folder (in the system's temporary folder, or /tmp when that path is too long). */
export function makeSocketFolder(account: Account): string {
  const parent = [os.tmpdir(), '/tmp'].find(
    (p) => Buffer.byteLength(path.join(p, `${PREFIX}XXXXXX`)) < LONGEST_FOLDER,
  );
  if (!parent)
    throw new CannotStart('No temporary folder has a path that is short enough for a socket. Set TMPDIR.');
  // Hidden until it says who started it: whoever starts beside us would take it for a dead server's and remove it.
  const hidden = fs.mkdtempSync(path.join(parent, `.${PREFIX}`));
  fs.writeFileSync(path.join(hidden, 'starter'), String(process.pid));
  give(account, hidden);
  const folder = path.join(parent, path.basename(hidden).slice(1));
  fs.renameSync(hidden, folder);
  return folder;
}

/** Removes the socket folders of servers that no longer run; folders of other users are left alone. */
export function sweepSocketFolders(account: Account): void {
  for (const parent of new Set([os.tmpdir(), '/tmp'])) {
    for (const name of list(parent)) {
      const folder = path.join(parent, name);
      if (!name.startsWith(PREFIX) || !isOurs(folder, account)) continue;
      const server = pidIn(path.join(folder, '.s.PGSQL.5432.lock'));
      const starter = pidIn(path.join(folder, 'starter'));
      if (isAlive(server) || isAlive(starter)) continue;
      removeSocketFolder(folder);
    }
  }
}

/** Removes a socket folder with the files that belong in one; a folder that holds anything else stays. */
export function removeSocketFolder(folder: string): void {
  try {
    for (const file of ['starter', '.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
      fs.rmSync(path.join(folder, file), { force: true });
    fs.rmdirSync(folder);
  } catch {
    // Litter in a temporary folder is no reason to fail.
  }
}

function isOurs(folder: string, account: Account): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  // Ours too: a start that was killed before it could give the folder to the account.
  return stat?.isDirectory() === true && [account.ids.uid, process.getuid?.()].includes(stat.uid);
}

function pidIn(file: string): number {
  try {
    return Number.parseInt(fs.readFileSync(file, 'utf8'), 10);
  } catch {
    return 0;
  }
}

function list(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
