// How fast a source may push: a bucket of tokens each, in memory, and a word to the owners when one runs dry.
import type { Source } from '#store/sources.ts';

/** Who it is, how much a second and at once. */
export type Pace = Pick<Source, 'id' | 'ratePerSecond' | 'burst'>;

export interface Rate {
  /** Seconds to wait, or 0 when the source may push now. */
  wait(source: Pace, now: number): number;
  /** Takes tokens for events; a large batch may go below zero and is waited for afterwards. */
  spend(source: Pace, events: number, now: number): void;
  /** True at most once an hour and source: the owners should hear that it is too fast. */
  worthTelling(source: Source, now: number): boolean;
}

const hour = 3_600_000;

/** Opens the buckets. One per process; several processes each allow the source's full rate. */
export function openRate(): Rate {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const toldAt = new Map<string, number>();

  function bucketOf({ id, ratePerSecond, burst }: Pace, now: number) {
    const bucket = buckets.get(id) ?? { tokens: burst, at: now };
    // A clock that went back gives nothing and takes nothing.
    const passed = Math.max(0, now - bucket.at) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + passed * ratePerSecond);
    bucket.at = now;
    buckets.set(id, bucket);
    return bucket;
  }

  return {
    wait(source, now) {
      const { tokens } = bucketOf(source, now);
      return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / source.ratePerSecond));
    },
    spend(source, events, now) {
      bucketOf(source, now).tokens -= events;
    },
    worthTelling({ id }, now) {
      if (now - (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) < hour) return false;
      toldAt.set(id, now);
      return true;
    },
  };
}
