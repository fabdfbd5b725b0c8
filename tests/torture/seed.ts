// Chance from a seed, so that a run can be repeated.

export interface Chance {
  /** 0 up to 1. */
  next(): number;
  /** 0 up to, and without, `count`. */
  below(count: number): number;
  pick<T>(list: readonly T[]): T;
}

/** The same numbers for the same seed. */
export function chanceFrom(seed: number): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { next, below, pick: (list) => list[below(list.length)]! };
}
