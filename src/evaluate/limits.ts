// The limit of a rule, whichever of its kind's params that is, and the same rule with another one.
import { withLimit as withLimitAt } from '#core/tuning.ts';
import { kindBook } from './kind-book.ts';

/** The param that is the limit: the first number that the kind cannot do without. */
function limitName(kind: string): string | undefined {
  return kindBook.fields(kind).find(({ input, required }) => input === 'number' && required)?.name;
}

/** The limit as it is; null: the kind has none. */
export function limitOf(kind: string, params: Record<string, unknown>): number | null {
  const name = limitName(kind);
  const value = name === undefined ? undefined : params[name];
  return typeof value === 'number' ? value : null;
}

/** The params with this limit; the numbers beside it keep their distance. Undefined: the kind cannot have it. */
export function withLimit(
  kind: string,
  params: Record<string, unknown>,
  limit: number,
): Record<string, unknown> | undefined {
  const name = limitName(kind);
  if (name === undefined || typeof params[name] !== 'number') return undefined;
  const checked = kindBook.check(kind, withLimitAt(params, name, limit));
  return checked.ok ? checked.params : undefined;
}
