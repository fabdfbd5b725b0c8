// A canary secret in every place where an error or a field can hide it: it must never reach the output.
import { inspect } from 'node:util';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import { openLog, scrubber } from '#log.ts';

const token = '123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0';
const key = 'tk_k0123456789_Zm9vYmFyYmF6cXV4';
const secret = 'correct horse "battery"';

function openBoth(level = 'debug') {
  const lines: string[] = [];
  const options = { level, secrets: [secret], write: (line: string) => void lines.push(line) };
  return { lines, logs: [openLog({ ...options, readable: false }), openLog({ ...options, readable: true })] };
}

describe('the log', () => {
  it('writes JSON lines, or one readable line, with the fields that were given', () => {
    const { lines, logs } = openBoth();
    for (const log of logs) log.info({ job: 'notify', count: 3 }, 'rang');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 30, job: 'notify', count: 3, msg: 'rang' });
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d rang job=notify count=3\n$/);
  });

  it('keeps a secret out, wherever it hides', () => {
    const inner = Object.assign(new Error(`fetch https://api.telegram.org/bot${token}/getMe failed`), {
      code: 'ECONNREFUSED',
      request: {
        url: `https://api.telegram.org/bot${token}/getMe`,
        headers: { authorization: `Bearer ${key}` },
      },
    });
    const outer = Object.assign(new Error('Network request failed', { cause: inner }), { error: inner, key });
    outer.stack += `\n    at ${token}`;
    const { lines, logs } = openBoth();
    for (const log of logs) {
      log.error({ err: outer }, 'a call failed');
      log.warn(
        { url: `postgres://tocsin:${encodeURIComponent(secret)}@db/tocsin` },
        `with ${secret} and ${token}`,
      );
      log.info({ nested: { deep: [{ header: `Bearer ${key}`, text: inspect(outer) }], secret } }, 'nested');
      log.debug({ [token]: 1, hook: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }, key);
    }
    const written = lines.join('');
    expect(lines).toHaveLength(8);
    for (const hidden of [
      token,
      token.split(':')[1]!,
      key,
      secret,
      encodeURIComponent(secret),
      'battery',
      'C2FVsBQ',
    ])
      expect(written).not.toContain(hidden);
    expect(written).toContain('ECONNREFUSED');
    expect(written).toContain('Network request failed');
    expect(written).toContain('[secret]');
    for (const line of lines.filter((_, i) => i < 4)) expect(() => JSON.parse(line)).not.toThrow();
  });

  it('writes of an error only what is on the list', () => {
    const { lines, logs } = openBoth();
    logs[0]!.error({ err: Object.assign(new Error('no'), { payload: 'private words', code: '23505' }) }, 'x');
    expect(lines[0]).not.toContain('private words');
    expect(JSON.parse(lines[0]!).err).toMatchObject({ name: 'Error', message: 'no', code: '23505' });
  });

  it('writes of a failed query what the database said, never what was asked', () => {
    const hidden = 'canary\n    at canary of an event';
    const cause = Object.assign(new Error('duplicate key'), { name: 'PostgresError', code: '23505' });
    const failed = new DrizzleQueryError('insert into invitations values ($1)', [hidden], cause);
    const { lines, logs } = openBoth();
    for (const log of logs) {
      log.error({ err: failed }, 'x');
      log.error({ err: new Error('the rule could not be kept', { cause: failed }) }, 'x');
      log.error({ err: new Error(`Error in middleware: ${failed.message}`, { cause: failed }) }, 'x');
      log.error({ err: new DrizzleQueryError('insert into invitations', [hidden]) }, 'x');
    }
    expect(lines).toHaveLength(8);
    expect(lines.join('')).not.toMatch(/canary|insert into/);
    expect(JSON.parse(lines[0]!).err).toMatchObject({
      name: 'PostgresError',
      code: '23505',
      message: 'duplicate key',
      stack: expect.stringContaining('log.test.ts'),
    });
  });

  it('survives a cause that leads back to itself', () => {
    const { lines, logs } = openBoth();
    const error = new Error('round');
    error.cause = error;
    logs[0]!.error({ err: error }, 'x');
    expect(lines).toHaveLength(1);
  });
});

describe('scrubber', () => {
  const scrub = scrubber(['abc', 'longsecret', 'longsecret-and-more']);
  it('takes out the longest first, and leaves what is too short to be one', () => {
    expect(scrub('longsecret-and-more longsecret abc')).toBe('[secret] [secret] abc');
  });
  it.each([
    ['12:30:45 and 2026-01-01T10:00:00Z', '12:30:45 and 2026-01-01T10:00:00Z'],
    ['redis://:pass@h:1/0', 'redis://:[secret]@h:1/0'],
    ['https://example.org/a:b@c', 'https://example.org/a:b@c'],
  ])('%s', (given, wanted) => {
    expect(scrub(given)).toBe(wanted);
  });
});
