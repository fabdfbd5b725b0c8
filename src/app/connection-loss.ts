// Recognises what a database driver throws into nowhere when its server goes away: trouble, but no reason to end.

const codes =
  /^(CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|E[MN]FILE|E(HOST|NET)UNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|57P0[1-3]|08\d{3})$/;
const calls = new Set(['connect', 'read', 'write', 'getaddrinfo']);

/**
 * `harmless`: nobody waits for the query that failed, whoever needs its result asks again. `broken`: the driver wrote
 * to a connection that closed in the same turn (postgres 3.4), and what it wanted to send is never answered.
 */
export function connectionLoss(error: unknown): 'harmless' | 'broken' | undefined {
  if (!(error instanceof Error)) return undefined;
  const fromDriver = /[\\/](postgres[\\/]src|pg|pg-pool|pg-protocol)[\\/]/.test(error.stack ?? '');
  if (error instanceof TypeError) return fromDriver ? 'broken' : undefined;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string' || !codes.test(code)) return undefined;
  // A connection that was refused or reset, or found no file descriptor, has no frame of the driver in its stack.
  return fromDriver || (typeof syscall === 'string' && calls.has(syscall)) ? 'harmless' : undefined;
}
