// Where a source's secrets are sealed for, and which of them are good now.
import type { Keyring, Place } from '#store/keyring.ts';
import { mustOpen } from '#store/secrets.ts';
import type { Source } from '#store/sources.ts';

/** The place of a source's sealed secret. */
export function sourcePlace(sourceId: string, column: 'secret' | 'old_secret'): Place {
  return { table: 'sources', column, row: sourceId };
}

/** The secrets by which the source may sign, the new one first; none: it need not sign. Throws `CannotOpen`. */
export function secretsOf(keyring: Keyring, source: Source, now: number): string[] {
  const { id, secret, oldSecret, oldSecretUntil } = source;
  if (secret === null) return [];
  const good = [mustOpen(keyring, secret, sourcePlace(id, 'secret'))];
  if (oldSecret !== null && oldSecretUntil !== null && oldSecretUntil > now)
    good.push(mustOpen(keyring, oldSecret, sourcePlace(id, 'old_secret')));
  return good;
}
