// What is sealed, and what may be spoken to.
import { z } from 'zod';
import { readAllowed } from '#outbound/address.ts';
import { readKeys } from '#store/keyring.ts';
import { text, type Variable } from './variable.ts';

export const guards = {
  ENCRYPTION_KEYS: {
    why: 'Keys that seal contact data and secrets, name:base64 of 32 bytes, the first one active. None: one is made and kept in DATA_DIR.',
    default: '',
    secret: true,
    read: text.default('').transform((value, context) => {
      const read = readKeys(value);
      if (read.ok) return read.keys;
      context.addIssue({
        code: 'custom',
        message: `must be like k1:… (openssl rand -base64 32); ${read.wrong}`,
      });
      return z.NEVER;
    }),
  },
  OUTBOUND_ALLOW: {
    why: 'Networks that webhooks and scrapes may reach besides public addresses, such as 192.168.1.0/24; link-local never.',
    default: '',
    read: text.default('').transform((value, context) => {
      const read = readAllowed(value);
      if (read.ok) return read.allowed;
      const message = `must be networks such as 192.168.1.0/24, fd12::/48; “${read.wrong.slice(0, 50)}” ${read.why}`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }),
  },
} as const satisfies Record<string, Variable>;
