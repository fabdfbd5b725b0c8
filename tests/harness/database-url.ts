// A connection as one string, for programs that want DATABASE_URL.
import type { Connection } from '../../src/sandbox/postgres/index.ts';

/** The address of this connection; a socket's folder is percent-encoded. */
export function databaseUrl({ host, port, user, password, database }: Connection): string {
  const login = [user, ...(password === '' ? [] : [password])].map(encodeURIComponent).join(':');
  return `postgres://${login}@${encodeURIComponent(host)}:${port}/${database}`;
}
