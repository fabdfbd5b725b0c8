// The database, found fit for this program, and the keys that seal in it.
import { failpoint } from '#core/failpoint.ts';
import { StartRefused } from '#core/start-refused.ts';
import { type Database, openDatabase } from '#store/connection.ts';
import { refusals } from '#store/doctor.ts';
import type { Keyring } from '#store/keyring.ts';
import { migrate } from '#store/migrate.ts';
import { keysFault } from '#store/secrets.ts';
import type { Ledger } from './embedded.ts';
import { openKeys } from './encryption-keys.ts';
import type { Starting } from './starting.ts';
import { sayUnreachable } from './unreachable.ts';

export interface Store {
  database: Database;
  keyring: Keyring;
  /** Changes of the tables that a newer program has made. */
  unknownChanges: number;
}

/** Throws with a readable sentence where this program must not work on that database. */
export async function openStore(ledger: Ledger, { config, chance, closing }: Starting): Promise<Store> {
  const unknownChanges = await migrate(ledger.address).catch((error) => {
    throw sayUnreachable(config.databaseUrl, error);
  });
  failpoint('start.migrated');
  const database = openDatabase(ledger.address, 16, 15_000);
  closing.ground('the database', () => database.close());
  const wrong = await refusals(database);
  if (wrong.length > 0) throw new StartRefused(wrong.join('\n'));
  const keyring = openKeys(config, chance);
  const unfit = await keysFault(database.db, keyring, chance);
  if (unfit !== undefined)
    throw new StartRefused(
      `The encryption keys are not those of this database: ${unfit}. Give the old ones too: behind the first in ` +
        `ENCRYPTION_KEYS, or in the file encryption-keys of DATA_DIR (${config.dataDir}).`,
    );
  return { database, keyring, unknownChanges };
}
