// What may be said of an error: never what a query carried, whatever wraps it.
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, it } from 'vitest';
import { sayError, tellable } from '#core/say-error.ts';

const canary = 'canary-token-of-an-invitation';
const failed = (cause?: Error) =>
  new DrizzleQueryError('insert into invitations values ($1, $2)', [canary, 7], cause);
const refused = (text = 'duplicate key value violates unique constraint "x"') =>
  Object.assign(new Error(text), { name: 'PostgresError', code: '23505' });

describe('sayError', () => {
  it.each([
    ['a plain error', new TypeError('no luck'), 'TypeError: no luck'],
    [
      'an error with a code',
      Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }),
      'Error ECONNREFUSED: connect failed',
    ],
    ['a text', 'no luck', 'no luck'],
    ['something else', { password: canary }, 'object'],
    ['nothing', undefined, 'undefined'],
    [
      'a failed query',
      failed(refused()),
      'PostgresError 23505: duplicate key value violates unique constraint "x"',
    ],
    ['a failed query without a cause', failed(), 'Error: a query failed'],
    [
      'what wraps a failed query',
      new Error(failed().message, { cause: failed(refused('no')) }),
      'PostgresError 23505: no',
    ],
    [
      'a value in the database’s own words',
      failed(refused(`invalid integer: "${canary}"`)),
      'PostgresError 23505: invalid integer: "…"',
    ],
    ['text that is no JSON', parseFault(`{"a": ${canary}`), 'SyntaxError: the text cannot be read'],
  ])('%s', (_name, error, said) => {
    expect(sayError(error)).toBe(said);
    expect(JSON.stringify(tellable(error))).not.toContain(canary);
  });

  it('survives a cause that leads back to itself', () => {
    const error = new Error('round');
    error.cause = error;
    expect(sayError(error)).toBe('Error: round');
  });
});

function parseFault(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
