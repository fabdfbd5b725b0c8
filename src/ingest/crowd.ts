// Senders who were just answered come again in a moment: a write that waits for them is one instead of two (decision 0015).

export interface Crowd {
  /** A write has ended: it answered so many requests, others wait already, and it took so long. */
  answered(requests: number, waiting: number, ms: number): void;
  /** Whether more than these will be there in a moment; `come` is called when they are not. */
  isComing(waiting: number): boolean;
}

/** Fewer are not worth waiting for: each of them has a rhythm of its own. */
const few = 8;
const mostMs = 5;

/**
 * Otherwise senders who wait for their answers fall into two halves, one of which is written while the other is answered,
 * and each event costs half as much again. Nobody waits longer than half of the last write.
 */
export function openCrowd(come: () => void): Crowd {
  let expected = 0;
  let timer: NodeJS.Timeout | undefined;
  const over = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    answered(requests, waiting, ms) {
      over();
      expected = requests + waiting;
      if (expected < few) return;
      timer = setTimeout(
        () => {
          over();
          come();
        },
        Math.min(mostMs, ms / 2),
      );
    },
    isComing(waiting) {
      if (waiting >= expected) over();
      return timer !== undefined;
    },
  };
}
