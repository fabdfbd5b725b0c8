// The environment: what is read, what is refused and in which words, and .env.example beside it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { misspelt, readConfig, variables } from '#config.ts';

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
    ['BOOTSTRAP_API_KEY', 'short', 'at least 16 characters'],
    ['OUTBOUND_ALLOW', '10.0.0.0/8, 10.1', '“10.1” is none'],
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

  it('asks about a name that was mistyped', () => {
    expect(misspelt({ OWNER_ID: '7', PATH: '/bin', TELEGRAM_BOT_TOKEN: '' })).toEqual([
      'OWNER_ID is not read; did you mean OWNER_IDS?',
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
