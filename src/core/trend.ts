// Where a number is heading: a straight line through what was remembered of it, said only when it is clear.

/** When, and what it was then. */
export type Sample = [at: number, value: number];

const mostSamples = 48;
const longest = 7 * 86_400_000;
const fewest = 5;
/** The slope must be so many times its own uncertainty; below, it is noise. */
const clear = 4;
/** No further ahead than so many times the time that was watched. */
const farthest = 10;

/**
 * The samples with one more: of the last seven days, and at most 48; when there are more, every second one goes, so
 * that they always reach back as far as they did. One that is older than the newest is not taken.
 */
export function remember(samples: readonly Sample[], at: number, value: number): Sample[] {
  const newest = samples.at(-1);
  if (newest && at < newest[0]) return [...samples];
  // Of one instant the last word counts.
  const before = newest && newest[0] === at ? samples.slice(0, -1) : samples;
  const kept = [...before.filter(([then]) => then > at - longest), [at, value] as Sample];
  return kept.length <= mostSamples ? kept : kept.filter((_, i) => (kept.length - 1 - i) % 2 === 0);
}

/** A straight line: its value at the newest sample, and how much it grows in a millisecond. */
export interface Trend {
  now: number;
  perMs: number;
  /** How long it was watched. */
  span: number;
}

/** The least-squares line, or undefined when there are too few samples or they scatter too much. */
export function trendOf(samples: readonly Sample[]): Trend | undefined {
  const count = samples.length;
  const first = samples[0];
  const last = samples.at(-1);
  if (count < fewest || !first || !last || last[0] === first[0]) return undefined;
  const span = last[0] - first[0];
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, one) => sum + of(one), 0) / count;
  const place = ([at]: Sample) => (at - last[0]) / span;
  const x = mean(place);
  const y = mean(([, value]) => value);
  const spread = samples.reduce((sum, one) => sum + (place(one) - x) ** 2, 0);
  const slope = samples.reduce((sum, one) => sum + (place(one) - x) * (one[1] - y), 0) / spread;
  const missed = samples.reduce((sum, one) => sum + (one[1] - y - slope * (place(one) - x)) ** 2, 0);
  const uncertainty = Math.sqrt(missed / (count - 2) / spread);
  if (!Number.isFinite(slope) || slope === 0 || Math.abs(slope) < clear * uncertainty) return undefined;
  return { now: y - slope * x, perMs: slope / span, span };
}

/** In how many milliseconds the line meets the bar; undefined when it moves away, or only farther ahead than can be known. */
export function reaches({ now, perMs, span }: Trend, bar: number): number | undefined {
  const ms = (bar - now) / perMs;
  return ms >= 0 && ms <= farthest * span ? ms : undefined;
}

/** `3 days`, `40 min`: as exact as a trend can be. */
export function sayRoughly(ms: number): string {
  const [size, name] =
    ms >= 36 * 3_600_000
      ? ([86_400_000, 'day'] as const)
      : ms >= 90 * 60_000
        ? ([3_600_000, 'hour'] as const)
        : ([60_000, 'minute'] as const);
  const count = Math.max(1, Math.round(ms / size));
  return count === 1 ? `1 ${name}` : `${count} ${name}s`;
}

/** `rising about 1.2 a day`, in the unit of time in which it was watched. */
export function sayTrend({ perMs, span }: Trend, say: (value: number) => string): string {
  const [size, name] =
    span >= 86_400_000
      ? ([86_400_000, 'day'] as const)
      : span >= 3_600_000
        ? ([3_600_000, 'hour'] as const)
        : ([60_000, 'minute'] as const);
  const amount = Number(Math.abs(perMs * size).toPrecision(2));
  return `${perMs > 0 ? 'rising' : 'falling'} about ${say(amount)} ${name === 'hour' ? 'an' : 'a'} ${name}`;
}
