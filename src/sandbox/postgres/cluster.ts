// Creates the database files once, all or nothing, and recognises files that this version cannot read.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Account, give, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { CannotStart } from './cannot-start.ts';

export const USER = 'tocsin';
export const DATABASE = 'tocsin';

/**
 * Returns the cluster's folder, creating it when there is none. It is made under another name and renamed when it is
 * complete: a start that was killed half-way leaves only a draft, which is removed here, and never a broken cluster.
 */
export async function ensureCluster(
  folder: string,
  binaries: Binaries,
  account: Account,
  durable: boolean,
): Promise<string> {
  const cluster = path.join(folder, 'cluster');
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith('draft-')) removeDraft(path.join(folder, name));
  }
  if (fs.existsSync(cluster) && fs.readdirSync(cluster).length === 0) fs.rmdirSync(cluster);
  if (!fs.existsSync(cluster)) {
    const draft = fs.mkdtempSync(path.join(folder, 'draft-'));
    give(account, draft);
    try {
      await create(draft, folder, binaries, account, durable);
      fs.renameSync(draft, cluster);
    } catch (error) {
      removeDraft(draft);
      throw error;
    }
  }
  checkVersion(cluster, binaries.major);
  return cluster;
}

function removeDraft(draft: string): void {
  try {
    fs.rmSync(draft, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // The initdb of a start that was killed may still be writing there; a later start removes what it leaves.
  }
}

function checkVersion(cluster: string, major: string): void {
  let version: string;
  try {
    version = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CannotStart(
        `${cluster} is not a PostgreSQL database. Move it away, or choose another DATA_DIR.`,
      );
    }
    throw new CannotStart(
      `The database in ${cluster} cannot be read: it belongs to another user. Start Tocsin as the user who made it.`,
    );
  }
  if (version !== major) {
    throw new CannotStart(
      `The database in ${cluster} was made by PostgreSQL ${version}, but PostgreSQL ${major} is installed. ` +
        'Use the Tocsin version that made it to export the data, then start with a new DATA_DIR.',
    );
  }
}

async function create(draft: string, folder: string, binaries: Binaries, account: Account, durable: boolean) {
  const args = ['-D', draft, '-U', USER, '--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])];
  if (process.platform === 'win32') {
    args.push('--auth=scram-sha-256', `--pwfile=${path.join(folder, 'password')}`);
    fs.writeFileSync(path.join(folder, 'password'), randomBytes(24).toString('hex'), { mode: 0o600 });
  } else {
    // The socket lies in a folder that only this user can enter.
    args.push('--auth=trust');
  }
  await run(binaries.program('initdb'), args, account, '');
  // Single-user mode needs no client library and leaves nothing running.
  const settings = durable ? [] : ['-F'];
  await run(
    binaries.program('postgres'),
    ['--single', ...settings, '-D', draft, 'postgres'],
    account,
    `CREATE DATABASE ${DATABASE};\n`,
  );
}

function run(program: string, args: string[], account: Account, input: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...spawnAs(account), encoding: 'utf8' },
      (error, stdout, stderr) => {
        // Single-user mode ends with success even when its statement failed.
        if (!error && !/^.*\b(ERROR|FATAL|PANIC):/m.test(stderr)) return resolve();
        const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-8).join('\n');
        reject(new CannotStart(`The database could not be created:\n${lines || error?.message}`));
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
