// Environment → one typed, frozen Config. The only reader of process.env; what each variable means: config/variables.ts.
import { existsSync } from 'node:fs';
import '#core/issue-words.ts';
import type { Gateways } from '#notify/channels/index.ts';
import type { Allowed } from '#outbound/address.ts';
import type { SealingKey } from '#store/keyring.ts';
import { type Role, roles } from './config/running.ts';
import { secretsIn } from './config/secrets.ts';
import type { Variable } from './config/variable.ts';
import { type Values, type VariableName, variables } from './config/variables.ts';

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
    secrets: secretsIn(env),
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
