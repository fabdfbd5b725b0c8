// The environment: what is read, what is refused and in which words, and .env.example beside it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variables } from '#config/variables.ts';
import { readConfig } from '#config.ts';
import { withoutEffect } from '../src/app/without-effect.ts';

const read = (env: Record<string, string>) => readConfig(env);
const faultsOf = (env: Record<string, string>) => {
  const result = read(env);
  return result.ok ? [] : result.faults;
};

describe('readConfig', () => {
  it('needs nothing at all', () => {
    const result = read({});
    expect(result.ok && result.config).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: './data',
      roles: ['http', 'worker', 'bot', 'clock'],
      telegram: { token: undefined, mode: 'polling', apiRoot: 'https://api.telegram.org' },
      defaultZone: 'UTC',
      secrets: [],
    });
  });

  it('takes an empty line as not set, and lists in either form', () => {
    const result = read({ PORT: ' ', TELEGRAM_BOT_TOKEN: '', OWNER_IDS: '7001, 7002 7003' });
    expect(result.ok && [result.config.port, result.config.ownerIds]).toEqual([8080, [7001, 7002, 7003]]);
  });

  it.each([
    ['PORT', '99999', 'from 0 to 65535'],
    ['PORT', 'eighty', 'from 0 to 65535'],
    ['ROLES', 'http,wroker', '“wroker” is none of them'],
    ['ROLES', ',', 'must be some of http, worker, bot, clock'],
    ['OWNER_IDS', '@ana', '“@ana” is none'],
    ['DEFAULT_TIMEZONE', 'Berlin', 'such as Europe/Berlin'],
    ['LOG_LEVEL', 'loud', 'must be debug, info, warn, error or silent'],
    ['TELEGRAM_MODE', 'push', 'must be polling or webhook'],
    ['TELEGRAM_BOT_TOKEN', 'abc', 'must look like 123456789:AA'],
    ['TELEGRAM_API_ROOT', 'api.telegram.org', 'must be an address'],
    ['PUBLIC_URL', 'alerts.example.org', 'such as https://alerts.example.org'],
    ['DATABASE_URL', 'mysql://x/y', 'must look like postgres://'],
    ['REDIS_URL', 'http://x', 'must look like redis://'],
    ['DATABASE_URL', 'postgres://tocsin:100%sure@db/tocsin', 'in a user or password it is written %25'],
    ['DATABASE_URL', 'postgres://tocsin:a/b#c@db/tocsin', '/ ? @ : % are written %23 %2F %3F'],
    ['REDIS_URL', 'redis://:50%@cache:6379', 'it is written %25'],
    ['SMTP_URL', 'smtp://ops:7%!@mail.example.org', 'it is written %25'],
    ['BOOTSTRAP_API_KEY', 'short', 'at least 16 characters'],
    ['OUTBOUND_ALLOW', '10.0.0.0/8, 10.1', '“10.1” is none'],
    ['OUTBOUND_ALLOW', '169.254.169.254', 'opens nothing: link-local addresses are never spoken to'],
    ['OUTBOUND_ALLOW', '10.0.0.0/8 169.254.0.0/16', '“169.254.0.0/16” opens nothing'],
    ['OUTBOUND_ALLOW', 'fe80::/10', 'opens nothing'],
    ['OUTBOUND_ALLOW', 'fd00:ec2::254', 'opens nothing'],
    ['SIGNAL_URL', 'http://127.0.0.1:8080', 'lacks the number that it sends from'],
    ['MATRIX_URL', 'https://matrix.example.org', 'lacks the access token'],
    ['SMS_GATEWAY', '{"body":"{to} {text}"}', 'cannot be used: url is missing.'],
    ['SMS_GATEWAY', '7', 'cannot be used: it must be an object'],
    ['MATRIX_URL', 'matrix.example.org', 'must be like https://:syt_'],
    [
      'SMS_GATEWAY',
      '{"url":"https://x/{to}","boddy":"{text}"}',
      '“boddy” is none of url, method, headers, body, success.',
    ],
  ])('%s=%s is refused with what would be good', (name, value, good) => {
    const [fault, ...more] = faultsOf({ [name]: value });
    expect(more).toEqual([]);
    expect(fault).toMatch(new RegExp(`^${name} `));
    expect(fault).toContain(good);
  });

  it('never repeats a secret in a fault', () => {
    const faults = faultsOf({
      TELEGRAM_BOT_TOKEN: 'hunter2-hunter2',
      DATABASE_URL: 'mysql://a:hunter2@b/c',
      PORT: '-5',
    });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain('hunter2');
    expect(faults.join()).toContain('-5');
  });

  it('names every fault at once, and contradictions', () => {
    expect(faultsOf({ PORT: 'x', LOG_LEVEL: 'y' })).toHaveLength(2);
    expect(faultsOf({ TELEGRAM_MODE: 'webhook' }).join(' ')).toMatch(/TELEGRAM_BOT_TOKEN.*PUBLIC_URL/s);
    expect(faultsOf({ ROLES: 'worker' }).join()).toContain('DATABASE_URL');
    expect(faultsOf({ ROLES: 'worker' }).join()).toContain('TELEGRAM_BOT_TOKEN');
  });

  it('reads a unix socket as the host of DATABASE_URL', () => {
    expect(read({ DATABASE_URL: 'postgres://tocsin@%2Ftmp%2Fsocket:5432/tocsin' }).ok).toBe(true);
  });

  it('knows the secrets that must never be logged', () => {
    const result = read({ DATABASE_URL: 'postgres://u:p%40ssword1@h/d', BOOTSTRAP_API_KEY: 'k'.repeat(30) });
    expect(result.ok && result.config.secrets).toEqual(
      expect.arrayContaining(['p@ssword1', 'p%40ssword1', 'k'.repeat(30)]),
    );
  });

  it.each(['0.0.0.0/0', '::/0', '192.168.1.7', 'fd12::/48', '127.0.0.0/8'])('may open %s', (network) => {
    expect(faultsOf({ OUTBOUND_ALLOW: network })).toEqual([]);
  });

  it('says a wrong value once', () => {
    for (const [name, value] of [
      ['OWNER_IDS', 'ana'],
      ['ROLES', 'ana'],
      ['OUTBOUND_ALLOW', 'ana'],
      ['PORT', 'ana'],
    ] as const)
      expect(
        faultsOf({ [name]: value })
          .join()
          .split('“ana”'),
      ).toHaveLength(2);
  });

  it('says what does nothing alone', () => {
    const SMTP_FROM = 'Tocsin <alerts@example.org>';
    expect(withoutEffect({ SMTP_FROM })).toEqual([
      'SMTP_FROM does nothing without SMTP_URL: no mail is sent.',
    ]);
    expect(withoutEffect({ SMTP_FROM, SMTP_URL: 'smtp://mail.example.org' })).toEqual([]);
    expect(withoutEffect({ SMTP_FROM: '' })).toEqual([]);
  });

  it('finds the longer name that was meant', () => {
    expect(withoutEffect({ TELEGRAM_TOKEN: '1' })).toEqual([
      'TELEGRAM_TOKEN is not read; did you mean TELEGRAM_BOT_TOKEN?',
    ]);
  });

  it('asks about a name that was mistyped', () => {
    expect(withoutEffect({ OWNER_ID: '7', PATH: '/bin', TELEGRAM_BOT_TOKEN: '' })).toEqual([
      'OWNER_ID is not read; did you mean OWNER_IDS?',
    ]);
  });

  it('a slip of one letter in a long name, wherever it stands, unless the right one is there, too', () => {
    const env = { DATABSE_URL: 'x', LOGLEVEL: 'debug', ENCRYPTION_KEY: 'k', REDIS_URL: 'r', REDISURL: 'r' };
    expect(withoutEffect(env)).toEqual([
      'DATABSE_URL is not read; did you mean DATABASE_URL?',
      'LOGLEVEL is not read; did you mean LOG_LEVEL?',
      'ENCRYPTION_KEY is not read; did you mean ENCRYPTION_KEYS?',
    ]);
  });

  it('of what stands in .env, any name that is nearly one of ours', () => {
    const env = { POTR: '1', POSTGRES_PASSWORD: 'x', PUBLISHED_PORT: '8080', LOG_LEVLE: 'debug', TZ: 'UTC' };
    expect(withoutEffect(env)).toEqual(['LOG_LEVLE is not read; did you mean LOG_LEVEL?']);
    expect(withoutEffect(env, Object.keys(env))).toEqual([
      'POTR is not read; did you mean PORT?',
      'LOG_LEVLE is not read; did you mean LOG_LEVEL?',
    ]);
  });
});

describe('.env.example', () => {
  it('has every variable in order, with its default and its why above it', () => {
    const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n');
    const found = lines.flatMap((line, i) => {
      const set = /^([A-Z_]+)=(.*)$/.exec(line);
      return set ? [{ name: set[1], value: set[2], why: lines[i - 1] }] : [];
    });
    const wanted = Object.entries(variables).map(([name, variable]) => ({
      name,
      value: variable.default,
      why: `# ${variable.why}`,
    }));
    expect(found).toEqual(wanted);
  });

  it('is itself good: it starts the same as nothing', () => {
    const values = Object.fromEntries(
      Object.entries(variables).map(([name, { default: value }]) => [name, value]),
    );
    expect(read(values)).toEqual(read({}));
  });
});
