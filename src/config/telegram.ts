// How the bot speaks to Telegram.
import { z } from 'zod';
import { text, url, type Variable, whole } from './variable.ts';

export const telegram = {
  TELEGRAM_BOT_TOKEN: {
    why: 'The token that @BotFather gave you. None: a Telegram sandbox with a chat page starts instead.',
    default: '',
    secret: true,
    read: text
      .regex(/^\d{5,16}:[\w-]{30,64}$/, 'must look like 123456789:AA… as @BotFather gives it')
      .optional(),
  },
  TELEGRAM_API_ROOT: {
    why: 'Where the Bot API is; change it only for a Bot API server of your own.',
    default: 'https://api.telegram.org',
    read: url(['https:', 'http:'], 'must be an address such as https://api.telegram.org')
      .default('https://api.telegram.org')
      .transform((value) => value.replace(/\/+$/, '')),
  },
  TELEGRAM_MODE: {
    why: 'How updates arrive: polling needs no public address; webhook needs PUBLIC_URL with HTTPS.',
    default: 'polling',
    read: z.enum(['polling', 'webhook'], 'must be polling or webhook').default('polling'),
  },
  TELEGRAM_PER_SECOND: {
    why: 'Messages a second that Telegram takes from the bot in all chats together; more than 30 only for money. 0: no limit.',
    default: '30',
    read: whole(1_000, 30),
  },
} as const satisfies Record<string, Variable>;
