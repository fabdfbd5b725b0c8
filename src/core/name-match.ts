// How well a name fits what somebody typed of it: those that fit best are meant, not everything that holds the letters.

/** 0: it is the name; 1: it stands in it as words; 2: the name begins so, and the word runs on; 3: only inside of words. */
export type Fit = 0 | 1 | 2 | 3;

/** Undefined: it does not hold what was typed. Capital letters count as small ones. */
export function fitOf(name: string, typed: string): Fit | undefined {
  const [whole, part] = [name.toLowerCase(), typed.trim().toLowerCase()];
  if (whole === part) return 0;
  if (part === '') return undefined;
  const isWord = (at: number) =>
    isEdge(whole[at - 1], part[0]) && isEdge(part.at(-1), whole[at + part.length]);
  let best: Fit | undefined;
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    if (isWord(at)) return 1;
    // One letter begins too much to be meant so.
    best ??= at === 0 && part.length > 1 ? 2 : 3;
  }
  return best;
}

/** Of the rows that hold what was typed in one of their names, those that fit best; nothing typed fits them all. */
export function bestFits<T>(
  rows: readonly T[],
  namesOf: (row: T) => (string | null)[],
  typed: string,
): { rows: T[]; fit: Fit; names: string[] } {
  if (typed.trim() === '') return { rows: [...rows], fit: 0, names: [] };
  const found = rows.flatMap((row) =>
    namesOf(row).flatMap((name) => {
      const fit = name === null ? undefined : fitOf(name, typed);
      return name === null || fit === undefined ? [] : [{ row, name, fit }];
    }),
  );
  const fit = ([0, 1, 2] as const).find((grade) => found.some((one) => one.fit === grade)) ?? 3;
  const best = found.filter((one) => one.fit === fit);
  return {
    rows: [...new Set(best.map(({ row }) => row))],
    fit,
    names: [...new Set(best.map(({ name }) => name))],
  };
}

// Between two letters or two digits runs a word on; `/`, `.`, `-` and the like end one.
function isEdge(left: string | undefined, right: string | undefined): boolean {
  return (
    left === undefined || right === undefined || !/[\p{L}\p{N}]/u.test(left) || !/[\p{L}\p{N}]/u.test(right)
  );
}
