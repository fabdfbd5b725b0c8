// Where the database files live: DATA_DIR, unless the server's user cannot reach it.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Account, canEnter, chooseAccount, give } from './account.ts';
import { CannotStart } from './cannot-start.ts';

/** `folder` holds `cluster/`, `server.log` and the like; `notice` is set when it is not inside DATA_DIR. */
export interface Place {
  folder: string;
  account: Account;
  notice: string | undefined;
}

/** The fixed folder used when DATA_DIR cannot be reached; one per DATA_DIR, so two installations never meet. */
export function fallbackFolder(dataDir: string): string {
  const mark = createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 12);
  return path.join('/var/lib/tocsin', mark);
}

/**
 * Chooses and prepares the folder. An existing database always wins, so that a changed permission never makes the
 * data look lost. Throws a readable error when no folder can be used.
 */
export function choosePlace(dataDir: string): Place {
  const wanted = path.join(path.resolve(dataDir), 'postgres');
  const fallback = fallbackFolder(dataDir);
  const isRoot = process.getuid?.() === 0;
  const existing = [wanted, ...(isRoot ? [fallback] : [])].find((f) =>
    fs.existsSync(path.join(f, 'cluster')),
  );
  const account = chooseAccount(existing && path.join(existing, 'cluster'));

  for (const folder of existing ? [existing] : [wanted, ...(isRoot ? [fallback] : [])]) {
    prepare(folder, account);
    if (!canEnter(account, folder, true)) continue;
    const notice =
      folder === fallback
        ? `The database is kept in ${folder}, because the user "${account.name}" cannot reach ${wanted}. ` +
          `It stays when DATA_DIR is deleted; rm -r ${folder} removes it for good.`
        : undefined;
    // The real path, so that a server is recognised whichever link led to it.
    return { folder: fs.realpathSync(folder), account, notice };
  }
  throw new CannotStart(
    `The embedded PostgreSQL runs as ${account.name}, who cannot write in ${existing ?? wanted}. ` +
      'Give that user access to the folder and the folders above it, choose another DATA_DIR, or set DATABASE_URL.',
  );
}

function prepare(folder: string, account: Account): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
    give(account, folder);
    fs.chmodSync(folder, 0o700);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Someone else's folder may still be usable; the check after this decides. Anything else is told as it is.
    if (code !== 'EPERM' && code !== 'EACCES') {
      throw new CannotStart(
        `The folder ${folder} cannot be made ready for the database: ${(error as Error).message}`,
      );
    }
  }
}
