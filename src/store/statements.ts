// Which statements the server keeps ready: those that come again and again, and no more of them than it has room for.

const soonEnough = 3;
const mostKept = 400;
const mostSeen = 4_000;
/** A list of many values is a statement of its own for each length; those would fill the server’s memory. */
const mostValues = 60;

export interface Statements {
  /** Whether this statement is worth preparing. */
  keep(text: string, values: number): boolean;
}

/** Counts statements for one pool. What was chosen once stays chosen. */
export function countStatements(): Statements {
  const seen = new Map<string, number>();
  const kept = new Set<string>();
  return {
    keep(text, values) {
      if (values === 0 || values > mostValues) return false;
      if (kept.has(text)) return true;
      if (kept.size >= mostKept) return false;
      const times = (seen.get(text) ?? 0) + 1;
      if (times < soonEnough) {
        if (seen.size >= mostSeen) seen.clear();
        seen.set(text, times);
        return false;
      }
      seen.delete(text);
      kept.add(text);
      return true;
    },
  };
}
