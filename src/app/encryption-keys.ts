// The keys that seal contact data and secrets: given by ENCRYPTION_KEYS, or made once and kept in DATA_DIR.
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartRefused } from '#core/start-refused.ts';
import { type Keyring, openKeyring, readKeys, type SealingKey } from '#store/keyring.ts';
import type { Config } from '../config.ts';

type Kept = Pick<Config, 'dataDir' | 'encryptionKeys'>;
const fileIn = (dataDir: string) => path.join(dataDir, 'encryption-keys');

/** The keyring; a first key is made when there is none. Only this user can read the file. */
export function openKeys(config: Kept, chance: (bytes: number) => Uint8Array): Keyring {
  if (config.encryptionKeys.length > 0) return openKeyring(config.encryptionKeys);
  if (readKept(config.dataDir).length === 0) {
    mkdirSync(config.dataDir, { recursive: true });
    try {
      writeFileSync(fileIn(config.dataDir), lineOf(makeKey(chance)), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process was faster; its key is as good.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return keptKeys(config);
}

/** The keyring of a program that runs there; without a key of its own when there is none. */
export function keptKeys({ dataDir, encryptionKeys }: Kept): Keyring {
  if (encryptionKeys.length > 0) return openKeyring(encryptionKeys);
  // Read again for an unknown key: the operator may have made one while this process runs.
  return openKeyring(readKept(dataDir), () => readKept(dataDir));
}

/** Puts a new key before the kept ones. Processes that run find it when they meet it. */
export function addKey(dataDir: string, chance: (bytes: number) => Uint8Array): string {
  const key = makeKey(chance);
  const file = fileIn(dataDir);
  const whole = [key, ...readKept(dataDir)].map(lineOf).join('');
  writeFileSync(`${file}.new`, whole, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
  return key.id;
}

function readKept(dataDir: string): SealingKey[] {
  let text: string;
  try {
    text = readFileSync(fileIn(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const read = readKeys(text);
  if (!read.ok) throw new StartRefused(`The file ${fileIn(dataDir)} cannot be used: ${read.wrong}.`);
  return read.keys;
}

function makeKey(chance: (bytes: number) => Uint8Array): SealingKey {
  return { id: `k${Buffer.from(chance(4)).toString('hex')}`, bytes: chance(32) };
}

function lineOf({ id, bytes }: SealingKey): string {
  return `${id}:${Buffer.from(bytes).toString('base64')}\n`;
}
