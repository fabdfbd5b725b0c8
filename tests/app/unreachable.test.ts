// Why a database cannot be used, in the words of a person: each reason, and never the password.
import { describe, expect, it } from 'vitest';
import { databaseAddress } from '../../src/app/embedded.ts';
import { sayUnreachable } from '../../src/app/unreachable.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase } from '../harness/database.ts';

const url = 'postgres://anna:hunter2@db.example.org:6543/alerts';
const coded = (code: string, cause?: Error) =>
  Object.assign(new Error('a failure that holds hunter2', { cause }), { code });
const said = (error: unknown) => (sayUnreachable(url, error) as Error).message;

describe('sayUnreachable', () => {
  it.each([
    ['ECONNREFUSED', 'nothing listens there'],
    ['ENOTFOUND', 'no host of the name db.example.org'],
    ['28P01', 'the password for the user anna is wrong'],
    ['28000', 'does not let the user anna in'],
    ['3D000', 'no database alerts'],
    ['CONNECT_TIMEOUT', 'nothing answered in time'],
  ])('says %s in words, with the place and without the password', (code, words) => {
    const message = said(coded(code));
    expect(message).toContain(`The database of DATABASE_URL cannot be used: `);
    expect(message).toContain(words);
    expect(message).toContain('Host db.example.org, port 6543, database alerts, user anna.');
    expect(message).not.toContain('hunter2');
  });

  it('takes the innermost reason that it knows', () => {
    expect(said(coded('57014', coded('CONNECTION_CLOSED', coded('ENOTFOUND'))))).toContain(
      'no host of the name',
    );
  });

  it('leaves what it does not know, and what is no fault of DATABASE_URL, as it is', () => {
    const [strange, own] = [coded('XX000'), coded('ECONNREFUSED')];
    expect(sayUnreachable(url, strange)).toBe(strange);
    expect(sayUnreachable(undefined, own)).toBe(own);
  });

  it('knows the words of a real server that has no such database', async () => {
    const database = await freshDatabase();
    const missing = database.url.replace(/\/[^/]*$/, '/there_is_none');
    const error = await migrate(databaseAddress(missing)).catch((caught) => caught);
    await database.drop();
    expect((sayUnreachable(missing, error) as Error).message).toContain('has no database there_is_none');
  });
});
