// The end in good order and within its time: all work at once, then what the work stood on, the last opened first.
import type { Log } from '#core/log.ts';
import { within } from '#queue/within.ts';

/** Ends one thing; `ms`: how long it is waited for. */
export type Close = (ms: number) => Promise<unknown>;

export interface Closing {
  /** Takes work or does some: all of these end at the same time, so that the slowest is waited for and not their sum. */
  work(name: string, close: Close): void;
  /** What work stands on; closed when no work is under way any more. `leastMs`: it gets so long however late it is. */
  ground(name: string, close: Close, leastMs?: number): void;
  /** Ends everything; what does not end in its time is left behind with a line in the log. */
  close(totalMs: number): Promise<void>;
}

/** Of the time there is, so much is for finishing what runs, less when what it stands on takes longer, but never less than half. */
const shareOfWork = 0.8;
const leastOfWork = 0.5;
const least = 400;

/** `elapsed` is a clock in milliseconds that only goes forward. */
export function openClosing(log: Log, elapsed: () => number): Closing {
  const works: [string, Close][] = [];
  const grounds: [string, Close, number][] = [];

  const end = async (name: string, close: Close, ms: number) => {
    try {
      await within(ms, close(ms));
    } catch (error) {
      log.warn({ err: error, part: name }, 'something could not be closed in order');
    }
  };
  return {
    work: (name, close) => void works.push([name, close]),
    ground: (name, close, leastMs = least) => void grounds.push([name, close, leastMs]),
    async close(totalMs) {
      const began = elapsed();
      let later = grounds.reduce((sum, [, , leastMs]) => sum + leastMs, 0);
      const forWork = Math.min(totalMs * shareOfWork, Math.max(totalMs - later, totalMs * leastOfWork));
      await Promise.all(works.splice(0).map(([name, close]) => end(name, close, forWork)));
      for (const [name, close, leastMs] of grounds.splice(0).reverse()) {
        later -= leastMs;
        const left = totalMs - (elapsed() - began) - later;
        await end(name, close, Math.max(left, leastMs));
      }
    },
  };
}
