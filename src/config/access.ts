// Who may do everything, and the key of the command line.
import { z } from 'zod';
import { text, url, type Variable } from './variable.ts';

export const access = {
  OWNER_IDS: {
    why: 'Telegram user ids of the owners, separated by commas; @userinfobot tells you yours. In the sandbox: Ana, 7001.',
    default: '',
    read: text.default('').transform((value, context) => {
      const ids = value.split(/[\s,]+/).filter((one) => one !== '');
      const wrong = ids.find((id) => !/^\d{1,15}$/.test(id));
      if (wrong === undefined) return ids.map(Number);
      context.addIssue({
        code: 'custom',
        message: `must be numbers such as 123456789; “${wrong.slice(0, 30)}” is none`,
      });
      return z.NEVER;
    }),
  },
  BOOTSTRAP_API_KEY: {
    why: 'A key with every right that is valid from the first start. None: one is made once and kept in DATA_DIR.',
    default: '',
    secret: true,
    read: text
      .min(16, 'must have at least 16 characters')
      .max(200, 'must have at most 200 characters')
      .regex(/^[\x21-\x7e]*$/, 'must have no spaces and only plain letters, digits and signs')
      .optional(),
  },
  TOCSIN_KEY: {
    why: 'Commands that speak HTTP (send, run, heartbeat …) use this key unless --key is given. The server does not read it.',
    default: '',
    secret: true,
    read: text.optional(),
  },
  TOCSIN_URL: {
    why: 'Where those commands find the server unless --url is given.',
    default: '',
    read: url(['https:', 'http:'], 'must be an address such as https://alerts.example.org').optional(),
  },
} as const satisfies Record<string, Variable>;
