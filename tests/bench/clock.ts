// How benchmarks measure: alternating rounds, medians, the process's own CPU, memory after collection.

/** The middle one of the values. */
export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this part of the values lies. */
export function quantile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/**
 * Nanoseconds of CPU that one step of each rival takes: the median of `rounds`, in each of which all take their turn for
 * about `ms`, or for `most` steps. CPU and not wall time, so that another program on the machine does not count. The first
 * turns, in which the code is still being compiled, are left out.
 */
export function alternate(
  rivals: Record<string, (step: number) => unknown>,
  { rounds, ms, most = Number.POSITIVE_INFINITY }: { rounds: number; ms: number; most?: number },
): Record<string, number> {
  for (const work of Object.values(rivals)) turn(work, 0, 3 * ms, most);
  const times = new Map<string, number[]>(Object.keys(rivals).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++)
    for (const [name, work] of Object.entries(rivals)) times.get(name)!.push(turn(work, round, ms, most));
  return Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
}

function turn(work: (step: number) => unknown, round: number, ms: number, most: number): number {
  let kept: unknown;
  let steps = 0;
  const before = process.cpuUsage();
  for (let spent = 0; spent < ms * 1000 && steps < most; ) {
    for (let i = 0; i < 64 && steps < most; i++) kept = work(round * 100_003 + steps++);
    const { user, system } = process.cpuUsage(before);
    spent = user + system;
  }
  const { user, system } = process.cpuUsage(before);
  // So that no work is left out as useless.
  if (kept === turn) throw new Error('never');
  return ((user + system) * 1000) / steps;
}

/** Bytes in use, after collection when that is allowed (`--expose-gc`). */
export function bytesInUse(): number {
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What the work takes: wall time, and CPU of this process, in milliseconds. */
export async function timed<T>(
  work: () => T | Promise<T>,
): Promise<{ result: T; ms: number; cpuMs: number }> {
  const began = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: performance.now() - began, cpuMs: (user + system) / 1000 };
}
