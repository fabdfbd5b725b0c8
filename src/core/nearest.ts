// The nearest known word to one that was mistyped.

/** How many letters must be changed, added, left out or swapped with their neighbour to get from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(change, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The known word that was most likely meant, or undefined when none is near. Both are read as at most 60 characters. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.slice(0, 60).toLowerCase();
  let found: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const name = candidate.slice(0, 60).toLowerCase();
    const distance = name.startsWith(typed) && typed.length >= 3 ? 0.5 : editDistance(typed, name);
    const allowed = Math.max(1, Math.floor(Math.min(typed.length, name.length) / 2.5));
    if (distance <= allowed && (!found || distance < found.distance)) found = { word: candidate, distance };
  }
  return found?.word;
}
