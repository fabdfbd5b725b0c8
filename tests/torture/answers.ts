// What the senders of a river were answered, and how fast.

export interface Answers {
  /** For `pushAll`. */
  note(status: number, ms: number): void;
  count(status: number): number;
  /** Every status that was seen, as words. */
  all(): string;
  /** The slowest answer of the kind given, in milliseconds. */
  slowest(of?: (status: number) => boolean): number;
  /** The 99th percentile of what was accepted, in milliseconds. */
  p99(): number;
  /** When an event was last accepted, by `performance.now()`. */
  lastAccepted(): number;
}

export function answers(): Answers {
  const seen: { status: number; ms: number }[] = [];
  let last = 0;
  return {
    note(status, ms) {
      seen.push({ status, ms });
      if (status === 202) last = performance.now();
    },
    count: (status) => seen.filter((one) => one.status === status).length,
    all() {
      const counts = new Map<number, number>();
      for (const { status } of seen) counts.set(status, (counts.get(status) ?? 0) + 1);
      return [...counts]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${count} × ${status === 0 ? 'no answer' : status}`)
        .join(', ');
    },
    slowest: (of = () => true) =>
      Math.round(Math.max(0, ...seen.filter(({ status }) => of(status)).map(({ ms }) => ms))),
    p99() {
      const taken = seen.filter(({ status }) => status === 202).map(({ ms }) => ms);
      taken.sort((a, b) => a - b);
      return Math.round(taken[Math.floor(taken.length * 0.99)] ?? 0);
    },
    lastAccepted: () => last,
  };
}
