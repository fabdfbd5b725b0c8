// A database that cannot be used at the start: which one was meant, and why, in words.
import { StartRefused } from '#core/start-refused.ts';

const reasons: Record<string, (place: Place) => string> = {
  ECONNREFUSED: () => 'nothing listens there (the connection was refused)',
  ECONNRESET: () => 'what listens there hung up: it may be no PostgreSQL',
  CONNECTION_CLOSED: () => 'what listens there hung up: it may be no PostgreSQL',
  CONNECTION_DESTROYED: () => 'what listens there hung up: it may be no PostgreSQL',
  ENOTFOUND: ({ host }) => `there is no host of the name ${host}`,
  EAI_AGAIN: ({ host }) => `the name ${host} cannot be looked up now`,
  CONNECT_TIMEOUT: () => 'nothing answered in time; a firewall may be between, or the address is wrong',
  ETIMEDOUT: () => 'nothing answered in time; a firewall may be between, or the address is wrong',
  EHOSTUNREACH: () => 'no way leads there from this machine',
  ENETUNREACH: () => 'no way leads there from this machine',
  ENOENT: () => 'there is no socket of a server in that folder',
  EACCES: () => 'this user may not use the socket of that server',
  '28P01': ({ user }) => `the password for the user ${user} is wrong`,
  '28000': ({ user }) =>
    `the server does not let the user ${user} in (there is none, or pg_hba.conf says no)`,
  '3D000': ({ database }) => `the server has no database ${database} (createdb ${database} makes it)`,
  '42501': ({ user, database }) => `the user ${user} may not make tables in the database ${database}`,
  '53300': () => 'the server has no connection free',
  '57P03': () => 'the server is just starting or stopping; try again in a moment',
};

interface Place {
  host: string;
  port: string;
  user: string;
  database: string;
}

/** The error in words for the operator, when its reason is known; else the error itself. Never the password. */
export function sayUnreachable(databaseUrl: string | undefined, error: unknown): unknown {
  const why = codesOf(error)
    .map((code) => reasons[code])
    .findLast((reason) => reason !== undefined);
  if (databaseUrl === undefined || why === undefined) return error;
  const place = placeOf(databaseUrl);
  const { host, port, user, database } = place;
  return new StartRefused(
    `The database of DATABASE_URL cannot be used: ${why(place)}.\n` +
      `  Host ${host}, port ${port}, database ${database}, user ${user}.`,
    { cause: error },
  );
}

// The innermost is the reason; what is around it only says what could not be done because of it.
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') codes.push(code);
  }
  return codes;
}

function placeOf(url: string): Place {
  const { hostname, port, username, pathname } = new URL(url);
  const user = decodeURIComponent(username) || '(none given)';
  return {
    host: decodeURIComponent(hostname) || 'localhost',
    port: port || '5432',
    user,
    database: decodeURIComponent(pathname.slice(1)) || user,
  };
}
