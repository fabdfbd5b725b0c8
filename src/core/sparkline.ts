// Numbers as a row of little bars, for texts: ▁▂▁█▁.

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One bar a number, the tallest for the greatest; nothing is the lowest bar, and only nothing. At most `most` bars. */
export function sparkline(values: readonly number[], most = 31): string {
  const shown = gathered(values, most);
  const top = Math.max(...shown, 0);
  return shown.map((value) => bars[height(value, top)]).join('');
}

function height(value: number, top: number): number {
  if (!(value > 0) || !(top > 0)) return 0;
  return Math.max(1, Math.min(bars.length - 1, Math.round((value / top) * (bars.length - 1))));
}

// Neighbours share a bar, so that the sum stays what it is.
function gathered(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const sums = Array.from({ length: most }, () => 0);
  values.forEach((value, i) => {
    sums[Math.floor((i * most) / values.length)]! += Number.isFinite(value) ? value : 0;
  });
  return sums;
}
