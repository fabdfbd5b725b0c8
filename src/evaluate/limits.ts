// The limit of a rule, whichever of its kind's params that is, and the same rule with another one.
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

/** Numbers that only mean something beside the limit. */
const beside = ['clear', 'critical'];

/** The params with this limit; the numbers beside it keep their distance. Undefined: the kind cannot have it. */
export function withLimit(
  kind: string,
  params: Record<string, unknown>,
  limit: number,
): Record<string, unknown> | undefined {
  const name = limitName(kind);
  const before = limitOf(kind, params);
  if (name === undefined || before === null) return undefined;
  const moved = Object.fromEntries(
    beside.flatMap((other) => {
      const value = params[other];
      return typeof value === 'number' ? [[other, tidy(value + limit - before)]] : [];
    }),
  );
  const checked = kindBook.check(kind, { ...params, ...moved, [name]: limit });
  return checked.ok ? checked.params : undefined;
}

// 0.1 + 0.2 is 0.3 to people.
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
