// Environment → one typed, frozen Config. The only reader of process.env.
import { existsSync } from 'node:fs';
import { z } from 'zod';
import '#core/issue-words.ts';
import type { Gateways } from '#notify/channels/index.ts';
import { readGateway } from '#notify/sms-gateway.ts';
import { type Allowed, readAllowed } from '#outbound/address.ts';
import { readKeys, type SealingKey } from '#store/keyring.ts';

export const roles = ['http', 'worker', 'bot', 'clock'] as const;
export type Role = (typeof roles)[number];

const text = z.string().trim();
const url = (protocols: string[], good: string) =>
  text.refine((value) => {
    // A unix socket's folder as the host is percent-encoded, which URL refuses for http alone.
    return URL.canParse(value) && protocols.includes(new URL(value).protocol);
  }, good);

/** The address of something that messages go through; `has` must be in it, `lacks` says that it is not. */
const gateway = (has: 'username' | 'password' | 'host', good: string, lacks = good) =>
  url(['https:', 'http:'], good)
    .refine((value) => !URL.canParse(value) || new URL(value)[has] !== '', lacks)
    .transform((value) => new URL(value))
    .optional();

/** One variable: why it exists, what it means when it is not set, and how it is read. */
interface Variable {
  why: string;
  /** As it stands in .env.example; empty for none. */
  default: string;
  secret?: true;
  read: z.ZodType;
}

/** Every variable that is read, in the order of .env.example. */
export const variables = {
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
    read: z.coerce
      .number('must be a number from 0 to 1000')
      .int('must be a number from 0 to 1000')
      .min(0, 'must be a number from 0 to 1000')
      .max(1_000, 'must be a number from 0 to 1000')
      .default(30),
  },
  PUBLIC_URL: {
    why: 'The address by which people and services reach this server; used in links and for the webhook.',
    default: '',
    read: url(['https:', 'http:'], 'must be an address such as https://alerts.example.org')
      .transform((value) => value.replace(/\/+$/, ''))
      .optional(),
  },
  DATABASE_URL: {
    why: 'Your PostgreSQL (13 or newer), the server itself and not a pooler such as PgBouncer. None: an embedded one keeps its files in DATA_DIR.',
    default: '',
    secret: true,
    read: url(
      ['postgres:', 'postgresql:'],
      'must look like postgres://user:password@host:5432/tocsin',
    ).optional(),
  },
  REDIS_URL: {
    why: 'Your Redis (maxmemory-policy noeviction). None: the queue runs on the same PostgreSQL.',
    default: '',
    secret: true,
    read: url(
      ['redis:', 'rediss:'],
      'must look like redis://host:6379 or rediss://user:password@host:6380',
    ).optional(),
  },
  DATA_DIR: {
    why: 'The folder for everything that is embedded: the database, the sandbox, the first key.',
    default: './data',
    read: text.min(1, 'must name a folder').default('./data'),
  },
  HOST: {
    why: 'The address to listen on: 127.0.0.1 is this machine only, 0.0.0.0 is everybody who can reach it.',
    default: '127.0.0.1',
    read: text.min(1, 'must be an address such as 127.0.0.1').default('127.0.0.1'),
  },
  PORT: {
    why: 'The port to listen on; 0 takes any free one.',
    default: '8080',
    read: z.coerce
      .number('must be a number from 0 to 65535')
      .int('must be a number from 0 to 65535')
      .min(0, 'must be a number from 0 to 65535')
      .max(65_535, 'must be a number from 0 to 65535')
      .default(8080),
  },
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
  SMTP_URL: {
    why: 'Your mail server: smtp://user:password@mail.example.org:587 (STARTTLS) or smtps://…:465. None: no e-mail.',
    default: '',
    secret: true,
    read: url(['smtp:', 'smtps:'], 'must be like smtp://user:password@mail.example.org:587').optional(),
  },
  SMTP_FROM: {
    why: 'Who the mails are from: Tocsin <alerts@example.org>. Needed with SMTP_URL.',
    default: '',
    read: text
      .regex(/^([^<>\r\n]{0,60}<)?[^\s<>@]+@[^\s<>@]+>?$/, 'must be like Tocsin <alerts@example.org>')
      .optional(),
  },
  SMS_GATEWAY: {
    why: 'How text messages are sent, as JSON: {"url":"https://…","headers":{…},"body":"to={to}&text={text}"}. None: no texts.',
    default: '',
    secret: true,
    read: text.optional().transform((value, context) => {
      const read = value === undefined ? undefined : readGateway(value);
      if (read === undefined || read.ok) return read?.gateway;
      context.addIssue({ code: 'custom', message: `cannot be used: ${read.wrong}` });
      return z.NEVER;
    }),
  },
  SIGNAL_URL: {
    why: 'A signal-cli-rest-api with the number it sends from: http://%2B4930123456@127.0.0.1:8080. None: no Signal.',
    default: '',
    secret: true,
    read: gateway(
      'username',
      'must be like http://%2B4930123456@127.0.0.1:8080',
      'lacks the number that it sends from: it goes before the @, as in http://%2B4930123456@127.0.0.1:8080',
    ),
  },
  MATRIX_URL: {
    why: 'A Matrix homeserver with the access token of the account that tells: https://:syt_…@matrix.example.org. None: no Matrix.',
    default: '',
    secret: true,
    read: gateway(
      'password',
      'must be like https://:syt_…@matrix.example.org',
      'lacks the access token: it goes between : and @, as in https://:syt_…@matrix.example.org',
    ),
  },
  WAKU_URL: {
    why: 'The REST interface of a Waku node: http://127.0.0.1:8645. None: no Waku.',
    default: '',
    read: gateway('host', 'must be like http://127.0.0.1:8645'),
  },
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

export type VariableName = keyof typeof variables;
type Values = { [Name in VariableName]: z.output<(typeof variables)[Name]['read']> };

export interface Config {
  telegram: { token: string | undefined; apiRoot: string; mode: 'polling' | 'webhook'; perSecond: number };
  publicUrl: string | undefined;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  dataDir: string;
  host: string;
  port: number;
  ownerIds: readonly number[];
  bootstrapKey: string | undefined;
  /** What commands that speak HTTP use when nothing is given. */
  commandLine: { key: string | undefined; url: string | undefined };
  encryptionKeys: readonly SealingKey[];
  gateways: Gateways;
  outboundAllow: Allowed;
  heartbeatUrl: string | undefined;
  roles: readonly Role[];
  defaultZone: string;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Every secret value given, for the log's scrubber. */
  secrets: readonly string[];
}

export type ConfigRead = { ok: true; config: Config } | { ok: false; faults: string[] };

/** Reads the variables given. A fault names the variable and says what would be good; no fault repeats a secret. */
export function readConfig(env: Record<string, string | undefined>): ConfigRead {
  const faults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(variables) as [VariableName, Variable][]) {
    // An empty line in .env means “not set”.
    const given = env[name]?.trim() === '' ? undefined : env[name];
    const read = variable.read.safeParse(given);
    if (read.success) values[name] = read.data;
    else {
      const { message } = read.error.issues[0]!;
      // Of a list the wrong part was quoted, which says more than the whole.
      const isShown = !variable.secret && given !== undefined && !message.includes('“');
      faults.push(`${name} ${message}${isShown ? ` (it is “${given.slice(0, 60)}”)` : ''}.`);
    }
  }
  if (faults.length > 0) return { ok: false, faults };
  const config = assemble(values as unknown as Values, env);
  const more = contradictions(config, values.SMTP_URL !== undefined);
  return more.length > 0 ? { ok: false, faults: more } : { ok: true, config: Object.freeze(config) };
}

function assemble(values: Values, env: Record<string, string | undefined>): Config {
  const secrets = (Object.entries(variables) as [VariableName, Variable][])
    .filter(([, variable]) => variable.secret)
    .flatMap(([name]) => [env[name] ?? '', ...passwordOf(env[name]), ...keysOf(name, env[name])])
    .filter((secret) => secret.length >= 6);
  return {
    telegram: {
      token: values.TELEGRAM_BOT_TOKEN,
      apiRoot: values.TELEGRAM_API_ROOT,
      mode: values.TELEGRAM_MODE,
      perSecond: values.TELEGRAM_PER_SECOND,
    },
    publicUrl: values.PUBLIC_URL,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    dataDir: values.DATA_DIR,
    host: values.HOST,
    port: values.PORT,
    ownerIds: values.OWNER_IDS,
    bootstrapKey: values.BOOTSTRAP_API_KEY,
    commandLine: { key: values.TOCSIN_KEY, url: values.TOCSIN_URL },
    encryptionKeys: values.ENCRYPTION_KEYS,
    gateways: {
      mail:
        values.SMTP_URL && values.SMTP_FROM
          ? { url: new URL(values.SMTP_URL), from: values.SMTP_FROM }
          : undefined,
      sms: values.SMS_GATEWAY,
      signal: values.SIGNAL_URL,
      matrix: values.MATRIX_URL,
      waku: values.WAKU_URL,
    },
    outboundAllow: values.OUTBOUND_ALLOW,
    heartbeatUrl: values.HEARTBEAT_URL,
    roles: values.ROLES,
    defaultZone: values.DEFAULT_TIMEZONE,
    logLevel: values.LOG_LEVEL,
    secrets,
  };
}

function contradictions(config: Config, wantsMail: boolean): string[] {
  const faults: string[] = [];
  if (config.telegram.mode === 'webhook') {
    if (!config.telegram.token) faults.push('TELEGRAM_MODE=webhook needs TELEGRAM_BOT_TOKEN.');
    if (!config.publicUrl?.startsWith('https://'))
      faults.push('TELEGRAM_MODE=webhook needs PUBLIC_URL, an https:// address that Telegram can reach.');
  }
  if (wantsMail && !config.gateways.mail)
    faults.push('SMTP_URL needs SMTP_FROM, such as Tocsin <alerts@example.org>.');
  if (!config.databaseUrl && config.roles.length < roles.length)
    faults.push(
      'ROLES for several processes need DATABASE_URL: the embedded PostgreSQL belongs to one process.',
    );
  if (!config.telegram.token && config.roles.length < roles.length)
    faults.push('ROLES for several processes need TELEGRAM_BOT_TOKEN: the sandbox belongs to one process.');
  return faults;
}

/** The environment, with what .env adds when there is one in the working directory: `fromFile`. */
export function environment() {
  const own = new Set(Object.keys(process.env));
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env: Record<string, string | undefined> = process.env;
  return { env, fromFile: Object.keys(env).filter((name) => !own.has(name)) };
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function keysOf(name: string, value = ''): string[] {
  return name === 'ENCRYPTION_KEYS' ? value.split(/[\s,]+/).map((one) => one.replace(/^[^:]*:/, '')) : [];
}

function passwordOf(value: string | undefined): string[] {
  if (value === undefined || !URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
