// What is embedded when nothing else is given: PostgreSQL, and a Telegram with two people and a group in it.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { StartRefused } from '#core/start-refused.ts';
import { CannotStart, startEmbeddedPostgres } from '#sandbox/postgres/index.ts';
import { startTelegramSandbox } from '#sandbox/telegram/index.ts';
import type { DatabaseAddress } from '#store/connection.ts';
import type { Config } from '../config.ts';

export interface Ledger {
  address: DatabaseAddress;
  embedded: boolean;
  /** Sentences for the operator. */
  notices: string[];
  /** Calls back when the embedded server ends without having been asked to. */
  onLost(callback: (why: string) => void): void;
  stop(): Promise<void>;
}

/** The database of DATABASE_URL, or an embedded one that keeps its files in DATA_DIR. */
export async function openLedger(config: Config): Promise<Ledger> {
  if (config.databaseUrl) {
    const address = databaseAddress(config.databaseUrl);
    return { address, embedded: false, notices: [], onLost: () => {}, stop: async () => {} };
  }
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir }).catch((error) => {
    throw error instanceof CannotStart ? new StartRefused(error.message) : error;
  });
  const notices = [
    ...(server.notice ? [server.notice] : []),
    ...(server.tookOver
      ? ['The database of an earlier run was still running; it was stopped and started anew.']
      : []),
  ];
  return {
    address: server.connection,
    embedded: true,
    notices,
    onLost: (callback) =>
      server.onExit(({ code, signal }) =>
        callback(`The embedded database ended by itself (${signal ?? code}).`),
      ),
    stop: () => server.stop(),
  };
}

/** The address of a URL; the postgres package itself reads none whose host is a socket’s folder. */
export function databaseAddress(url: string): DatabaseAddress {
  const { hostname, port, username, password, pathname } = new URL(url);
  const host = decodeURIComponent(hostname);
  if (!host.startsWith('/')) return { url };
  return {
    host,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    ...(password ? { password: decodeURIComponent(password) } : {}),
  };
}

/** The people who are there when the sandbox is opened for the first time. */
export const cast = { ana: 7001, ben: 7002, team: -7100 } as const;

/** A person of the sandbox. */
export interface Somebody {
  id: number;
  first_name: string;
}

export interface Messenger {
  token: string;
  apiRoot: string;
  owners: readonly number[];
  /** Who is in it, when it is the sandbox. */
  people?: () => Somebody[];
  /** The page, when it is the sandbox. */
  page?: (request: Request) => Promise<Response>;
  stop(): Promise<void>;
}

/** Telegram itself, or a sandbox whose chats are kept in DATA_DIR. */
export async function openMessenger(config: Config, now: () => number): Promise<Messenger> {
  const { token, apiRoot } = config.telegram;
  if (token) return { token, apiRoot, owners: config.ownerIds, stop: async () => {} };
  const folder = path.join(config.dataDir, 'sandbox');
  const journal = path.join(folder, 'telegram.jsonl');
  const isNew = !existsSync(journal);
  mkdirSync(folder, { recursive: true });
  const sandbox = await startTelegramSandbox({ journal, now, random: () => 1 });
  if (isNew) {
    const ana = sandbox.person(cast.ana, { first_name: 'Ana', username: 'ana', language_code: 'en' });
    const ben = sandbox.person(cast.ben, { first_name: 'Ben', username: 'ben', language_code: 'en' });
    const team = sandbox.group(cast.team, 'Team');
    team.join(ana);
    team.join(ben);
  }
  return {
    token: sandbox.token,
    apiRoot: sandbox.apiRoot,
    people: sandbox.everybody,
    // Ana is none beside owners who were named: whoever reaches the page is anybody in it, and that was not asked for.
    owners: config.ownerIds.length > 0 ? config.ownerIds : [cast.ana],
    page: sandbox.page,
    stop: () => sandbox.stop(),
  };
}
