// The ledger as the operator's commands open it: next to a running program, whose sweeper rings for what they change.
import { randomBytes } from 'node:crypto';
import { makeId } from '#core/id.ts';
import { StartRefused } from '#core/start-refused.ts';
import type { World } from '#operations/world.ts';
import { type DatabaseAddress, openDatabase, sqlState } from '#store/connection.ts';
import { databaseAddress } from '../app/embedded.ts';
import { keptKeys } from '../app/encryption-keys.ts';
import { readRunFile } from '../app/run-file.ts';
import { sayUnreachable } from '../app/unreachable.ts';
import type { Config } from '../config.ts';
import { Misused } from './verb.ts';

export type OperatorWorld = World & { close(): Promise<void> };

/** Throws `Misused` with a sentence when there is no database to be found. */
export async function openOperatorWorld(config: Config): Promise<OperatorWorld> {
  const address = whereIs(config);
  const database = openDatabase(address, 2);
  try {
    await database.sql`select 1 from markers limit 1`;
  } catch (error) {
    await database.close();
    if (sqlState(error) === '42P01')
      throw new Misused('This database has no Tocsin in it; start Tocsin on it once.');
    const said = sayUnreachable(config.databaseUrl, error);
    if (said instanceof StartRefused) throw new Misused(said.message);
    throw new Misused(
      `The database cannot be reached (${sqlState(error) ?? (error as Error).message}). Is Tocsin running?`,
    );
  }
  return {
    database,
    ring: () => {},
    id: (prefix) => makeId(prefix, randomBytes(20)),
    token: () => randomBytes(16).toString('base64url'),
    chance: (bytes) => randomBytes(bytes),
    keyring: keptKeys(config),
    defaultZone: config.defaultZone,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    meter: { count() {}, observe() {} },
    close: () => database.close(),
  };
}

function whereIs(config: Config): DatabaseAddress {
  if (config.databaseUrl) return databaseAddress(config.databaseUrl);
  const run = readRunFile(config.dataDir);
  if (run?.database) return run.database;
  throw new Misused(
    `No Tocsin is running with its data in ${config.dataDir}. Start it (npm start), or set DATA_DIR or DATABASE_URL.`,
  );
}
