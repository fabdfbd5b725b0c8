// Which operating-system user runs PostgreSQL (it refuses to run as root), and what that user can reach.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { CannotStart } from './cannot-start.ts';

/** `ids` is empty when the server runs as the user who runs us; otherwise it goes into spawn's options. */
export interface Account {
  name: string;
  ids: { uid: number; gid: number } | Record<string, never>;
}

// Explicit, so that PGPORT, PGDATA, LANG and the like of the caller's shell change nothing.
const BARE = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Options for spawning a PostgreSQL program as this account. Windows needs its own environment to open sockets. */
export function spawnAs(account: Account) {
  return process.platform === 'win32' ? { cwd: '.' } : { ...account.ids, cwd: '/', env: BARE };
}

/**
 * Chooses the account: ourselves, or (as root) the owner of an existing cluster, else `postgres`, else `nobody`.
 * Throws a readable error when root has no such user.
 */
export function chooseAccount(existingCluster: string | undefined): Account {
  if (process.getuid?.() !== 0) return { name: 'the current user', ids: {} };
  const owner = existingCluster ? fs.statSync(existingCluster).uid : 0;
  for (const wanted of [...(owner > 0 ? [String(owner)] : []), 'postgres', 'nobody']) {
    const account = lookUp(wanted);
    if (account) return account;
  }
  throw new CannotStart(
    'The embedded PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". ' +
      'Start Tocsin as an ordinary user, or set DATABASE_URL.',
  );
}

// A user without an entry in the user database is refused by initdb, so numbers alone are not enough.
function lookUp(user: string): Account | undefined {
  const ask = (flag: string) => spawnSync('id', [flag, user], { encoding: 'utf8', env: BARE });
  const [uid, gid, name] = [ask('-u'), ask('-g'), ask('-un')];
  if (uid.status !== 0 || gid.status !== 0 || name.status !== 0) return undefined;
  return { name: name.stdout.trim(), ids: { uid: Number(uid.stdout), gid: Number(gid.stdout) } };
}

/** True when the account can enter the folder (and, when asked, write in it). Asks the kernel, so ACLs count. */
export function canEnter(account: Account, folder: string, writing: boolean): boolean {
  if (process.platform === 'win32') return true;
  const script = writing ? 'cd "$1" && test -w .' : 'cd "$1"';
  return spawnSync('/bin/sh', ['-c', script, 'sh', folder], spawnAs(account)).status === 0;
}

/** Gives a file or folder to the account (nothing to do when the account is ourselves). */
export function give(account: Account, target: string): void {
  if (account.ids.uid !== undefined) fs.chownSync(target, account.ids.uid, account.ids.gid);
}
