// What this process does, who hears that it lives, and how it says things.
import { z } from 'zod';
import { isZone } from '#core/hours.ts';
import { text, url, type Variable } from './variable.ts';

export const roles = ['http', 'worker', 'bot', 'clock'] as const;
export type Role = (typeof roles)[number];

export const running = {
  HEARTBEAT_URL: {
    why: 'An address that is called each minute in which a canary came through, such as a check of healthchecks.io: it notices when Tocsin is dead.',
    default: '',
    secret: true,
    read: url(['https:', 'http:'], 'must be an address such as https://hc-ping.com/…').optional(),
  },
  ROLES: {
    why: 'What this process does: http takes events, worker handles them, bot reads Telegram, clock watches over all.',
    default: 'http,worker,bot,clock',
    read: text.default(roles.join(',')).transform((value, context) => {
      const wanted = [...new Set(value.split(/[\s,]+/).filter((one) => one !== ''))];
      const wrong = wanted.find((one) => !roles.includes(one as Role));
      if (wrong === undefined && wanted.length > 0) return wanted as Role[];
      const hint = wrong === undefined ? '' : `; “${wrong.slice(0, 30)}” is none of them`;
      context.addIssue({ code: 'custom', message: `must be some of ${roles.join(', ')}${hint}` });
      return z.NEVER;
    }),
  },
  DEFAULT_TIMEZONE: {
    why: 'The time zone of people who have not chosen one.',
    default: 'UTC',
    read: text.refine(isZone, 'must be a time zone such as Europe/Berlin').default('UTC'),
  },
  LOG_LEVEL: {
    why: 'How much is logged: debug, info, warn, error or silent.',
    default: 'info',
    read: z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
      .default('info'),
  },
} as const satisfies Record<string, Variable>;
