// A keyring and a chance for worlds of tests: the key is always the same, the chance never.
import { randomBytes } from 'node:crypto';
import { openKeyring } from '../../src/store/keyring.ts';

export const sealing = {
  keyring: openKeyring([{ id: 'test', bytes: Buffer.alloc(32, 7) }]),
  chance: (bytes: number): Uint8Array => randomBytes(bytes),
};
