// JSON values as they arrive from outside.
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Whether two values say the same as JSON: the order of names does not count, and undefined is as good as absent. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameJson(item, b[i]))
    );
  const [left, right] = [said(a), said(b)];
  return left.size === right.size && [...left].every(([name, value]) => sameJson(value, right.get(name)));
}

function said(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, inner]) => inner !== undefined));
}
