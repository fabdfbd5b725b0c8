// Instants for readers outside: RFC 3339 text instead of epoch milliseconds.

const names = new Set([
  'at',
  'time',
  'since',
  'receivedAt',
  'processedAt',
  'firedAt',
  'acknowledgedAt',
  'resolvedAt',
  'snoozedUntil',
  'dueAt',
  'notBefore',
  'startedAt',
  'endedAt',
  'endsAt',
  'nextAt',
  'lastAt',
  'upSince',
  'createdAt',
  'expiresAt',
  'lastUsedAt',
  'revokedAt',
  'oldExpiresAt',
  'oldUntil',
  'mappingAt',
  'overAt',
  'oldest',
  'failingSince',
  'seenAt',
  'askedAt',
  'confirmedAt',
  'updatedAt',
  'leftAt',
  'toldAt',
  'until',
]);
const foreign = new Set(['data', 'labels', 'fields', 'params', 'document', 'mapping', 'sample', 'guess']);

/** A copy in which the ledger's instants are RFC 3339 text; what senders wrote is left alone. */
export function instants(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(instants);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (foreign.has(name)) return [name, inner];
      if (names.has(name) && typeof inner === 'number') return [name, new Date(inner).toISOString()];
      return [name, instants(inner)];
    }),
  );
}
