// `tocsin encryption`: which keys seal contact data and secrets, and sealing everything with a new one.
import { randomBytes } from 'node:crypto';
import { openKeyring } from '#store/keyring.ts';
import { CannotOpen, sealAnew } from '#store/secrets.ts';
import { addKey, keptKeys } from '../app/encryption-keys.ts';
import { noFurther } from './read-flags.ts';
import { Misused, type Verb } from './verb.ts';
import { refused } from './words.ts';

export const encryption: Verb = {
  name: 'encryption',
  title: 'seal contact data and secrets with a new key; works while Tocsin runs',
  usage: ['encryption rotate'],
  async run({ config, args, open, print }) {
    if (args[0] !== 'rotate') throw new Misused('Say: tocsin encryption rotate');
    noFurther(args.slice(1), 'encryption rotate');
    const world = await open();
    try {
      if (config.encryptionKeys.length === 0)
        print(`New key ${addKey(config.dataDir, randomBytes)}, kept in DATA_DIR.`);
      const keyring =
        config.encryptionKeys.length > 0 ? openKeyring(config.encryptionKeys) : keptKeys(config);
      const count = await sealAnew(world.database.db, keyring, randomBytes);
      print(`${count} sealed anew with the key ${keyring.active()}.`);
      print(
        config.encryptionKeys.length > 0
          ? 'Keys behind the first one in ENCRYPTION_KEYS are needed no longer.'
          : 'Older keys stay in the file for backups; remove their lines when those are gone.',
      );
      return 0;
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      return refused(
        `${error.message}. Nothing is lost: put the missing key behind the others and try again.`,
      );
    } finally {
      await world.close();
    }
  },
};
