// Where the commands that speak HTTP find the server and a key: given, set, or those of what runs in DATA_DIR.
import { readFirstKey } from '../app/first-key.ts';
import { readRunFile } from '../app/run-file.ts';
import type { Config } from '../config.ts';
import { Misused } from './verb.ts';

export interface Server {
  /** Without a slash at its end. */
  url: string;
  key: string;
}

/** Throws `Misused` when there is no key to be found. */
export function findServer(config: Config, given: { url?: string; key?: string }): Server {
  const key = given.key ?? config.commandLine.key ?? config.bootstrapKey ?? readFirstKey(config.dataDir);
  if (!key) throw new Misused('Give a key with --key or in TOCSIN_KEY; tocsin key create makes one.');
  return { url: findUrl(config, given.url), key };
}

/** The server's address, without a slash at its end. */
export function findUrl(config: Config, given?: string): string {
  const url =
    given ??
    config.commandLine.url ??
    readRunFile(config.dataDir)?.url ??
    config.publicUrl ??
    `http://127.0.0.1:${config.port}`;
  return url.replace(/\/+$/, '');
}
