// Memory may grow while there is much to do; what that leaves behind is cleared away once little is done.
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How far the heap grows before V8 clears it by itself, in hundredths. With 20, clearing was a fifth of our CPU in a burst. */
const growth = 70;
const lookMs = 1_000;
/** Little is done when we are busy for less than this part of the time. */
const little = 0.1;
/** So many looks in a row: V8 forgets with it how it made fast what runs often, and a pause may be short. */
const quietLooks = 2;
/** So much more than after the last time is worth the tenth of a second that clearing takes. */
const worthBytes = 16 * 1_048_576;

export interface Heap {
  /** What it has of the machine. */
  bytes(): number;
  clear(): void;
}

/** Looks every second, for as long as the program runs. A Node that does not know the flags says so, and goes on. */
export function startClearing(): void {
  setFlagsFromString(`--heap-growing-percent=${growth}`);
  const heap = ownHeap();
  if (!heap) return;
  const look = openClearing(heap);
  let since = performance.eventLoopUtilization();
  setInterval(() => {
    const until = performance.eventLoopUtilization();
    look(performance.eventLoopUtilization(until, since).utilization);
    since = until;
  }, lookMs).unref();
}

/** Clears the heap when that is worth it, told with each look how much of the time was work; whether it did. */
export function openClearing(heap: Heap): (busy: number) => boolean {
  let held: number | undefined;
  let looks = 0;
  return (busy) => {
    looks = busy < little ? looks + 1 : 0;
    if (looks < quietLooks) return false;
    const now = heap.bytes();
    if (held !== undefined && now < held + worthBytes) {
      held = Math.min(held, now);
      return false;
    }
    heap.clear();
    held = heap.bytes();
    return true;
  };
}

/** This process's; undefined where it cannot be asked to be cleared. */
export function ownHeap(): Heap | undefined {
  setFlagsFromString('--expose-gc');
  // A context that is made after the flag has it.
  const clear = runInNewContext('globalThis.gc') as (() => void) | undefined;
  return clear && { bytes: () => getHeapStatistics().total_heap_size, clear: () => clear() };
}
