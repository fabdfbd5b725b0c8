// Limits worth offering as buttons: round numbers around values really seen.

/** At most four numbers in growing order: percentages get the usual ones, everything else round ones near the range. */
export function roundLimits(
  name: string,
  seen: { last: number; min: number; max: number },
  op: '>' | '<',
): number[] {
  const { min, max, last } = seen;
  const isPart =
    min >= 0 && max <= 100 && /usage|percent|pct|ratio|used|fill|full|free|load|level|%/i.test(name);
  if (isPart && max <= 1 && /ratio/i.test(name)) return op === '>' ? [0.8, 0.9, 0.95] : [0.1, 0.9, 0.99];
  if (isPart) return op === '>' ? [80, 90, 95] : [5, 10, 20];
  const range = max - min > 0 ? max - min : Math.abs(last) * 0.2 || 1;
  const points =
    op === '>'
      ? [max - range / 2, max, max + range / 2, max + range * 2]
      : [min + range / 2, min, min - range / 2];
  const step = 10 ** Math.floor(Math.log10(range));
  const rounded = points.map((point) => {
    const unit = Math.abs(point) > 0 ? Math.min(step, 10 ** Math.floor(Math.log10(Math.abs(point)))) : step;
    const fine = unit / 2;
    const value = (op === '>' ? Math.ceil(point / fine) : Math.floor(point / fine)) * fine;
    return Number(value.toPrecision(6));
  });
  const sensible = min >= 0 ? rounded.filter((value) => value >= 0) : rounded;
  return [...new Set(sensible)].filter(Number.isFinite).sort((a, b) => a - b);
}
